import Foundation
import Synchronization
import Testing
import Transport

@testable import III

/// What a provider was told, and what it answers.
private final class Recorder<Config: Codable & Sendable>: TriggerHandler {
  let told = Mutex<[String]>([])
  let triggers = Mutex<[TriggerConfig<Config>]>([])
  let changes = AsyncStream.makeStream(of: Void.self)
  /// Thrown for a configuration; nil takes it.
  let problem: @Sendable (Config) -> (any Error)?

  init(problem: @escaping @Sendable (Config) -> (any Error)? = { _ in nil }) { self.problem = problem }

  func registerTrigger(_ trigger: TriggerConfig<Config>) async throws {
    note("register \(trigger.id) \(trigger.functionID) \(trigger.config)")
    if let problem = problem(trigger.config) { throw problem }
    triggers.withLock { $0.append(trigger) }
  }

  func unregisterTrigger(_ trigger: TriggerConfig<Config>) async throws {
    note("unregister \(trigger.id) \(trigger.functionID) \(trigger.config)")
  }

  private func note(_ text: String) {
    told.withLock { $0.append(text) }
    changes.continuation.yield()
  }

  var words: [String] { told.withLock { $0 } }

  /// Waits until so many calls have come.
  func calls(_ count: Int) async -> [String] { await calls { $0.count >= count } }

  /// Waits until the calls that have come are enough.
  func calls(until areEnough: ([String]) -> Bool) async -> [String] {
    if areEnough(words) { return words }
    for await _ in changes.stream where areEnough(words) { break }
    return words
  }
}

extension EngineHost {
  /// Sends a frame on the connection that was made last.
  func send(_ text: String) throws { _ = try with { $0.last?.send(text) } }

  /// Asks the worker to serve a trigger.
  func ask(_ id: String, type: String = "t", function: String = "f", further: String = #","config":{"k":1}"#) throws {
    try send(
      #"{"type":"registertrigger","id":"\#(id)","trigger_type":"\#(type)","function_id":"\#(function)"\#(further)}"#)
  }

  /// Ends the connection that was made last, and waits for the next.
  nonisolated func drop(location: SourceLocation = #_sourceLocation) async throws {
    let before = try await with { engine in
      engine.last?.connection.abort()
      return engine.sessions.count
    }
    try await wait("the worker's return", location: location) { $0.sessions.count != before }
  }
}

@Suite struct WorkerTriggerTests {
  static func result(_ id: String, _ error: String = "") -> String {
    #"{"type":"triggerregistrationresult","id":"\#(id)","trigger_type":"t","function_id":"f"\#(error)}"#
  }

  /// More levels than an engine takes.
  static let deep = (0..<130).reduce(JSON.null) { inner, _ in [inner] }

  // MARK: - Binder

