import Bytes
import III
import LocalProtocol
import RawJSON
import Transport

@testable import iiid

/// A relay's state, events as short calls, and the effects as short texts: `invoke 1 d1 f`, `answer 7 result 1`, …
final class RelayScript {
  var state: RelayState
  var now = MonotonicTime(milliseconds: 1000)
  /// The engine's word to each call that is submitted.
  var submission: (Int) -> EngineLink.Submission = { .sent(CallID(id: UUIDBits(high: 0, low: UInt64($0)))) }
  private var texts: [String] = []

  init(_ limits: RelayLimits = RelayLimits(), connected: Bool = true) {
    state = RelayState(limits: limits)
    if connected { link(.connected) }
  }

  // MARK: - Events

  func connect(uid: UInt32 = 1000) -> ClientID { state.clientConnected(uid: uid, gid: uid, pid: 1) }

  @discardableResult
  func register(
    _ client: ClientID, _ id: String, request: Int = 1, definition: String = "", maxInFlight: Int = 1,
    queueLimit: Int = 64, timeout: Int? = nil, linger: Int = 2000, wait: Int = 0, overHTTP: Bool = false
  ) -> [String] {
    state.registerFunction(
      ReplyAddress(client: client, id: RequestID(request)), id: id, token: Array("\"\(id)\"".utf8),
      definition: Array(definition.utf8), maxInFlight: maxInFlight, queueLimit: queueLimit,
      timeoutMilliseconds: timeout, lingerMilliseconds: linger, waitMilliseconds: wait, isOverHTTP: overHTTP,
      now: now)
    return run()
  }

  func unregister(_ client: ClientID, _ id: String, drain: Bool = true) -> [String] {
    state.unregisterFunction(ReplyAddress(client: client, id: RequestID(9)), id: id, isDraining: drain, now: now)
    return run()
  }

  func invoked(_ number: Int, _ id: String) -> [String] {
    let text = "\"\(id)\""
    state.invoked(
      Self.incoming(number), InvocationMembers(functionID: 0..<text.utf8.count), functionID: id, now: now,
      text.utf8.span)
    return run()
  }

  func answer(_ client: ClientID, _ serial: Int, _ result: String = "1") -> [String] {
    _ = state.workerAnswered(client, serial: serial, .result(0..<result.utf8.count))
    return run(result)
  }

  func trigger(
    _ client: ClientID, _ request: Int?, action: CallAction = .synchronous, wait: Int = 0
  ) -> [String] {
    let text = "\"f\""
    state.trigger(
      ReplyAddress(client: client, id: request.map { RequestID($0) }), InvocationMembers(functionID: 0..<3),
      action: action, functionID: "f", timeoutMilliseconds: 30_000, waitConnectedMilliseconds: wait, now: now,
      text.utf8.span)
    return run(text)
  }

  func answered(_ call: Int, _ outcome: CallOutcome, _ text: String = "42") -> [String] {
    state.answered(call, outcome, text.utf8.span, hasNewlines: false)
    return run(text)
  }

  /// The engine answers with a value.
  func answered(_ call: Int, with value: String) -> [String] { answered(call, .result(0..<value.utf8.count), value) }

  func provide(_ client: ClientID, _ request: Int, _ id: String) -> [String] {
    let question = Array("\"q\"{}".utf8)
    var members = InvocationMembers(functionID: 0..<3)
    members.payload = 3..<5
    state.registerTriggerType(
      ReplyAddress(client: client, id: RequestID(request)), id: id, TriggerTypeDefinition(description: ""),
      question: (question, members), now: now)
    return run()
  }

  /// The engine asks for a binding of the type `disk`.
  func asked(_ id: String, generation: Int = 1) -> [String] {
    state.asked(
      for: IncomingTrigger(id: id, triggerType: "disk", functionID: "f", generation: generation), config: nil,
      metadata: nil, namespace: "default", now: now)
    return run()
  }

  func providerAnswered(_ client: ClientID, _ serial: Int, _ failure: TriggerFailure? = nil) -> [String] {
    _ = state.providerAnswered(client, serial: serial, failure, now: now)
    return run()
  }

  func bind(_ client: ClientID, _ request: Int, _ id: String, wait: Int = 5000) -> [String] {
    let question = Array("\"q\"{}".utf8)
    var members = InvocationMembers(functionID: 0..<3)
    members.payload = 3..<5
    state.registerTrigger(
      ReplyAddress(client: client, id: RequestID(request)), id: id,
      TriggerDefinition(triggerType: "cron", functionID: "f"), question: (question, members), waitMilliseconds: wait,
      now: now)
    return run()
  }

