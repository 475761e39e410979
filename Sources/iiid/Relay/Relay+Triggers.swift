import Bytes
import III
import LocalProtocol
import RawJSON
import Transport

// Bindings of functions to trigger types: those of a connection are the link's, durable ones are the engine's (engine
// protocol, section 4.2).
extension Relay {
  func registerTrigger(_ parameters: RegisterTriggerParameters, _ text: Span<UInt8>, _ address: ReplyAddress) {
    if let refusal = state.refusal(for: address.client) { return refuse(address, refusal) }
    if parameters.isDurable { return registerDurableTrigger(parameters, text, address) }
    var definition = TriggerDefinition(triggerType: parameters.triggerType, functionID: parameters.functionID)
    definition.config = parameters.config.map { Array(copying: text.extracting($0)) }
    definition.metadata = parameters.metadata.map { Array(copying: text.extracting($0)) }
    definition.namespace = parameters.namespace
    definition.triggerNamespace = parameters.triggerNamespace
    let id = link.makeTriggerID()
    var question = ByteBuffer()
    let members = call("engine::registered-triggers::info", in: &question) {
      $0.append(#"{"id":"#)
      $0.append(jsonString: id)
      $0.append(UInt8(ascii: "}"))
    }
    state.registerTrigger(
      address, id: id, definition, question: (Array(copying: question.span), members),
      waitMilliseconds: parameters.wait, now: loop.now)
  }

  private func registerDurableTrigger(
    _ parameters: RegisterTriggerParameters, _ text: Span<UInt8>, _ address: ReplyAddress
  ) {
    guard parameters.namespace == nil else {
      let message = "namespace cannot be given with scope \"durable\": the engine binds in the daemon's own"
      return refuse(address, .invalidParameter("namespace", message))
    }
    var request = ByteBuffer()
    let members = call("engine::register_trigger", in: &request) { buffer in
      buffer.append(#"{"trigger_type":"#)
      buffer.append(jsonString: parameters.triggerType)
      buffer.append(#","function_id":"#)
      buffer.append(jsonString: parameters.functionID)
      if let config = parameters.config {
        buffer.append(#","config":"#)
        buffer.append(text.extracting(config))
      }
      if let metadata = parameters.metadata {
        buffer.append(#","metadata":"#)
        buffer.append(text.extracting(metadata))
      }
      if let namespace = parameters.triggerNamespace {
        buffer.append(#","trigger_namespace":"#)
        buffer.append(jsonString: namespace)
      }
      buffer.append(UInt8(ascii: "}"))
    }
    state.ask(
      address, Array(copying: request.span), members, functionID: "engine::register_trigger", for: .durableTrigger,
      // The engine waits 10 s for the provider.
      timeoutMilliseconds: 15_000)
  }

  func registerTriggerType(_ parameters: RegisterTriggerTypeParameters, _ text: Span<UInt8>, _ address: ReplyAddress) {
    if let refusal = state.refusal(for: address.client) { return refuse(address, refusal) }
    var definition = TriggerTypeDefinition(description: parameters.description)
    definition.triggerRequestFormat = parameters.triggerRequestFormat.map { Array(copying: text.extracting($0)) }
    definition.callRequestFormat = parameters.callRequestFormat.map { Array(copying: text.extracting($0)) }
    var question = ByteBuffer()
    let members = call("engine::triggers::info", in: &question) { buffer in
      buffer.append(#"{"id":"#)
      buffer.append(jsonString: parameters.triggerType)
      if let own = link.options.namespace {
        buffer.append(#","namespace":"#)
        buffer.append(jsonString: own)
      }
      buffer.append(UInt8(ascii: "}"))
    }
    state.registerTriggerType(
      address, id: parameters.triggerType, definition, question: (Array(copying: question.span), members),
      now: loop.now)
  }

  func unregisterTrigger(_ parameters: UnregisterTriggerParameters, _ address: ReplyAddress) {
    let id = parameters.triggerID
    if state.unregisterTrigger(id, of: address.client) { return reply(.object(["removed": true]), to: address) }
    // The engine would take another connection's binding back as well.
    guard state.triggers[id] == nil else { return reply(.object(["removed": false]), to: address) }
    if let refusal = state.refusal(for: address.client) { return refuse(address, refusal) }
    var request = ByteBuffer()
    let members = call("engine::unregister_trigger", in: &request) {
      $0.append(#"{"id":"#)
      $0.append(jsonString: id)
      $0.append(UInt8(ascii: "}"))
    }
    state.ask(address, Array(copying: request.span), members, functionID: "engine::unregister_trigger")
  }

  /// Appends a call of one of the engine's functions, whose argument `body` writes.
  func call(_ functionID: String, in buffer: inout ByteBuffer, _ body: (inout ByteBuffer) -> Void) -> InvocationMembers
  {
    buffer.append(jsonString: functionID)
    var members = InvocationMembers(functionID: 0..<buffer.count)
    body(&buffer)
    members.payload = members.functionID.upperBound..<buffer.count
    return members
  }

  /// The result of `list_trigger_types` with `local`.
  var triggerTypesReport: Report {
    .object([
      "triggers": .array(
        state.triggerTypes.sorted { $0.key < $1.key }.map { id, type in
          .object([
            "id": .string(id), "namespace": .string(namespace), "state": .string(Self.name(known(of: type))),
            "reason": Self.reason(known(of: type)).map { .string($0) },
            "bindings": .integer(state.bindings.count(ofType: id)), "connection_id": .integer(type.client.generation),
          ])
        })
    ])
  }

  /// What is known of a type now. The engine is asked once, so of one that came while it was away nothing is known but that
  /// it was not refused aloud.
  private func known(of type: TriggerTypeRecord) -> RegistrationState {
    guard state.linkState == .connected, type.waiting == nil else { return .pending }
    return type.state == .pending ? .unconfirmed : type.state
  }

  /// The result of `list_triggers` with `local`.
  var triggersReport: Report {
    .object([
      "registered_triggers": .array(
        state.triggers.sorted { $0.key < $1.key }.map { id, trigger in
          .object([
            "id": .string(id), "trigger_type": .string(trigger.triggerType), "function_id": .string(trigger.functionID),
            "state": .string(trigger.state.rawValue), "connection_id": .integer(trigger.client.generation),
          ])
        })
    ])
  }
}