  @Test func aTriggerIsSentWithEverythingItHas() async throws {
    let host = try await EngineHost()
    let worker = try await host.worker()
    let trigger = try await worker.registerTrigger(
      RegisterTriggerInput(
        triggerType: "webhook", functionID: "inv::reserve", config: ["path": "/hook"], metadata: ["src": "a"],
        namespace: "shop", triggerNamespace: "web"))
    let bare = try await worker.registerTrigger(RegisterTriggerInput(triggerType: "t", functionID: "f"))
    let frames = try await host.texts("registertrigger", 2)
    #expect(
      frames == [
        #"{"type":"registertrigger","id":"\#(trigger.id)","trigger_type":"webhook","function_id":"inv::reserve","#
          + #""config":{"path":"/hook"},"metadata":{"src":"a"},"namespace":"shop","trigger_namespace":"web"}"#,
        #"{"type":"registertrigger","id":"\#(bare.id)","trigger_type":"t","function_id":"f","config":null}"#,
      ])
    #expect(UUID(uuidString: trigger.id) != nil && Array(trigger.id)[14] == "4" && trigger.id != bare.id)
    await trigger.unregister()
    await trigger.unregister()
    #expect(
      try await host.texts("unregistertrigger") == [
        #"{"type":"unregistertrigger","id":"\#(trigger.id)","trigger_type":"webhook"}"#
      ])
    await worker.shutdown()
  }

  @Test func triggersInheritTheNamespace() async throws {
    let host = try await EngineHost()
    let worker = try await host.worker { $0.namespace = "shop" }
    for (function, namespace) in [("f", nil), ("engine::log::info", nil), ("f", "other")] {
      try await worker.registerTrigger(
        RegisterTriggerInput(triggerType: "t", functionID: function, namespace: namespace))
    }
    let namespaces = try await host.texts("registertrigger", 3).map { FakeEngine.decode($0)?["namespace"] as? String }
    #expect(namespaces == ["shop", "default", "other"])
    await worker.shutdown()
  }

  @Test func whatIsWrongLocallyIsThrown() async throws {
    let host = try await EngineHost()
    let worker = try await host.worker()
    let handler = Recorder<JSON>()
    let inputs = [
      RegisterTriggerInput(triggerType: " ", functionID: "f"), RegisterTriggerInput(triggerType: "t", functionID: ""),
      RegisterTriggerInput(triggerType: "t", functionID: "f", namespace: " \t"),
      RegisterTriggerInput(triggerType: "t", functionID: "f", triggerNamespace: ""),
      RegisterTriggerInput(triggerType: "t", functionID: "f", config: Self.deep),
      RegisterTriggerInput(triggerType: "t", functionID: "f", metadata: Self.deep),
    ]
    for input in inputs {
      let error = await WorkerTests.error { try await worker.registerTrigger(input) }
      #expect(error?.code == InvocationError.invalidArgument, "\(input)")
    }
    let types = [
      RegisterTriggerTypeInput(id: " ", description: "d"),
      RegisterTriggerTypeInput(id: "t", description: "d", namespace: " "),
      RegisterTriggerTypeInput(id: "t", description: "d", callRequestFormat: .schema(Self.deep)),
    ]
    for type in types {
      let error = await WorkerTests.error { try await worker.registerTriggerType(type, handler: handler) }
      #expect(error?.code == InvocationError.invalidArgument, "\(type)")
    }
    let type = RegisterTriggerTypeInput(id: "t", description: "d")
    try await worker.registerTriggerType(type, handler: handler)
    let twice = await WorkerTests.error { try await worker.registerTriggerType(type, handler: handler) }
    #expect(twice?.message == "trigger type 't' is already registered")
    await worker.shutdown()
    let late = await WorkerTests.error { try await worker.registerTrigger(.init(triggerType: "t", functionID: "f")) }
    #expect(late?.code == InvocationError.shutdown)
  }

  @Test func refusalsAreHeardWheneverTheyCome() async throws {
    let host = try await EngineHost()
    let worker = try await host.worker()
    let trigger = try await worker.registerTrigger(RegisterTriggerInput(triggerType: "t", functionID: "f"))
    var refusals = trigger.refusals.makeAsyncIterator()
    try await host.send(Self.result("another's", #","error":{"code":"X","message":"x"}"#))
    try await host.send(Self.result(trigger.id))
    try await host.send(Self.result(trigger.id, #","error":{"code":"FORBIDDEN","message":"not you"}"#))
    let first = await refusals.next()
    #expect(first == InvocationError(code: "FORBIDDEN", message: "not you", functionID: "f"))
    var late = trigger.refusals.makeAsyncIterator()
    #expect(await late.next() == first, "the last one is told at once")
    try await host.send(Self.result(trigger.id, #","error":{"code":"trigger_registration_failed","message":"bad"}"#))
    #expect(await refusals.next()?.message == "bad")
    #expect(await late.next()?.message == "bad")
    try await host.drop()
    _ = try await host.texts("registertrigger")
    try await host.send(Self.result(trigger.id, #","error":{"code":"AGAIN","message":"m"}"#))
    #expect(await refusals.next()?.code == "AGAIN", "asked again on the next connection, refused again")
    await trigger.unregister()
    #expect(await refusals.next() == nil)
    #expect(await late.next()?.code == "AGAIN")
    #expect(await late.next() == nil)
    var none = trigger.refusals.makeAsyncIterator()
    #expect(await none.next() == nil)
    await worker.shutdown()
  }

  // MARK: - Provider

  @Test func aProviderAnswersForItsTriggers() async throws {
    struct Broken: Error, CustomStringConvertible { let description = "bad \"path\"" }
    let host = try await EngineHost()
    let worker = try await host.worker()
    let handler = Recorder<JSON> { config in
      switch config["do"]?.string {
      case "break": Broken()
      case "refuse": InvocationError(code: "NO_ROOM", message: "full")
      default: nil
      }
    }
    let type = try await worker.registerTriggerType(
      RegisterTriggerTypeInput(
        id: "t", description: "d", triggerRequestFormat: ["type": "object"], callRequestFormat: ["type": "array"],
        namespace: "shop"), handler: handler)
    #expect(
      try await host.texts("registertriggertype") == [
        #"{"type":"registertriggertype","id":"t","description":"d","trigger_request_format":{"type":"object"},"#
          + #""call_request_format":{"type":"array"},"namespace":"shop"}"#
      ])
    try await host.ask("1")
    #expect(try await host.texts("triggerregistrationresult").last == Self.result("1"))
    try await host.ask("2", further: #","config":{"do":"break"}"#)
    #expect(
      try await host.texts("triggerregistrationresult", 2).last
        == Self.result("2", #","error":{"code":"trigger_registration_failed","message":"bad \"path\""}"#))
    try await host.ask("3", further: #","config":{"do":"refuse"}"#)
    #expect(
      try await host.texts("triggerregistrationresult", 3).last
        == Self.result("3", #","error":{"code":"NO_ROOM","message":"full"}"#))
    try await host.ask("4", type: "u")
    #expect(
      try await host.texts("triggerregistrationresult", 4).last
        == #"{"type":"triggerregistrationresult","id":"4","trigger_type":"u","function_id":"f","error":{"#
        + #""code":"trigger_type_not_found","message":"this worker provides no trigger type 'u'"}}"#)
    try await host.ask("5", further: "")
    _ = try await host.texts("triggerregistrationresult", 5)
    #expect(handler.words.last == "register 5 f null", "a missing configuration is null")
    await type.unregister()
    let words = await handler.calls(6)
    #expect(Set(words.suffix(2)) == [#"unregister 1 f {"k":1}"#, "unregister 5 f null"], "\(words)")
    #expect(
      try await host.texts("unregistertriggertype") == [
        #"{"type":"unregistertriggertype","id":"t","namespace":"shop"}"#
      ])
    try await host.ask("6")
    let after = try await host.texts("triggerregistrationresult", 6).last
    #expect(after?.contains("trigger_type_not_found") == true, "an engine that does not know the frame goes on asking")
    await worker.shutdown()
  }

  @Test func aConfigurationOfOnesOwnTypeIsDecoded() async throws {
    struct Path: Codable, Sendable, CustomStringConvertible {
      var path: String
      var description: String { path }
    }
    let host = try await EngineHost()
    let worker = try await host.worker()
    let handler = Recorder<Path>()
    let type = try await worker.registerTriggerType(
      RegisterTriggerTypeInput(id: "t", description: "d", namespace: "web"), handler: handler)
    try await host.ask("1", further: #","config":{"path":"/a","more":1}"#)
    #expect(try await host.texts("triggerregistrationresult").last == Self.result("1"))
    try await host.ask("2", further: #","config":{"path":7}"#)
    let refusal = try await host.texts("triggerregistrationresult", 2).last ?? ""
    #expect(refusal.contains(#""code":"trigger_registration_failed","message":"the configuration does not fit: "#))
    try await host.send(#"{"type":"unregistertrigger","id":"1"}"#)
    #expect(await handler.calls(2) == ["register 1 f /a", "unregister 1 f /a"], "2 was refused without asking")
    let trigger = try await type.registerTrigger("mine", config: Path(path: "/b"), metadata: ["m": 1])
    #expect(
      try await host.texts("registertrigger").last
        == #"{"type":"registertrigger","id":"\#(trigger.id)","trigger_type":"t","function_id":"mine","#
        + #""config":{"path":"/b"},"metadata":{"m":1},"trigger_namespace":"web"}"#)
    await worker.shutdown()
  }

  @Test(
    arguments: [
      (nil, nil, nil), (nil, "shop", "shop"), ("shop", nil, "default"), ("shop", "web", "web"),
    ] as [(String?, String?, String?)])
  func firingReachesTheFunctionWhereItIs(own: String?, bound: String?, expected: String?) async throws {
    let host = try await EngineHost()
    let worker = try await host.worker { $0.namespace = own }
    let handler = Recorder<JSON>()
    try await worker.registerTriggerType(.init(id: "t", description: "d"), handler: handler)
    let namespace = bound.map { #","namespace":"\#($0)""# } ?? ""
    try await host.ask("1", function: "other::f", further: #","config":{},"metadata":{"m":1}\#(namespace)"#)
    _ = try await host.texts("triggerregistrationresult")
    let trigger = try #require(handler.triggers.withLock { $0.first })
    try await trigger.fire(["fired": 1])
    try await trigger.fire(encoding: ["fired": 2])
    let calls = try await host.texts("invokefunction", 3).filter { $0.contains("other::f") }
    let tail = #","metadata":{"m":1}\#(expected.map { #","namespace":"\#($0)""# } ?? "")}"#
    #expect(
      calls
        == [1, 2].map {
          #"{"type":"invokefunction","function_id":"other::f","data":{"fired":\#($0)},"action":{"type":"void"}"# + tail
        })
    await worker.shutdown()
  }

  @Test func aTypesFunctionsAreCalledWithItsOwnCalls() async throws {
    struct Hit: Codable { var path: String }
    let host = try await EngineHost()
    let worker = try await host.worker()
    let handler = Recorder<JSON>()
    let type = try await worker.registerTriggerType(
      .init(id: "t", description: "d"), calling: Hit.self, handler: handler)
    try await type.registerFunction("f", description: "d") { hit in "at \(hit.path)" }
    try await type.registerFunction("g") { hit, call in "at \(hit.path) by \(call.metadata?["m"]?.integer ?? 0)" }
    for function in ["f", "g"] {
      try await host.ask(function, function: function, further: #","config":{},"metadata":{"m":1}"#)
    }
    _ = try await host.texts("triggerregistrationresult", 2)
    for trigger in handler.triggers.withLock({ $0 }) {
      let result = try await trigger.call(["path": "/a"])
      #expect(result.string == (trigger.functionID == "f" ? "at /a" : "at /a by 1"))
    }
    await worker.shutdown()
  }

  @Test func aCallOfATriggersFunctionReturnsItsResult() async throws {
    let host = try await EngineHost()
    let worker = try await host.worker()
    let handler = Recorder<JSON>()
    try await worker.registerFunction("f") { call in ["got": call.payload, "with": call.metadata ?? .null] }
    try await worker.registerTriggerType(.init(id: "t", description: "d"), handler: handler)
    try await host.ask("1", further: #","config":{},"metadata":{"m":1}"#)
    _ = try await host.texts("triggerregistrationresult")
    let trigger = try #require(handler.triggers.withLock { $0.first })
    #expect(try await trigger.call(5) == ["got": 5, "with": ["m": 1]])
    await worker.shutdown()
    let error = await WorkerTests.error { try await trigger.fire() }
    #expect(error?.code == InvocationError.shutdown)
  }

  @Test func shutdownEndsWhatIsServed() async throws {
    let host = try await EngineHost()
    let worker = try await host.worker()
    let handler = Recorder<JSON>()
    try await worker.registerTriggerType(.init(id: "t", description: "d"), handler: handler)
    try await host.ask("1")
    _ = try await host.texts("triggerregistrationresult")
    await worker.shutdown()
    #expect(await handler.calls(2) == [#"register 1 f {"k":1}"#, #"unregister 1 f {"k":1}"#])
  }

  // MARK: - Lessons

  /// The engine protocol, section 10, lesson 11: a provider that connects anew is asked for everything again, copes with
  /// ids that it has, and ends what has gone meanwhile.
  @Test func lesson11_aReconnectBringsTheTriggersAgain() async throws {
    let host = try await EngineHost()
    let worker = try await host.worker { $0.reconnection.initialDelay = .milliseconds(1) }
    let handler = Recorder<JSON>()
    try await worker.registerTriggerType(.init(id: "t", description: "d"), handler: handler)
    for id in ["kept", "gone"] { try await host.ask(id) }
    _ = try await host.texts("triggerregistrationresult", 2)
    // The barrier is answered by the test, once the engine has asked again.
    _ = try await host.with { $0.barrierAnswer = nil }
    try await host.drop()
    _ = try await host.texts("registertriggertype")
    try await host.ask("kept")
    try await host.ask("kept", further: #","config":{"k":2}"#)
    let barrier = try await host.texts("invokefunction", 2).last { $0.contains("baggage") } ?? ""
    let id = try #require(FakeEngine.decode(barrier)?["invocation_id"] as? String)
    #expect(!handler.words.contains { $0.hasPrefix("unregister gone") }, "nobody knows yet")
    try await host.send(
      #"{"type":"invocationresult","invocation_id":"\#(id)","function_id":"engine::baggage::get","result":null}"#)
    let words = await handler.calls { words in
      words.contains(#"unregister gone f {"k":1}"#) && words.contains(#"register kept f {"k":2}"#)
    }
    let kept = words.filter { $0.contains("kept") }
    #expect(kept.prefix(2) == [#"register kept f {"k":1}"#, #"unregister kept f {"k":1}"#])
    #expect(kept.last == #"register kept f {"k":2}"# && kept.count.isMultiple(of: 2) == false)
    for (index, word) in kept.enumerated() {
      #expect(word.hasPrefix(index.isMultiple(of: 2) ? "register" : "unregister"), "calls alternate")
    }
    await worker.shutdown()
  }

  /// Lesson 12: an answer belongs to the connection that asked.
  @Test func lesson12_aLateAnswerOfAProviderIsDropped() async throws {
    struct Slow: TriggerHandler {
      let asked = AsyncStream.makeStream(of: Void.self)
      let gate = AsyncStream.makeStream(of: Void.self)
      func registerTrigger(_ trigger: TriggerConfig<JSON>) async {
        asked.continuation.yield()
        for await _ in gate.stream { break }
      }
      func unregisterTrigger(_ trigger: TriggerConfig<JSON>) {}
    }
    let host = try await EngineHost()
    let worker = try await host.worker { $0.reconnection.initialDelay = .milliseconds(1) }
    let handler = Slow()
    try await worker.registerTriggerType(.init(id: "t", description: "d"), handler: handler)
    try await host.ask("1")
    for await _ in handler.asked.stream { break }
    try await host.drop()
    _ = try await host.texts("registertriggertype")
    // This time the engine has forgotten the trigger, or its provider asks later: nothing is to be said.
    handler.gate.continuation.finish()
    try await host.ask("2")
    #expect(try await host.texts("triggerregistrationresult") == [Self.result("2")])
    await worker.shutdown()
  }
}