  @discardableResult
  func link(_ link: ConnectionState) -> [String] {
    state.linkChanged(to: link, error: nil, now: now)
    return run()
  }

  func event(_ body: (inout RelayState, MonotonicTime) -> Void) -> [String] {
    body(&state, now)
    return run()
  }

  /// Lets time pass, and whatever falls due.
  func pass(_ milliseconds: Int) -> [String] {
    now = now + milliseconds
    state.timePassed(now: now)
    return run()
  }

  static func incoming(_ number: Int) -> IncomingInvocation {
    IncomingInvocation(id: UUIDBits(high: 0, low: UInt64(number)), generation: 1)
  }

  // MARK: - Effects

  private func run(_ text: String = "") -> [String] {
    var lines: [String] = []
    while !state.effects.isEmpty {
      let effects = state.effects
      state.effects = []
      for effect in effects {
        lines.append(line(effect, text))
        if case .submit(let call, _, _, _, _) = effect { state.submitted(call, submission(call)) }
      }
    }
    return lines
  }

  private func line(_ effect: RelayEffect, _ text: String) -> String {
    func slice(_ range: Range<Int>) -> String { String(utf8: text.utf8.span.extracting(range)) ?? "?" }
    switch effect {
    case .reply(let address, let reply):
      let to = "reply \(address.client.generation) \(address.id?.description ?? "-")"
      switch reply {
      case .raw(let range, _): return "\(to) \(range.map(slice) ?? "null")"
      case .tokens: return "\(to) tokens"
      case .error(let error): return "\(to) \(error.code)"
      case .accepted(let isBuffered): return "\(to) accepted\(isBuffered ? " buffered" : "")"
      case .logged(let isBuffered): return "\(to) logged\(isBuffered ? " buffered" : "")"
      case .registration(let function):
        let record = state.functions.at[function]
        return "\(to) \(record.id) \(record.state) \(record.instances.count)"
      case .triggerType(let id, let state): return "\(to) \(id) \(state)"
      case .trigger(let id, let state, let isDurable): return "\(to) \(id) \(state)\(isDurable ? " durable" : "")"
      case .unregistered(let isRemoved, let instances): return "\(to) removed \(isRemoved) \(instances)"
      case .cancelled(let isCancelled): return "\(to) cancelled \(isCancelled)"
      case .draining(let inFlight): return "\(to) draining \(inFlight)"
      case .report: return "\(to) report"
      }
    case .invoke(let client, let invoke):
      return
        "invoke \(client.generation) d\(invoke.serial) \(invoke.incoming.id.low)\(invoke.stored == nil ? "" : " stored")"
    case .cancelInvocation(let client, let serial, let reason):
      return "cancel \(client.generation) d\(serial) \(reason.rawValue)"
    case .announceDrain(let client, _, let deadline): return "drain \(client.generation) \(deadline)"
    case .finish(let client): return "finish \(client.generation)"
    case .submit(let call, _, let action, _, let stored):
      return "call \(call) \(action)\(stored == nil ? "" : " stored")"
    case .forget(let call): return "forget \(call.id.low)"
    case .answer(let incoming, _, .result(let range)): return "answer \(incoming.id.low) \(slice(range))"
    case .answer(let incoming, _, .failure): return "answer \(incoming.id.low) failure"
    case .answer(let incoming, _, .error(let code, _)): return "answer \(incoming.id.low) \(code)"
    case .register(let id, _): return "register \(id)"
    case .unregister(let id): return "unregister \(id)"
    case .registerTriggerType(let id, _): return "provide \(id)"
    case .unregisterTriggerType(let id): return "withdraw \(id)"
    case .answerTrigger(let trigger, let failure): return "answer \(trigger.id) \(failure?.code ?? "served")"
    case .bind(let client, let serial, let binding, let isUndoing):
      return "\(isUndoing ? "unbind" : "bind") \(client.generation) d\(serial) \(binding.asked.id)"
    case .registerTrigger(let id, _): return "bind \(id)"
    case .unregisterTrigger(let id): return "unbind \(id)"
    case .forgetChannelCall(let call): return "forget channel call \(call)"
    case .channelCallExpired(let call): return "channel call \(call) expired"
    case .drained: return "drained"
    case .observed(let seen):
      let who = seen.client.map { " \($0.generation)" } ?? ""
      let outcome: String =
        switch seen.outcome {
        case .ok: "ok"
        case .accepted: "accepted"
        case .error(let code): code
        case .failure(let code): code.map(slice) ?? "failure"
        case .lost: "lost"
        }
      return "observed \(seen.direction.rawValue)\(who) \(seen.functionID) \(outcome) \(now - seen.startedAt)"
    }
  }
}
