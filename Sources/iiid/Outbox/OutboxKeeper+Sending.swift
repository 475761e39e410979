import III
import LocalProtocol
import Outbox
import RawJSON
import Transport

// The link's side: calls, barriers, and what its words mean.
extension OutboxKeeper {
  /// How long the engine's answer is waited for, in milliseconds.
  private static var patience: Int { 30_000 }

  /// The largest of our contexts: below those of clients' calls, and those of ``EngineWatch``.
  static let firstContext = -1024

  /// The context of a call of the link: the flight, and whether it is a barrier.
  private static func context(of flight: Int, isBarrier: Bool) -> Int {
    firstContext - (flight << 1 | (isBarrier ? 1 : 0))
  }

  static func flight(of context: Int) -> (Int, isBarrier: Bool) {
    let number = firstContext - context
    return (number >> 1, number & 1 == 1)
  }

  func send(_ message: OutboxMessage, _ id: Int, _ flight: Int) {
    guard state.isSent(id, under: flight) else { return }
    let call = Self.call(message)
    let submission = relay.link.call(
      call.text.span, call.members, action: message.queue == nil ? .void : .enqueue,
      deadline: relay.loop.now + Self.patience, context: Self.context(of: flight, isBarrier: false))
    if case .refused(let refusal) = submission { refused(id, flight, refusal) }
  }

  /// Asks what every engine answers to everybody: everything sent before was read by then (engine protocol, section 0).
  func sendBarrier(_ flight: Int) {
    guard state.isOpen(flight) else { return }
    let function = Array(#""engine::baggage::get""#.utf8)
    let payload = Array(#"{"key":"barrier"}"#.utf8)
    var members = InvocationMembers(functionID: 0..<function.count)
    members.payload = function.count..<(function.count + payload.count)
    let submission = relay.link.call(
      (function + payload).span, members, action: .synchronous, deadline: relay.loop.now + Self.patience,
      context: Self.context(of: flight, isBarrier: true))
    if case .refused(let refusal) = submission { refused(nil, flight, refusal) }
  }

  private func refused(_ id: Int?, _ flight: Int, _ refusal: CallRefusal) {
    let now = relay.loop.now
    switch refusal {
    case .notConnected, .failed, .shuttingDown:
      state.linkChanged(isConnected: false, now: now)
      state.ended(flight, .notSent, now: now)
    case .tooLarge(let limit, let size):
      guard let id else { return }
      let text = "the engine takes messages of \(limit) bytes, this one has \(size)"
      state.undeliverable(id, OutboxFailure(code: "PAYLOAD_TOO_LARGE", message: text), now: now)
    case .queueFull:
      let failure = OutboxFailure(code: "OVERLOADED", message: "too many calls are in flight")
      state.ended(flight, .refused(failure, isForNow: true), now: now)
    }
  }

  /// A message as one text with its members' ranges, as the link takes it.
  private static func call(_ message: OutboxMessage) -> (text: [UInt8], members: InvocationMembers) {
    var text = message.functionID
    text.reserveCapacity(message.size)
    func add(_ value: [UInt8]?) -> Range<Int>? {
      guard let value else { return nil }
      text += value
      return (text.count - value.count)..<text.count
    }
    var members = InvocationMembers(functionID: 0..<text.count)
    members.queue = add(message.queue)
    members.payload = add(message.payload)
    members.metadata = add(message.metadata)
    members.namespace = add(message.namespace)
    members.traceparent = add(message.traceparent)
    members.baggage = add(message.baggage)
    return (text, members)
  }

  /// What the link's word means for an entry.
  static func meaning(of outcome: CallOutcome, isBarrier: Bool, _ text: Span<UInt8>) -> OutboxOutcome {
    switch outcome {
    case .result: return .taken
    // Whatever it is, it is an answer.
    case .error where isBarrier: return .taken
    case .failure(.unusable) where isBarrier: return .taken
    case .error(let code, let message, _):
      let failure = OutboxFailure(
        code: String(jsonToken: text.extracting(code)) ?? "", message: String(jsonToken: text.extracting(message)) ?? ""
      )
      return .refused(failure, isForNow: isForNow(failure.code))
    case .failure(.linkLost(let reason)): return .lost(reason: reason)
    case .failure(.shutdown), .failure(.rejected): return .notSent
    case .failure(.timedOut(let milliseconds)):
      let failure = OutboxFailure(code: "TIMEOUT", message: "the engine did not answer within \(milliseconds) ms")
      return .refused(failure, isForNow: true)
    case .failure(.unusable(let reason)):
      let failure = OutboxFailure(code: "invocation_failed", message: "the engine's answer cannot be used: \(reason)")
      return .refused(failure, isForNow: false)
    }
  }

  /// Whether another attempt may do. A queue that is not there may come back, as a worker that provides it does.
  private static func isForNow(_ code: String) -> Bool {
    code == "enqueue_error" || LocalError.Row(engineCode: code).isRetryable
  }
}
