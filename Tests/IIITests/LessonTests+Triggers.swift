import Foundation
import Testing
import Transport

@testable import III

/// The lessons about triggers and trigger types, as tests of the link; what a worker makes of them is in
/// ``WorkerTriggerTests``.
extension LessonTests {
  static func trigger(_ type: String = "t", _ function: String = "f", config: String? = nil) -> TriggerDefinition {
    var definition = TriggerDefinition(triggerType: type, functionID: function)
    definition.config = config.map { Array($0.utf8) }
    return definition
  }

  static let registrations = ["registertriggertype", "registerfunction", "registertrigger"]

  @Test func lesson01_oneFramePerTriggerAndType() throws {
    let scene = try LinkScene()
    scene.link.registerTrigger("b1", Self.trigger())
    scene.link.registerFunction("f", definition: [])
    scene.link.registerTriggerType("t", TriggerTypeDefinition(description: "d"))
    scene.link.registerTrigger("taken back", Self.trigger())
    scene.link.unregisterTrigger("taken back")
    try scene.connect()
    scene.link.registerTrigger("b2", Self.trigger())
    scene.link.registerTriggerType("u", TriggerTypeDefinition(description: "d"))
    try scene.run { scene.engine.last?.frames("registertriggertype").count == 2 }
    let first = try scene.session()
    let sent = first.frames.filter { Self.registrations.contains($0["type"] as? String ?? "") }
    #expect(sent.map { $0["id"] as? String } == ["t", "f", "b1", "b2", "u"])
    first.connection.abort()
    for round in 2...4 {
      try scene.run { scene.engine.sessions.count == round && scene.link.state == .connected }
      try scene.run { scene.engine.last?.frames("registertrigger").count == 2 }
      let session = try scene.session()
      let sent = session.frames.filter { Self.registrations.contains($0["type"] as? String ?? "") }
      #expect(sent.map { $0["id"] as? String } == ["t", "u", "f", "b1", "b2"])
      #expect(session.words.prefix(2) == ["reattach", "invokefunction engine::workers::register"])
      session.connection.abort()
    }
  }

