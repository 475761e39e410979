import Testing
import Transport

@testable import III

/// The engine's events as sequences (engine protocol, section 5.7).
@Suite struct FeedTests {
  /// The trigger and the function of the sequence that the engine was told of last.
  static func binding(
    _ host: EngineHost, location: SourceLocation = #_sourceLocation
  ) async throws -> (trigger: String, function: String, config: String) {
    let text = try #require(try await host.texts("registertrigger", location: location).last)
    let frame = try #require(FakeEngine.decode(text))
    let config = (frame["config"] as? [String: Any])?["level"] as? String ?? ""
    return (frame["id"] as? String ?? "", frame["function_id"] as? String ?? "", config)
  }

  static func fire(_ host: EngineHost, _ function: String, _ payload: String) async throws {
    _ = try await host.with { engine in
      engine.last?.send(
        #"{"type":"invokefunction","invocation_id":"00000000-0000-4000-8000-000000000001","#
          + #""function_id":"\#(function)","data":\#(payload)}"#)
    }
  }

  @Test func eventsComeInOrder_andAcrossConnections() async throws {
    let host = try await EngineHost()
    let worker = try await host.worker { $0.reconnection.initialDelay = .milliseconds(1) }
    var events = try await worker.onWorkersAvailable().makeAsyncIterator()
    let first = try await Self.binding(host)
    for number in 1...50 {
      try await Self.fire(host, first.function, #"{"event":"worker_connected","worker_id":"\#(number)"}"#)
    }
    for number in 1...50 {
      let event = await events.next()
      #expect(event?.workerID == "\(number)" && event?.event == WorkerEvent.connected)
    }
    // Firings are answered.
    _ = try await host.texts("invocationresult", 50)
    _ = try await host.with { $0.last?.connection.abort() }
    try await host.wait("the next connection") { $0.sessions.count == 2 }
    let second = try await Self.binding(host)
    #expect(second.trigger == first.trigger && second.function == first.function)
    try await Self.fire(host, second.function, #"{"event":"worker_disconnected","worker_id":"x"}"#)
    #expect(await events.next()?.event == WorkerEvent.disconnected)
    await worker.shutdown()
    #expect(await events.next() == nil, "it ends with the worker")
  }

  @Test func aSequenceThatIsGivenUp_isTakenBack() async throws {
    let host = try await EngineHost()
    let worker = try await host.worker()
    do {
      let lines = try await worker.onLog(level: .warn)
      let binding = try await Self.binding(host)
      #expect(binding.config == "warn")
      try await Self.fire(
        host, binding.function,
        #"{"timestamp_unix_nano":1764000000000000000,"severity_number":17,"severity_text":"ERROR","body":"oh","#
          + #""attributes":{"a":1},"trace_id":"t","span_id":"s","service_name":"x"}"#)
      for await line in lines {
        #expect(line.timestampNanoseconds == 1_764_000_000_000_000_000 && line.severityNumber == 17)
        #expect(line.body == "oh" && line.attributes == ["a": 1] && line.traceID == "t" && line.serviceName == "x")
        break
      }
    }
    for type in ["unregistertrigger", "unregisterfunction"] { _ = try await host.texts(type) }
    #expect(await worker.feedCount == 0)
    await worker.shutdown()
  }

  @Test func functionsAreToldAsTheyAre_andAnUnreadSequenceKeepsTheLast() async throws {
    let host = try await EngineHost()
    let told = AsyncStream.makeStream(of: String.self)
    let worker = try await host.worker { $0.log = WorkerLog { told.continuation.yield($1) } }
    var events = try await worker.onFunctionsAvailable().makeAsyncIterator()
    let function = try await Self.binding(host).function
    try await Self.fire(host, function, #"{"event":"functions_changed","functions":"none"}"#)
    for number in 1...17 {
      try await Self.fire(
        host, function, #"{"event":"functions_changed","functions":[{"function_id":"f\#(number)"}]}"#)
    }
    var lines = told.stream.makeAsyncIterator()
    #expect(await lines.next()?.contains("not read fast enough") == true)
    #expect(await events.next()?.map(\.functionID) == ["f2"])
    await worker.shutdown()
  }
}

extension Worker {
  /// How many sequences of events there are.
  var feedCount: Int { core?.feeds.count ?? 0 }
}
