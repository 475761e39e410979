import Testing

@testable import III

extension SessionScript {
  func provide(_ id: String, namespace: String? = nil) -> [SessionEffect] {
    var definition = TriggerTypeDefinition(description: "d")
    definition.namespace = namespace
    return step { session, _ in _ = session.registered(triggerType: id, definition) }
  }
  func withdraw(_ id: String) -> [SessionEffect] { step { session, _ in session.unregistered(triggerType: id) } }
  func bind(_ id: String, to type: String = "t") -> [SessionEffect] {
    step { session, _ in
      _ = session.registered(trigger: id, TriggerDefinition(triggerType: type, functionID: "f"))
    }
  }
  func unbind(_ id: String) -> [SessionEffect] { step { session, _ in session.unregistered(trigger: id) } }
}

@Suite struct EngineSessionTriggerTests {
  @Test func eachIsSentOnceInItsPlaceOnEachConnection() {
    let script = SessionScript()
    #expect(script.bind("b1") == [] && script.register("f1") == [] && script.provide("t1") == [])
    #expect(script.bind("b2") == [] && script.provide("t2") == [] && script.register("f2") == [])
    _ = script.start()
    #expect(
      script.open() == [
        .announce, .registerTriggerType("t1"), .registerTriggerType("t2"), .register("f1"), .register("f2"),
        .registerTrigger("b1"), .registerTrigger("b2"),
      ])
    _ = script.greet()
    _ = script.announce()
    #expect(script.provide("t3") == [.registerTriggerType("t3")])
    #expect(script.bind("b3") == [.registerTrigger("b3")])
    _ = script.close()
    _ = script.retry()
    #expect(
      script.open() == [
        .reattach(workerID: "w1", token: "t1"), .announce, .registerTriggerType("t1"), .registerTriggerType("t2"),
        .registerTriggerType("t3"), .register("f1"), .register("f2"), .registerTrigger("b1"), .registerTrigger("b2"),
        .registerTrigger("b3"),
      ])
  }

  @Test func takingBackWhileAwayJustForgets() {
    let script = SessionScript()
    _ = script.provide("t")
    _ = script.bind("b")
    #expect(script.unbind("b") == [] && script.withdraw("t") == [])
    _ = script.start()
    #expect(script.open() == [.announce])
    #expect(script.unbind("b") == [] && script.withdraw("t") == [])
  }

  @Test func takingBackWhileOpenIsTold() {
    let script = SessionScript()
    _ = script.provide("t", namespace: "shop")
    _ = script.bind("b", to: "webhook")
    _ = script.start()
    _ = script.open()
    #expect(script.unbind("b") == [.unregisterTrigger("b", triggerType: "webhook")])
    #expect(script.withdraw("t") == [.unregisterTriggerType("t", namespace: "shop")])
    #expect(script.unbind("b") == [] && script.withdraw("t") == [], "the second time there is nothing")
  }

  @Test func againUnderTheSameIDKeepsItsPlace() {
    let script = SessionScript()
    for id in ["b1", "b2", "b1"] { _ = script.bind(id) }
    for id in ["t1", "t2", "t1"] { _ = script.provide(id) }
    _ = script.start()
    #expect(
      script.open() == [
        .announce, .registerTriggerType("t1"), .registerTriggerType("t2"), .registerTrigger("b1"),
        .registerTrigger("b2"),
      ])
    #expect(script.bind("b1") == [.registerTrigger("b1")], "a changed definition goes out")
  }

  @Test func registrationsAreBounded() {
    let script = SessionScript()
    let trigger = TriggerDefinition(triggerType: "t", functionID: "f")
    let type = TriggerTypeDefinition(description: "d")
    for index in 0..<10_000 { #expect(script.session.registered(trigger: "b\(index)", trigger) == nil) }
    #expect(script.session.registered(trigger: "one more", trigger) == .tooMany(limit: 10_000))
    #expect(script.session.registered(trigger: "b0", trigger) == nil, "a replacement is no addition")
    for index in 0..<1000 { #expect(script.session.registered(triggerType: "t\(index)", type) == nil) }
    #expect(script.session.registered(triggerType: "one more", type) == .tooMany(limit: 1000))
    script.session.unregistered(trigger: "b1")
    #expect(script.session.registered(trigger: "one more", trigger) == nil)
  }

  @Test func shutdownTakesTriggersBackBeforeFunctions() {
    let script = SessionScript()
    _ = script.provide("t")
    _ = script.register("f")
    _ = script.bind("b")
    script.connect()
    #expect(
      script.shutDown() == [
        .unregisterTrigger("b", triggerType: "t"), .unregister("f"), .failCalls(.shutdown), .close,
      ], "types end with the connection")
    let trigger = TriggerDefinition(triggerType: "t", functionID: "f")
    #expect(script.session.registered(trigger: "late", trigger) == .shuttingDown)
    #expect(script.session.registered(triggerType: "late", TriggerTypeDefinition(description: "d")) == .shuttingDown)
  }

  @Test func aReconnectTellsWhenTheTriggersOfOurTypesAreBack() {
    let script = SessionScript()
    _ = script.provide("t")
    _ = script.start()
    _ = script.open()
    #expect(script.announce() == [.sendQueued, .changed], "on the first connection there is nothing to come again")
    _ = script.close()
    _ = script.retry()
    _ = script.open()
    #expect(script.announce() == [.sendQueued, .changed, .barrier([])])
    #expect(script.pass([]) == [.recoveredTriggers])
    #expect(script.pass([]) == [], "once")
    _ = script.close()
    _ = script.retry()
    _ = script.open()
    _ = script.announce()
    #expect(script.pass([], answered: false) == [], "without the barrier's answer nobody knows")
  }
}
