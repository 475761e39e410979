import Synchronization

/// The reading end of a channel: a sequence of messages that somebody else writes.
///
/// Connects when it is read first, with the worker's own address, headers and trust. Who does not read makes the writer
/// wait. It is read once: all iterators take from the same messages, and leaving a loop leaves the rest for the next one.
/// Let go, cancelled, or read by a task that is cancelled, it closes, and what was not read is lost.
///
/// The sequence ends when the writer has closed, or is gone: a channel does not tell the two apart, so a format should say
/// itself where it is complete. It throws ``ChannelError``: `notFound`, `taken`, `lost`, `notConnected` and `shutdown`.
///
/// In a type that a function takes as its argument, a member of this type is made of the reference that stands there.
public final class ChannelReader: Sendable {
  /// What opens this end.
  public var ref: StreamChannelRef { handle.ref }
  private let handle: ChannelHandle
  /// What was taken off the loop and not read, the next last.
  private let taken = Mutex<[ChannelItem]>([])

  init(_ ref: StreamChannelRef, _ worker: Worker) throws(ChannelError) {
    handle = try ChannelHandle(ref, worker, for: .read)
  }

  deinit {
    let number = handle.number
    handle.worker.onLoop { $0.dropReceiver(number) }
  }

  /// The next message; nil at the end.
  ///
  /// - Throws: ``ChannelError``; `CancellationError` when the task is cancelled while it waits.
  public func next() async throws -> ChannelItem? {
    if let item = taken.withLock({ $0.popLast() }) { return item }
    var items = try await take()
    items.reverse()
    let first = items.popLast()
    if !items.isEmpty { taken.withLock { $0.insert(contentsOf: items, at: 0) } }
    return first
  }

  /// Everything that has arrived, as soon as there is something.
  private func take() async throws -> [ChannelItem] {
    let (channel, ref, worker) = (handle.number, ref, handle.worker)
    let number = worker.reserveNumber()
    // Letting go is what closes it.
    defer { withExtendedLifetime(self) {} }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        worker.onLoop { $0.receiver(channel, ref).take(number) { continuation.resume(with: $0) } }
        // A cancellation before that has found nothing.
        if Task.isCancelled { worker.onLoop { $0.receiver(channel, ref).cancelTake(number) } }
      }
    } onCancel: {
      worker.onLoop { $0.receiver(channel, ref).cancelTake(number) }
    }
  }

  /// Reads all bytes up to the end. Texts are left out.
  ///
  /// - Parameter limit: The most bytes to take; nil for no limit.
  /// - Returns: The bytes of all binary messages.
  /// - Throws: As ``next()``; ``ChannelError`` with the code `tooLarge` when there are more, and then it is cancelled.
  public func readAll(limit: Int? = nil) async throws -> [UInt8] {
    var all: [UInt8] = []
    while let item = try await next() {
      guard case .bytes(let bytes) = item else { continue }
      if let limit, all.count + bytes.count > limit {
        cancel()
        throw ChannelError(
          code: .tooLarge, message: "there are more than \(limit) bytes to read", channelID: ref.channelID)
      }
      all += bytes
    }
    return all
  }

  /// Reads no more: the sequence ends, and the writer learns with a later message that nobody reads.
  public func cancel() {
    taken.withLock { $0 = [] }
    let (number, ref) = (handle.number, ref)
    handle.worker.onLoop { $0.receiver(number, ref).finish(.success(())) }
  }
}

extension ChannelReader: AsyncSequence {
  /// Takes the messages of a ``ChannelReader``.
  public struct AsyncIterator: AsyncIteratorProtocol {
    let reader: ChannelReader

    /// The next message; nil at the end.
    ///
    /// - Throws: As ``ChannelReader/next()``.
    public mutating func next() async throws -> ChannelItem? { try await reader.next() }
  }

  /// An iterator; all of them take from the same messages.
  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(reader: self) }

  /// The texts alone; bytes are left out.
  public var messages: AsyncCompactMapSequence<ChannelReader, String> {
    compactMap { if case .text(let text) = $0 { text } else { nil } }
  }
}

extension ChannelReader: Codable {
  /// The end that a reference opens.
  ///
  /// - Throws: `DecodingError` for what is no reference, and outside of a worker's function; ``ChannelError`` for a
  ///   reference to the other end.
  public convenience init(from decoder: any Decoder) throws {
    try self.init(StreamChannelRef(from: decoder), decoder.worker())
  }

  /// Writes the reference.
  public func encode(to encoder: any Encoder) throws { try ref.encode(to: encoder) }
}
