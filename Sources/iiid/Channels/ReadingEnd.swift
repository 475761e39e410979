import Bytes
import III
import LocalProtocol

/// A reading end that a client reads by `read_channel`.
///
/// Owned by ``ChannelTable``, which it tells what to answer. Nothing is taken off the channel but for a request: at most
/// what one request found wait here, and what was not taken makes the writer wait.
final class ReadingEnd {
  /// A request that waits for something to read.
  private struct Waiter {
    let call: Int
    let maximum: Int
  }

  let key: ChannelKey
  private unowned let table: ChannelTable
  private let receiver: ChannelReceiver
  private var portions = ChannelPortions()
  private var waiter: Waiter?
  private var isTaking = false
  /// How it ended, when nobody waited for that.
  private var end: Result<Void, ChannelError>?

  init(_ key: ChannelKey, _ table: ChannelTable, _ endpoint: ChannelEndpoint) {
    self.key = key
    self.table = table
    receiver = ChannelReceiver(StreamChannelRef(key.ref), endpoint)
  }

  /// The request that waits.
  var waitingCall: Int? { waiter?.call }

  /// Answers the request `call` as soon as there is something, at most `maximum` bytes of it.
  func read(_ call: Int, upTo maximum: Int) {
    guard waiter == nil else {
      return table.answer(
        call, .error(.overloaded("a read_channel of this channel waits already", retryAfter: 100)))
    }
    waiter = Waiter(call: call, maximum: maximum)
    serve()
  }

  /// The request that waits is not to be answered by us any more.
  func forget() { waiter = nil }

  /// The request that waits has waited long enough.
  func expire() { answer([], isEnd: false) }

  /// Reads no more.
  func close() {
    if let call = waiter?.call { table.answer(call, .error(.channelEnded(key.ref))) }
    waiter = nil
    receiver.finish(.success(()))
  }

  private func serve() {
    guard let waiter else { return }
    if !portions.isEmpty {
      let items = portions.next(upTo: waiter.maximum)
      // So that a short content takes one request.
      let isEnd = portions.isEmpty && !isTaking && receiver.isComplete
      answer(items, isEnd: isEnd)
      if isEnd { table.ended(self, nil) }
      return
    }
    switch end {
    case nil: take()
    case .success:
      answer([], isEnd: true)
      table.ended(self, nil)
    case .failure(let error):
      self.waiter = nil
      table.answer(waiter.call, .error(LocalError(error)))
      table.ended(self, error)
    }
  }

  private func take() {
    guard !isTaking else { return }
    isTaking = true
    receiver.take(0) { [weak self] in self?.took($0) }
  }

  private func took(_ result: Result<[ChannelItem], any Error>) {
    isTaking = false
    switch result {
    case .success(let items) where items.isEmpty: end = .success(())
    case .success(let items): portions.add(items)
    case .failure(let error as ChannelError): end = .failure(error)
    case .failure: end = .success(())
    }
    serve()
  }

  private func answer(_ items: [ChannelItem], isEnd: Bool) {
    guard let call = waiter?.call else { return }
    waiter = nil
    let rows = items.map { item -> Report in
      switch item {
      case .text(let text): .object(["text": .string(text)])
      case .bytes(let bytes): .object(["base64": .string(Base64.encode(bytes))])
      }
    }
    table.answer(call, .report(.object(["items": .array(rows), "eof": .boolean(isEnd)])))
  }
}
