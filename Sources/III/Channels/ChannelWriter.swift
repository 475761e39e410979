/// The writing end of a channel.
///
/// Connects when it is used first, with the worker's own address, headers and trust. Who writes waits while the reader
/// takes its time. It is to be closed: let go without that, the reader gets what has left by then, and cannot tell.
///
/// In a type that a function takes as its argument, a member of this type is made of the reference that stands there.
public final class ChannelWriter: Sendable {
  /// The largest text that is sent unless another limit is given, in bytes: Python readers take no larger message.
  public static let largestText = 1 << 20

  /// What opens this end.
  public var ref: StreamChannelRef { handle.ref }
  private let handle: ChannelHandle

  init(_ ref: StreamChannelRef, _ worker: Worker) throws(ChannelError) {
    handle = try ChannelHandle(ref, worker, for: .write)
  }

  deinit {
    let number = handle.number
    handle.worker.onLoop { $0.dropSender(number) }
  }

  /// Writes bytes, in messages of 64 KiB. Returns when they are on their way; several tasks may write at a time, and the
  /// bytes of each call stay together.
  ///
  /// - Throws: ``ChannelError``: `notFound`, `taken`, `lost`, `notConnected`, `closed`, `shutdown`. That a reader is gone
  ///   shows a few messages later. `CancellationError` when the task is cancelled: nothing was written, or, when it had
  ///   begun, the channel is closed.
  public func write(_ bytes: [UInt8]) async throws { try await send(.bytes, bytes) }

  /// Sends a text, in one message.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - limit: The most bytes that its reader takes in one message.
  /// - Throws: As ``write(_:)``; ``ChannelError`` with the code `tooLarge` for a text beyond the limit.
  public func send(text: String, limit: Int = ChannelWriter.largestText) async throws {
    let bytes = Array(text.utf8)
    guard bytes.count <= limit else {
      throw ChannelError(
        code: .tooLarge,
        message: "the text has \(bytes.count) bytes, of at most \(limit): write it as bytes, which are cut into pieces",
        channelID: ref.channelID)
    }
    try await send(.text, bytes)
  }

  /// Closes the channel behind everything that was written, and waits until the engine has all of it: as long as the
  /// reader takes. Who never wrote connects for this, so that the reader hears of the end. Without effect the second time.
  ///
  /// - Throws: As ``write(_:)``, when something that was written may not have arrived.
  public func close() async throws {
    try await perform { sender, number, done in
      sender.close(number, done)
    }
  }

  /// Drops the connection: what has not left is lost, and the reader cannot tell.
  public func cancel() {
    let (number, ref) = (handle.number, ref)
    handle.worker.onLoop { $0.sender(number, ref).finish(.failure(.closed(ref))) }
  }

  private func send(_ kind: ChannelItem.Kind, _ bytes: [UInt8]) async throws {
    try await perform { sender, number, done in
      sender.send(number, kind, bytes, done)
    }
  }

  private func perform(
    _ body: @escaping @Sendable (ChannelSender, Int, @escaping ChannelSender.Completion) -> Void
  ) async throws {
    let (channel, ref, worker) = (handle.number, ref, handle.worker)
    let number = worker.reserveNumber()
    // Letting go is what ends it.
    defer { withExtendedLifetime(self) {} }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        worker.onLoop { body($0.sender(channel, ref), number) { continuation.resume(with: $0) } }
        // A cancellation before that has found nothing.
        if Task.isCancelled { worker.onLoop { $0.sender(channel, ref).cancel(number) } }
      }
    } onCancel: {
      worker.onLoop { $0.sender(channel, ref).cancel(number) }
    }
  }
}

extension ChannelWriter: Codable {
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
