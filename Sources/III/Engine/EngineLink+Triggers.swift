import Bytes
import RawJSON
import Transport
import WebSocket

extension EngineLink {
  /// Provides a trigger type: one frame now, when there is a connection, and one on each later connection. The triggers
  /// of this type come to the owner.
  ///
  /// - Parameters:
  ///   - id: Its id; registering it again replaces the definition.
  ///   - definition: What it is; its JSON was checked for what an engine does not take.
  /// - Returns: Nil when it was taken.
  @discardableResult
  package func registerTriggerType(_ id: String, _ definition: TriggerTypeDefinition) -> RegistrationRefusal? {
    var frame = ByteBuffer()
    definition.append(id: id, to: &frame)
    if let refusal = refusal(ofSize: frame.count) { return refusal }
    let refusal = session.registered(triggerType: id, definition)
    carryOut()
    return refusal
  }

  /// Provides a trigger type no more. Engines up to 0.23 do not know the frame and go on asking, so the owner has to
  /// answer that it has no such type (engine protocol, section 2.6). Without effect when it is not registered.
  package func unregisterTriggerType(_ id: String) {
    session.unregistered(triggerType: id)
    carryOut()
  }

  /// Binds a function to a trigger type: one frame now, when there is a connection, and one on each later connection. A
  /// type that nobody provides yet is no error: an engine since 0.21.8 waits for its provider.
  ///
  /// - Parameters:
  ///   - id: The trigger's id, unique in the engine; registering it again replaces the trigger.
  ///   - definition: What is bound to what; its JSON was checked for what an engine does not take.
  /// - Returns: Nil when it was taken. A refusal by the provider or the engine comes to the owner later.
  @discardableResult
  package func registerTrigger(_ id: String, _ definition: TriggerDefinition) -> RegistrationRefusal? {
    if let refusal = refusal(ofSize: frame(ofTrigger: id, definition).count) { return refusal }
    let refusal = session.registered(trigger: id, definition)
    carryOut()
    return refusal
  }

  /// Takes a trigger back. Without effect when it is not registered.
  package func unregisterTrigger(_ id: String) {
    session.unregistered(trigger: id)
    carryOut()
  }

  /// Tells the engine that a trigger is served, or why not. Dropped and counted when its connection is gone.
  package func answer(_ trigger: IncomingTrigger, failure: TriggerFailure?) {
    guard trigger.generation == generation, session.isOpen else {
      droppedAnswers += 1
      return
    }
    connection?.send(.text, sizeHint: 256) { buffer in
      buffer.append(#"{"type":"triggerregistrationresult","id":"#)
      buffer.append(jsonString: trigger.id)
      buffer.append(#","trigger_type":"#)
      buffer.append(jsonString: trigger.triggerType)
      buffer.append(#","function_id":"#)
      buffer.append(jsonString: trigger.functionID)
      if let failure {
        buffer.append(#","error":{"code":"#)
        buffer.append(jsonString: failure.code)
        buffer.append(#","message":"#)
        buffer.append(jsonString: failure.message)
        buffer.append(UInt8(ascii: "}"))
      }
      buffer.append(UInt8(ascii: "}"))
    }
  }

  /// A UUID v4 for a trigger.
  package func makeTriggerID() -> String {
    UUIDBits(version4: (random.next(), random.next())).description
  }

  private func refusal(ofSize size: Int) -> RegistrationRefusal? {
    size > options.maximumMessage ? .tooLarge(limit: options.maximumMessage, size: size) : nil
  }
}

// MARK: - Frames

extension EngineLink {
  private func frame(ofTrigger id: String, _ definition: TriggerDefinition) -> ByteBuffer {
    var frame = ByteBuffer()
    let function = Self.token(definition.functionID)
    definition.append(id: id, inheritedNamespace: namespace(of: function.span), to: &frame)
    return frame
  }

  func sendTriggerType(_ id: String) {
    // Taken back meanwhile: its frame is of no use.
    guard let definition = session.triggerTypes[id] else { return }
    connection?.send(.text, sizeHint: 256) { definition.append(id: id, to: &$0) }
  }

  func sendRemoval(ofTriggerType id: String, namespace: String?) {
    connection?.send(.text, sizeHint: 128) { buffer in
      buffer.append(#"{"type":"unregistertriggertype","id":"#)
      buffer.append(jsonString: id)
      if let namespace {
        buffer.append(#","namespace":"#)
        buffer.append(jsonString: namespace)
      }
      buffer.append(UInt8(ascii: "}"))
    }
  }

  func sendTrigger(_ id: String) {
    guard let definition = session.triggers[id] else { return }
    let frame = frame(ofTrigger: id, definition)
    connection?.send(.text, sizeHint: frame.count) { $0.append(frame.span) }
  }

  func sendRemoval(ofTrigger id: String, type: String) {
    connection?.send(.text, sizeHint: 128) { buffer in
      buffer.append(#"{"type":"unregistertrigger","id":"#)
      buffer.append(jsonString: id)
      buffer.append(#","trigger_type":"#)
      buffer.append(jsonString: type)
      buffer.append(UInt8(ascii: "}"))
    }
  }

  func received(trigger members: TriggerMembers, _ text: Span<UInt8>) {
    func string(_ range: Range<Int>?) -> String { range.map { Self.string(text.extracting($0)) } ?? "" }
    let trigger = IncomingTrigger(
      id: string(members.id), triggerType: string(members.triggerType), functionID: string(members.functionID),
      generation: generation)
    owner?.engineLink(self, asked: trigger, members, text)
  }

  /// What became of a trigger of ours; a success is as good as no word. One that was taken back meanwhile is over.
  func received(resultOf id: String, _ failure: TriggerFailure?) {
    guard let failure, session.triggers[id] != nil else { return }
    owner?.engineLink(self, refusedTrigger: id, failure)
  }
}
