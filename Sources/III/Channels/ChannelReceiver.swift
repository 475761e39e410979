import Bytes

/// A reading end on a loop: one connection, made when somebody wants to read.
///
/// Owned by ``WorkerCore``, or by the daemon. While nobody takes what has arrived, it stops reading: the engine's buffer runs full, and the
/// writer waits.
package final class ChannelReceiver {
  /// Who waits: called once.
  package typealias Completion = (Result<[ChannelItem], any Error>) -> Void

  private let ref: StreamChannelRef
  private let endpoint: ChannelEndpoint
  private var link: ChannelLink?
  private var inbox = ChannelInbox()
  private var waiting: [(number: Int, done: Completion)] = []
  /// How it ended, once it has: what waits in the inbox comes first.
  private var end: Result<Void, ChannelError>?

  /// Whether nothing more comes of it, but what waits.
  package var hasEnded: Bool { end != nil }

  /// Whether the writer has closed, and everything was taken.
  package var isComplete: Bool { if case .success = end { inbox.isEmpty } else { false } }

  /// An end that is not connected.
  package init(_ ref: StreamChannelRef, _ endpoint: ChannelEndpoint) {
    self.ref = ref
    self.endpoint = endpoint
  }

  /// Gives `done` what has arrived, as soon as there is something; nothing at the end.
  package func take(_ number: Int, _ done: @escaping Completion) {
    waiting.append((number, done))
    if link == nil, end == nil { link = endpoint.open(ref, owner: self) }
    deliver()
  }

  /// Who waits has been cancelled, and with that the channel.
  package func cancelTake(_ number: Int) {
    guard let index = waiting.firstIndex(where: { $0.number == number }) else { return }
    waiting.remove(at: index).done(.failure(CancellationError()))
    finish(.success(()))
  }

  /// Ends it, and drops what was not taken.
  package func finish(_ result: Result<Void, ChannelError>) {
    if end == nil { end = result }
    _ = inbox.takeAll()
    link?.abort()
    deliver()
  }

  /// The worker is over.
  func shutdown() { if end == nil { finish(.failure(.shutdown(ref))) } }

  private func deliver() {
    while !waiting.isEmpty {
      if !inbox.isEmpty {
        let wasFull = inbox.isFull
        let items = inbox.takeAll()
        waiting.removeFirst().done(.success(items))
        if wasFull { link?.resumeReading() }
        continue
      }
      switch end {
      case nil: return
      case .success: waiting.removeFirst().done(.success([]))
      case .failure(let error): waiting.removeFirst().done(.failure(error))
      }
    }
  }

  private func conclude(_ result: Result<Void, ChannelError>) {
    if end == nil { end = result }
    deliver()
  }
}

// MARK: - The connection

extension ChannelReceiver: ChannelLinkOwner {
  package func channelOpened(_ link: ChannelLink) {}

  package func channel(_ link: ChannelLink, received kind: ChannelItem.Kind, _ payload: Span<UInt8>) {
    guard end == nil else { return }
    let bytes = [UInt8](copying: payload)
    inbox.received(kind == .text ? .text(String(decoding: bytes, as: UTF8.self)) : .bytes(bytes))
    if inbox.isFull { link.pauseReading() }
    deliver()
  }

  package func channelDrained(_ link: ChannelLink) {}

  package func channelClosed(_ link: ChannelLink, _ result: Result<Void, ChannelError>) {
    self.link = nil
    guard case .failure(let error) = result, error.code == .notConnected else { return conclude(result) }
    // The next one tries again.
    while !waiting.isEmpty { waiting.removeFirst().done(.failure(error)) }
  }
}