  @Test func lesson10_aRefusedTriggerStaysRegistered() throws {
    let scene = try LinkScene()
    scene.link.registerTrigger("b", Self.trigger("nobody's"))
    try scene.connect()
    let failure = #""error":{"code":"trigger_registration_failed","message":"bad"}"#
    for id in ["another's", "b"] {
      try scene.session().send(
        #"{"type":"triggerregistrationresult","id":"\#(id)","trigger_type":"nobody's","function_id":"f",\#(failure)}"#)
    }
    try scene.run { !scene.owner.refusedTriggers.isEmpty }
    #expect(scene.owner.refusedTriggers.map(\.id) == ["b"])
    #expect(
      scene.owner.refusedTriggers[0].failure == TriggerFailure(code: "trigger_registration_failed", message: "bad"))
    try scene.session().connection.abort()
    try scene.run { scene.engine.sessions.count == 2 && scene.engine.last?.frames("registertrigger").count == 1 }
    scene.link.unregisterTrigger("b")
    try scene.session().send(
      #"{"type":"triggerregistrationresult","id":"b","trigger_type":"nobody's","function_id":"f",\#(failure)}"#)
    try scene.session().send(#"{"type":"ping"}"#)
    try scene.run { scene.engine.last?.frames("pong").count == 1 }
    #expect(scene.owner.refusedTriggers.count == 1, "one that was taken back is over")
  }

  @Test func lesson11_aProviderIsAskedAndTold() throws {
    let scene = try LinkScene()
    scene.link.registerTriggerType("t", TriggerTypeDefinition(description: "d"))
    try scene.connect()
    let session = try scene.session()
    let ask = #""id":"1","trigger_type":"t","function_id":"f","config":{"a":[1, 2]},"metadata":{"m":1},"namespace":"n""#
    session.send(#"{"type":"registertrigger",\#(ask)}"#)
    session.send(#"{"type":"registertrigger",\#(ask)}"#)
    session.send(#"{"type":"unregistertrigger","id":"1"}"#)
    try scene.run { scene.owner.removedTriggers.count == 1 }
    #expect(scene.owner.removedTriggers == [#""1""#])
    #expect(scene.owner.triggers.count == 2, "the same id may come again")
    for (trigger, config, metadata, namespace) in scene.owner.triggers {
      #expect(trigger == IncomingTrigger(id: "1", triggerType: "t", functionID: "f", generation: 1))
      #expect(config == #"{"a":[1, 2]}"# && metadata == #"{"m":1}"# && namespace == #""n""#)
      scene.link.answer(trigger, failure: nil)
    }
    try scene.run { session.frames("triggerregistrationresult").count == 2 }
    session.connection.abort()
    try scene.run { scene.owner.recoveries == 1 }
    #expect(scene.engine.sessions.count == 2)
  }

  @Test func lesson12_answersAboutTriggersBelongToTheirConnection() throws {
    let scene = try LinkScene()
    scene.link.registerTriggerType("t", TriggerTypeDefinition(description: "d"))
    try scene.connect()
    try scene.session().send(#"{"type":"registertrigger","id":"1","trigger_type":"t","function_id":"f","config":{}}"#)
    try scene.run { scene.owner.triggers.count == 1 }
    let trigger = scene.owner.triggers[0].trigger
    try scene.session().connection.abort()
    try scene.run { scene.owner.losses.count == 1 }
    scene.link.answer(trigger, failure: nil)
    try scene.run { scene.owner.recoveries == 1 }
    scene.link.answer(trigger, failure: TriggerFailure(code: "E", message: "m"))
    try scene.session().send(#"{"type":"ping"}"#)
    try scene.run { scene.engine.last?.frames("pong").count == 1 }
    #expect(scene.engine.sessions.allSatisfy { $0.frames("triggerregistrationresult").isEmpty })
    #expect(scene.link.status.droppedAnswers == 2)
  }

  @Test func lesson16_triggersInheritTheNamespace() throws {
    let scene = try LinkScene { $0.namespace = "shop" }
    try scene.connect()
    var named = Self.trigger()
    named.namespace = "other"
    for (index, trigger) in [Self.trigger(), Self.trigger("t", "engine::log::info"), named].enumerated() {
      scene.link.registerTrigger("b\(index)", trigger)
    }
    let session = try scene.session()
    try scene.run { session.frames("registertrigger").count == 3 }
    #expect(session.frames("registertrigger").map { $0["namespace"] as? String } == ["shop", "default", "other"])
    #expect(
      session.frames("registertrigger").allSatisfy { $0["trigger_namespace"] == nil }, "that the engine knows best")
  }

  @Test func lesson23_valuesOfTriggersSurvive() throws {
    let scene = try LinkScene()
    let value = #"{"null":null,"big":18446744073709551615,"e":1e2,"nested":[null,{"a":null}],"text":"é\u0000"}"#
    var trigger = Self.trigger("t\"", "f\\", config: value)
    trigger.metadata = Array(value.utf8)
    var type = TriggerTypeDefinition(description: "line\nbreak")
    type.triggerRequestFormat = Array(value.utf8)
    type.callRequestFormat = Array(value.utf8)
    scene.link.registerTriggerType("t\"", type)
    scene.link.registerTrigger("b", trigger)
    // What the caller changes later does not leak into the replay.
    trigger.config = nil
    type.callRequestFormat = nil
    for round in 1...2 {
      scene.link.start()
      try scene.run { scene.engine.sessions.count == round && scene.engine.last?.frames("registertrigger").count == 1 }
      let texts = try scene.session().texts
      #expect(
        texts.contains(
          #"{"type":"registertriggertype","id":"t\"","description":"line\nbreak","trigger_request_format":\#(value),"#
            + #""call_request_format":\#(value)}"#))
      #expect(
        texts.contains(
          #"{"type":"registertrigger","id":"b","trigger_type":"t\"","function_id":"f\\","config":\#(value),"#
            + #""metadata":\#(value)}"#))
      try scene.session().connection.abort()
    }
  }

  @Test func lesson21_aShutdownTakesTriggersBackFirst() throws {
    let scene = try LinkScene()
    scene.link.registerTriggerType("t", TriggerTypeDefinition(description: "d"))
    scene.link.registerFunction("f", definition: [])
    scene.link.registerTrigger("b", Self.trigger())
    try scene.connect()
    scene.link.shutdown(deadline: scene.loop.now + 5000)
    try scene.run { scene.owner.isStopped }
    #expect(
      try scene.session().frames.suffix(2).map { $0["type"] as? String } == ["unregistertrigger", "unregisterfunction"])
  }
}
