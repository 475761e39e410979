import III
import LocalProtocol

/// A writing end that a client writes by `write_channel`.
///
/// Owned by ``ChannelTable``, which it tells what to answer. What it has accepted is bounded by a window; one request beyond
/// it waits, so that a client with one request at a time is held back and never refused.
final class WritingEnd {
  /// A request that waits for the window.
  private struct Waiter {
    let call: Int
    let content: WriteChannelParameters.Content
    let isLast: Bool
  }

  let key: ChannelKey
  private unowned let table: ChannelTable
  private let sender: ChannelSender
  private var window: ChannelWindow
  private var waiter: Waiter?
  /// The engine has let us in: what is accepted from now on is answered at once.
  private var isOpen = false
  /// Nothing may be written any more.
  private var isClosing = false
  private var number = 0
  /// Requests that are answered when what they wrote has left, or when the engine has everything.
  private var calls: [Int: Int] = [:]
  private var failure: ChannelError?

  init(_ key: ChannelKey, _ table: ChannelTable, _ endpoint: ChannelEndpoint, window: Int) {
    self.key = key
    self.table = table
    self.window = ChannelWindow(limit: window)
    sender = ChannelSender(StreamChannelRef(key.ref), endpoint)
  }

  /// Whether one of the requests that wait is this one.
  func isWaiting(for call: Int) -> Bool { waiter?.call == call || calls.values.contains(call) }

  /// Takes what the request `call` writes, now or when there is room.
  func write(_ call: Int, _ content: WriteChannelParameters.Content, isLast: Bool) {
    if let failure { return table.answer(call, .error(LocalError(failure))) }
    if isClosing { return table.answer(call, .error(.channelEnded(key.ref))) }
    guard waiter == nil else {
      return table.answer(
        call, .error(.overloaded("the window is full, and a write_channel waits for it already", retryAfter: 100)))
    }
    switch window.verdict(on: content.byteCount) {
    case .tooLarge:
      table.answer(call, .error(.payloadTooLarge("a write", limit: window.limit, size: content.byteCount)))
    case .wait: waiter = Waiter(call: call, content: content, isLast: isLast)
    case .accept: accept(call, content, isLast: isLast)
    }
  }

  /// Closes behind what was accepted; `call` is answered when the engine has all of it.
  func close(_ call: Int) {
    if let failure { return table.answer(call, .error(LocalError(failure))) }
    if isClosing { return table.answer(call, .error(.channelEnded(key.ref))) }
    finish(call, accepted: nil)
  }

  /// The request is not to be answered by us any more. What it wrote is taken back, if it waits.
  func forget(_ call: Int) {
    if waiter?.call == call { waiter = nil }
    calls = calls.filter { $0.value != call }
  }

  /// The client is gone: what was accepted still leaves.
  ///
  /// - Returns: Whether there is something to wait for; then the table is told when it is over.
  func leave() -> Bool {
    waiter = nil
    calls = [:]
    guard failure == nil, number > 0, !sender.hasEnded else { return false }
    if !isClosing { finish(nil, accepted: nil) }
    return !sender.hasEnded
  }

  // MARK: - On its way

  private func accept(_ call: Int, _ content: WriteChannelParameters.Content, isLast: Bool) {
    let count = content.byteCount
    switch content {
    case .nothing: break
    case .text(let bytes): send(isLast ? nil : call, .text, bytes)
    case .bytes(let bytes): send(isLast ? nil : call, .bytes, bytes)
    }
    if isLast { finish(call, accepted: count) }
  }

  private func send(_ call: Int?, _ kind: ChannelItem.Kind, _ bytes: [UInt8]) {
    let (count, number) = (bytes.count, nextNumber())
    window.accepted(count)
    // Whether there is such a channel shows with the first one.
    calls[number] = call
    let isKnown = isOpen
    sender.send(number, kind, bytes) { [weak self] in self?.left(number, count, $0) }
    if isKnown, let call = calls.removeValue(forKey: number) { answer(call, accepted: count) }
  }

  private func left(_ number: Int, _ count: Int, _ result: Result<Void, any Error>) {
    window.left(count)
    let call = calls.removeValue(forKey: number)
    switch result {
    case .success:
      isOpen = true
      if let call { answer(call, accepted: count) }
      takeWaiter()
    case .failure(let error): failed(error, call)
    }
  }

  private func takeWaiter() {
    guard let next = waiter, window.verdict(on: next.content.byteCount) == .accept else { return }
    waiter = nil
    accept(next.call, next.content, isLast: next.isLast)
  }

  private func finish(_ call: Int?, accepted count: Int?) {
    isClosing = true
    let number = nextNumber()
    calls[number] = call
    sender.close(number) { [weak self] in self?.closed(number, count, $0) }
  }

  private func closed(_ number: Int, _ count: Int?, _ result: Result<Void, any Error>) {
    let call = calls.removeValue(forKey: number)
    guard case .failure(let error) = result else {
      if let call {
        table.answer(
          call, .report(count.map { .object(["accepted_bytes": .integer($0), "window": 0]) } ?? .object([:])))
      }
      return table.ended(self, nil)
    }
    failed(error, call)
  }

  private func failed(_ error: any Error, _ call: Int?) {
    let error =
      error as? ChannelError ?? ChannelError(code: .closed, message: "given up", channelID: key.ref.channelID)
    if let call { table.answer(call, .error(LocalError(error))) }
    if let waiting = waiter?.call {
      waiter = nil
      table.answer(waiting, .error(LocalError(error)))
    }
    guard failure == nil else { return }
    failure = error
    table.ended(self, error)
  }

  private func answer(_ call: Int, accepted count: Int) {
    table.answer(
      call, .report(.object(["accepted_bytes": .integer(count), "window": .integer(window.room)])))
  }

  private func nextNumber() -> Int {
    number += 1
    return number
  }
}

extension WritingEnd: LeavingEnd {
  var channelID: String { key.ref.channelID }
  var progress: Int { sender.bytesWritten }

  func abort() {
    sender.finish(.failure(ChannelError(code: .closed, message: "given up", channelID: key.ref.channelID)))
  }
}
