import Bytes
import RawJSON

/// Reads the frames of one connection. Owned by an ``EngineLink``; it keeps its envelope, so that reading allocates
/// nothing for invocations and results. Lent, never copied.
package struct EngineMessageReader: ~Copyable {
  private var envelope = JSONEnvelope(descendingInto: ["error"])
  private static let keys = Keys()

  /// Made once, not for each frame.
  private struct Keys {
    let type: JSONKey = "type"
    let invocationID: JSONKey = "invocation_id"
    let functionID: JSONKey = "function_id"
    let data: JSONKey = "data"
    let result: JSONKey = "result"
    let error: JSONKey = "error"
    let code: JSONKey = "code"
    let message: JSONKey = "message"
    let stacktrace: JSONKey = "stacktrace"
    let metadata: JSONKey = "metadata"
    let namespace: JSONKey = "namespace"
    let traceparent: JSONKey = "traceparent"
    let baggage: JSONKey = "baggage"
    let workerID: JSONKey = "worker_id"
    let reattachToken: JSONKey = "reattach_token"
    let features: JSONKey = "features"
    let workerName: JSONKey = "worker_name"
    let ownerID: JSONKey = "owner_worker_id"
    let id: JSONKey = "id"
    let triggerType: JSONKey = "trigger_type"
    let config: JSONKey = "config"
  }

  /// A reader.
  package init() {}

  /// Whether a raw LF or CR stands between tokens of the frame that was read last.
  package var hasNewlines: Bool { envelope.hasNewlines }

  /// Reads one frame; the ranges of what comes back are ranges of `text`.
  package mutating func read(_ text: Span<UInt8>) -> EngineMessage {
    do {
      try envelope.scan(text)
    } catch {
      return .malformed("\(error)")
    }
    guard envelope.root == .object else { return .malformed("no JSON object") }
    guard let type = envelope.find(Self.keys.type), type.kind == .string else { return .malformed("no type") }
    let name = text.extracting((type.value.lowerBound &+ 1)..<(type.value.upperBound &- 1))
    if Self.equal(name, "invocationresult") { return result(text) }
    if Self.equal(name, "invokefunction") { return invocation(text) }
    if Self.equal(name, "ping") { return .ping }
    if Self.equal(name, "pong") { return .pong }
    if Self.equal(name, "workerregistered") { return greeting(text) }
    if Self.equal(name, "registrationrejected") { return rejection(text) }
    if Self.equal(name, "registertrigger") { return trigger() }
    if Self.equal(name, "unregistertrigger") { return triggerRemoved() }
    if Self.equal(name, "triggerregistrationresult") { return triggerResult(text) }
    if Self.equal(name, "error") { return error(text) }
    return .unknown(type: type.string(in: text) ?? "")
  }

  @inline(__always)
  private static func equal(_ text: Span<UInt8>, _ name: StaticString) -> Bool { Word.areEqual(text, name.utf8) }

  // MARK: - Types

  private func result(_ text: Span<UInt8>) -> EngineMessage {
    guard let id = identifier(text) else { return .malformed("invocationresult without a usable invocation_id") }
    if let violation = envelope.violation {
      return .result(id, .failure(.unusable(reason: "the answer holds a \(violation)")))
    }
    guard let index = envelope.index(of: Self.keys.error), envelope.members[index].kind != .null else {
      return .result(id, .result(envelope.find(Self.keys.result)?.value))
    }
    guard envelope.members[index].kind == .object else {
      return .result(id, .failure(.unusable(reason: "the answer's error is no object")))
    }
    guard let code = envelope.find(Self.keys.code, in: index), code.kind == .string,
      let message = envelope.find(Self.keys.message, in: index), message.kind == .string
    else {
      return .result(id, .failure(.unusable(reason: "the answer's error lacks a code or a message")))
    }
    let stacktrace = envelope.find(Self.keys.stacktrace, in: index)
    return .result(
      id,
      .error(
        code: code.value, message: message.value,
        stacktrace: stacktrace?.kind == .string ? stacktrace?.value : nil))
  }

  private func invocation(_ text: Span<UInt8>) -> EngineMessage {
    guard let id = identifier(text) else { return .malformed("invokefunction without a usable invocation_id") }
    guard let function = token(Self.keys.functionID) else { return .malformed("invokefunction without a function_id") }
    var members = InvocationMembers(functionID: function)
    members.payload = envelope.find(Self.keys.data)?.value
    members.metadata = envelope.find(Self.keys.metadata)?.value
    members.namespace = token(Self.keys.namespace)
    members.traceparent = token(Self.keys.traceparent)
    members.baggage = token(Self.keys.baggage)
    members.hasNewlines = envelope.hasNewlines
    return .invocation(id, members)
  }

  private func greeting(_ text: Span<UInt8>) -> EngineMessage {
    guard let id = string(Self.keys.workerID, text) else { return .malformed("workerregistered without a worker_id") }
    var features: [String] = []
    if let list = envelope.find(Self.keys.features), list.kind == .array {
      var inner = JSONEnvelope()
      let part = list.raw(in: text)
      if (try? inner.scan(part)) != nil { features = inner.members.compactMap { $0.string(in: part) } }
    }
    return .workerRegistered(workerID: id, reattachToken: string(Self.keys.reattachToken, text), features: features)
  }

  private func rejection(_ text: Span<UInt8>) -> EngineMessage {
    guard let code = string(Self.keys.code, text) else { return .malformed("registrationrejected without a code") }
    let owner = string(Self.keys.ownerID, text)
    return .registrationRejected(
      RegistrationRejection(
        code: code, namespace: string(Self.keys.namespace, text), functionID: string(Self.keys.functionID, text),
        workerName: string(Self.keys.workerName, text),
        // Empty when nobody has it but the engine (engine protocol, section 4.3).
        owner: owner == "" ? nil : owner))
  }

  private func error(_ text: Span<UInt8>) -> EngineMessage {
    guard let index = envelope.index(of: Self.keys.error) else { return .error(code: "UNKNOWN", message: "no message") }
    let code = envelope.find(Self.keys.code, in: index)?.string(in: text)
    let message = envelope.find(Self.keys.message, in: index)?.string(in: text)
    return .error(
      code: code ?? "UNKNOWN", message: message ?? envelope.members[index].string(in: text) ?? "no message")
  }

  private func trigger() -> EngineMessage {
    guard let id = token(Self.keys.id), let type = token(Self.keys.triggerType),
      let function = token(Self.keys.functionID)
    else {
      return .malformed("registertrigger without an id, a trigger_type or a function_id")
    }
    return .trigger(
      TriggerMembers(
        id: id, triggerType: type, functionID: function, config: envelope.find(Self.keys.config)?.value,
        metadata: envelope.find(Self.keys.metadata)?.value, namespace: token(Self.keys.namespace)))
  }

  private func triggerRemoved() -> EngineMessage {
    guard let id = token(Self.keys.id) else { return .malformed("unregistertrigger without an id") }
    return .triggerRemoved(TriggerMembers(id: id, triggerType: token(Self.keys.triggerType)))
  }

  private func triggerResult(_ text: Span<UInt8>) -> EngineMessage {
    guard let id = string(Self.keys.id, text) else { return .malformed("triggerregistrationresult without an id") }
    guard let index = envelope.index(of: Self.keys.error), envelope.members[index].kind != .null else {
      return .triggerResult(id: id, failure: nil)
    }
    // As the SDKs read it: an error that is no object is the message (engine protocol, section 3.4).
    let code = envelope.find(Self.keys.code, in: index)?.string(in: text)
    let message = envelope.find(Self.keys.message, in: index)?.string(in: text)
    return .triggerResult(
      id: id,
      failure: TriggerFailure(
        code: code ?? "UNKNOWN", message: message ?? envelope.members[index].string(in: text) ?? "no message"))
  }

  // MARK: - Members

  private func identifier(_ text: Span<UInt8>) -> UUIDBits? {
    guard let member = envelope.find(Self.keys.invocationID), member.kind == .string else { return nil }
    return UUIDBits(text.extracting((member.value.lowerBound &+ 1)..<(member.value.upperBound &- 1)))
  }

  private func token(_ key: JSONKey) -> Range<Int>? {
    guard let member = envelope.find(key), member.kind == .string else { return nil }
    return member.value
  }

  private func string(_ key: JSONKey, _ text: Span<UInt8>) -> String? { envelope.find(key)?.string(in: text) }
}
