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

  /// Whatever an engine sends and however handlers answer: one call at a time, in turn, and in the end what was asked last.
  @Test func callsAlternateInEveryOrder() {
    var random: UInt64 = 2026
    func next(_ bound: Int) -> Int {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(random >> 33) % bound
    }
    for _ in 0..<300 {
      var script = ServingScript()
      var asked: [String: Int] = [:]
      var held: [String: String] = [:]
      var busy: [String: String] = [:]
      func note(_ words: [String]) {
        for word in words where !word.hasPrefix("answer") {
          let parts = word.split(separator: " ").map(String.init)
          #expect(busy[parts[1]] == nil, "one at a time")
          #expect(parts[0] == "register" ? held[parts[1]] == nil : held[parts[1]] == parts[2], "in turn")
          busy[parts[1]] = word
        }
      }
      func finish(_ id: String) {
        guard let word = busy.removeValue(forKey: id) else { return }
        let isRefused = next(4) == 0
        let parts = word.split(separator: " ").map(String.init)
        held[id] = parts[0] == "register" && !isRefused ? parts[2] : nil
        if parts[0] == "register", isRefused, asked[id] == Int(parts[2]) { asked[id] = nil }
        note(script.finish(id, isRefused ? "NO" : nil))
      }
      for step in 1...60 {
        let id = ["a", "b", "c"][next(3)]
        switch next(4) {
        case 0, 1:
          asked[id] = step
          note(script.ask(id, step))
        case 2:
          asked[id] = nil
          note(script.end(id))
        default: finish(id)
        }
      }
      while let id = busy.keys.sorted().first { finish(id) }
      #expect(held == asked.mapValues { "\($0)" })
      #expect(script.served.count == held.count)
    }
  }

  @Test func triggersAreBounded() {
    var script = ServingScript(limit: 2)
    #expect(script.ask("a") == ["register a 1"] && script.ask("b") == ["register b 1"])
    #expect(script.ask("c") == ["answer c trigger_registration_failed"])
    _ = script.finish("a", "NO")
    #expect(script.ask("c") == ["register c 1"], "a refused one leaves its place")
  }
}
