import Testing

@testable import III

/// The triggers that are served, step by step: each step returns what is to be done, in words.
private struct ServingScript {
  var served: ServedTriggers<ServedTrigger>
  private let handler = TypeErasedTriggerHandler(SilentHandler())

  init(limit: Int = 10_000) { served = ServedTriggers<ServedTrigger>(limit: limit) }

  private struct SilentHandler: TriggerHandler {
    func registerTrigger(_ trigger: TriggerConfig<JSON>) {}
    func unregisterTrigger(_ trigger: TriggerConfig<JSON>) {}
  }

  /// The engine asks for `id`, with `config` to tell one request from the other.
  mutating func ask(_ id: String, _ config: Int = 1, type: String = "t", generation: Int = 1) -> [String] {
    let asked = IncomingTrigger(id: id, triggerType: type, functionID: "f", generation: generation)
    return words(
      served.ask(for: ServedTrigger(asked: asked, config: JSON(config), handler: handler)))
  }
  mutating func end(_ id: String) -> [String] { words(served.end(id)) }
  mutating func finish(_ id: String, _ failure: String? = nil) -> [String] {
    words(served.finished(id, failure.map { TriggerFailure(code: $0, message: "m") }))
  }
  mutating func recover(_ generation: Int) -> [String] { words(served.recovered(on: generation)) }
  mutating func endAll(_ type: String? = nil) -> [String] { words(served.endAll(ofType: type)) }

  private func words(_ orders: [ServedTriggers<ServedTrigger>.Order]) -> [String] {
    orders.map { order in
      switch order {
      case .register(let trigger): "register \(trigger.asked.id) \(trigger.config)"
      case .unregister(let trigger): "unregister \(trigger.asked.id) \(trigger.config)"
      case .answer(let asked, let failure): "answer \(asked.id) \(failure?.code ?? "ok")"
      }
    }
  }
}

@Suite struct ServedTriggersTests {
  @Test func aTriggerComesAndGoes() {
    var script = ServingScript()
    #expect(script.ask("a") == ["register a 1"])
    #expect(script.finish("a") == ["answer a ok"])
    #expect(script.end("a") == ["unregister a 1"], "with what it was registered with")
    #expect(script.finish("a") == [])
    #expect(script.served.count == 0)
    #expect(script.end("a") == [], "a trigger that nobody serves needs nothing")
  }

  @Test func aRefusedTriggerIsNotServed() {
    var script = ServingScript()
    _ = script.ask("a")
    #expect(script.finish("a", "BAD") == ["answer a BAD"])
    #expect(script.served.count == 0)
    #expect(script.end("a") == [])
    #expect(script.ask("a", 2) == ["register a 2"], "asked for again, the handler decides again")
  }

  @Test func againUnderTheSameIDEndsTheFormer() {
    var script = ServingScript()
    _ = script.ask("a")
    _ = script.finish("a")
    #expect(script.ask("a", 2) == ["unregister a 1"])
    #expect(script.finish("a", "an error of unregister changes nothing") == ["register a 2"])
    #expect(script.finish("a") == ["answer a ok"])
  }

  @Test func callsForOneTriggerWaitForEachOther() {
    var script = ServingScript()
    #expect(script.ask("a") == ["register a 1"])
    #expect(script.end("a") == [], "the handler is busy")
    #expect(script.finish("a") == ["unregister a 1"], "and what it took is ended; nobody waits for the answer")
    #expect(script.ask("a", 2) == [])
    #expect(script.finish("a") == ["register a 2"])
    #expect(script.ask("b") == ["register b 1"], "another trigger does not wait")
    #expect(script.finish("a") == ["answer a ok"])
    #expect(script.finish("b") == ["answer b ok"])
  }

  @Test func ofWhatComesMeanwhileTheLastCounts() {
    var script = ServingScript()
    _ = script.ask("a")
    #expect(script.end("a") == [] && script.ask("a", 2) == [] && script.ask("a", 3) == [])
    #expect(script.finish("a") == ["unregister a 1"])
    #expect(script.end("a") == [] && script.ask("a", 4) == [])
    #expect(script.finish("a") == ["register a 4"])
    #expect(script.end("a") == [])
    #expect(script.finish("a", "NO") == [], "refused and ended: there is nothing to undo and nobody to answer")
    #expect(script.served.count == 0)
  }

  @Test func whatTheEngineForgotMeanwhileIsEnded() {
    var script = ServingScript()
    for id in ["a", "b", "c"] {
      _ = script.ask(id)
      _ = script.finish(id)
    }
    _ = script.ask("slow")
    #expect(script.ask("b", 2, generation: 2) == ["unregister b 1"])
    #expect(script.ask("new", generation: 2) == ["register new 1"])
    #expect(script.recover(2) == ["unregister a 1", "unregister c 1"])
    #expect(script.finish("slow") == ["unregister slow 1"])
    #expect(script.finish("b") == ["register b 2"])
    #expect(script.finish("b") == ["answer b ok"] && script.finish("new") == ["answer new ok"])
    #expect(script.recover(2) == [])
  }

  @Test func aTypeThatIsNoMoreEndsItsTriggers() {
    var script = ServingScript()
    for (id, type) in [("a", "t"), ("b", "u"), ("c", "t")] {
      _ = script.ask(id, type: type)
      _ = script.finish(id)
    }
    #expect(script.endAll("t") == ["unregister a 1", "unregister c 1"])
    #expect(script.finish("a") == [] && script.finish("c") == [])
    #expect(script.endAll() == ["unregister b 1"])
  }

  @Test func triggersAreBounded() {
    var script = ServingScript(limit: 2)
    #expect(script.ask("a") == ["register a 1"] && script.ask("b") == ["register b 1"])
    #expect(script.ask("c") == ["answer c trigger_registration_failed"])
    _ = script.finish("a", "NO")
    #expect(script.ask("c") == ["register c 1"], "a refused one leaves its place")
  }
}
