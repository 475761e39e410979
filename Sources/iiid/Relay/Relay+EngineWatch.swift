import Bytes
import III
import LocalProtocol
import RawJSON
import Transport

// Events that the engine tells of (engine protocol, section 5.7), and what becomes of them where its access rules do not let the
// daemon hear them.
extension Relay {
  /// Binds a function of the daemon's own to the engine's trigger types that somebody wants to be told of, or takes that
  /// back.
  func watchEngine() {
    for (topic, type) in EngineWatch.types {
      let isWanted = subscriptions.contains { $0.topics.contains(topic) }
      guard isWanted != (watch.triggers[topic] != nil) else { continue }
      if isWanted {
        if watch.triggers.isEmpty { link.registerFunction(watch.functionID, definition: EngineWatch.definition) }
        let id = link.makeTriggerID()
        var definition = TriggerDefinition(triggerType: type, functionID: watch.functionID)
        definition.triggerNamespace = "default"
        definition.metadata = Array("\"\(topic.rawValue)\"".utf8)
        link.registerTrigger(id, definition)
        watch.triggers[topic] = id
        askAboutWatch(of: topic)
      } else if let id = watch.triggers.removeValue(forKey: topic) {
        watch.refusals[topic] = nil
        link.unregisterTrigger(id)
        if watch.triggers.isEmpty { link.unregisterFunction(watch.functionID) }
      }
    }
  }

  /// The engine has fired: what it says is the event, as it came.
  func watched(_ invocation: IncomingInvocation, _ members: InvocationMembers, _ text: Span<UInt8>) {
    let null: [UInt8] = Array("null".utf8)
    link.answer(invocation, functionToken: text.extracting(members.functionID), result: null.span)
    guard let payload = members.payload, let metadata = members.metadata,
      let topic = String(jsonToken: text.extracting(metadata)).flatMap(EventTopic.init(rawValue:))
    else { return }
    publish(topic, about: "", text.extracting(payload))
  }

  // MARK: - Refusals

  /// Asks whether the engine has taken the bindings: access rules may have it drop one without a word. A new connection has
  /// them registered anew.
  func askAboutWatch() {
    for topic in watch.triggers.keys { askAboutWatch(of: topic) }
  }

  private func askAboutWatch(of topic: EventTopic) {
    guard link.state == .connected, let id = watch.triggers[topic] else { return }
    var question = ByteBuffer()
    let members = call("engine::registered-triggers::info", in: &question) {
      $0.append(#"{"id":"#)
      $0.append(jsonString: id)
      $0.append(UInt8(ascii: "}"))
    }
    _ = link.call(
      question.span, members, action: .synchronous, deadline: loop.now + 10_000,
      context: watch.question(about: topic))
  }

  /// The engine's answer to such a question.
  func watchAnswered(_ context: Int, _ outcome: CallOutcome, _ text: Span<UInt8>) {
    guard let topic = watch.answered(context) else { return }
    switch outcome {
    case .result(.some): watchRefused(topic, nil)
    case .error(let code, _, _) where String(jsonToken: text.extracting(code)) == "NOT_FOUND":
      let message = "the engine did not take the binding to \(EngineWatch.type(of: topic)), and did not say why"
      watchRefused(topic, TriggerFailure(code: "NOT_FOUND", message: message))
    // Where discovery is forbidden too, nothing is known.
    case .result(nil), .error, .failure: break
    }
  }

  /// What is known of the daemon's own function has changed: where it may not be, nothing is heard.
  func watchRegistration(became registration: RegistrationState) {
    guard case .rejected(let code, _) = registration else { return }
    let failure = TriggerFailure(code: code, message: "the engine did not take the function by which the daemon hears")
    for topic in watch.triggers.keys { watchRefused(topic, failure) }
  }

  /// The engine does not tell of a topic; or, with nil, does so after all.
  func watchRefused(_ topic: EventTopic, _ failure: TriggerFailure?) {
    guard watch.triggers[topic] != nil, watch.refusals[topic] != failure else { return }
    watch.refusals[topic] = failure
    if let failure {
      log.warning("events \(topic.rawValue): the engine does not tell of them: \(failure.code): \(failure.message)")
    }
    publish(topic, about: "", Self.availability(failure))
  }

  /// A new subscriber is told of what it will not be told of, whether it wants a snapshot or not.
  func tellRefusals(to index: Int) {
    for topic in subscriptions[index].topics {
      guard let failure = watch.refusals[topic] else { continue }
      var fields = ByteBuffer()
      Self.availability(failure).write(to: &fields)
      send(topic, "", fields.span, at: Int(log.wallTime.milliseconds), to: index)
    }
  }

  private static func availability(_ failure: TriggerFailure?) -> Report {
    guard let failure else { return .object(["event": "available"]) }
    return .object(["event": "unavailable", "code": .string(failure.code), "message": .string(failure.message)])
  }
}
