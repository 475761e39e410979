import Testing
import Transport

@testable import III

@Suite struct InitOptionsTests {
  static func resolve(
    _ url: String? = nil, _ options: InitOptions = InitOptions(), _ environment: [String: String] = [:]
  ) throws -> LinkOptions { try options.resolved(address: url) { environment[$0] } }

  @Test func lesson19_theAddress() throws {
    #expect(try "\(Self.resolve().url)" == "ws://127.0.0.1:49134/")
    #expect(try "\(Self.resolve(nil, .init(), ["III_URL": "ws://a:1"]).url)" == "ws://a:1/")
    #expect(try "\(Self.resolve("wss://b/x?y=1", .init(), ["III_URL": "ws://a:1"]).url)" == "wss://b/x?y=1")
    for blank in ["", "  "] {
      #expect(try "\(Self.resolve(nil, .init(), ["III_URL": blank]).url)" == "ws://127.0.0.1:49134/")
    }
    #expect(throws: ConnectionError.self) { try Self.resolve("") }
    #expect(throws: ConnectionError.self) { try Self.resolve(nil, .init(), ["III_URL": "localhost:49134"]) }
  }

  @Test func lesson15_blankNamespaces() throws {
    var options = InitOptions()
    options.namespace = " \t"
    #expect(throws: ConnectionError.self) { try Self.resolve(nil, options) }
    #expect(try Self.resolve(nil, .init(), ["III_NAMESPACE": "  "]).namespace == nil)
    #expect(try Self.resolve(nil, .init(), ["III_NAMESPACE": "shop"]).namespace == "shop")
    options.namespace = "own"
    #expect(try Self.resolve(nil, options, ["III_NAMESPACE": "shop"]).namespace == "own")
  }

  @Test func lesson15_aBlankNamespaceOfACall() async throws {
    let host = try await EngineHost()
    let worker = try await host.worker()
    let error = await WorkerTests.error { _ = try await worker.trigger("f", namespace: " ") }
    #expect(error?.code == "INVALID_ARGUMENT")
    await worker.shutdown()
  }

  @Test func namesDiffer() throws {
    #expect(try Self.resolve(nil, .init(), ["III_WORKER_NAME": "env"]).name == "env")
    var options = InitOptions()
    options.workerName = "own"
    #expect(try Self.resolve(nil, options, ["III_WORKER_NAME": "env"]).name == "own")
    let first = try Self.resolve().name
    let second = try Self.resolve().name
    #expect(first != second, "two workers of one process must not collide")
    #expect(first.contains(":\(HostProcess.id)"))
    options.workerName = " "
    #expect(throws: ConnectionError.self) { try Self.resolve(nil, options) }
  }

  @Test func reconnection() throws {
    var options = InitOptions()
    #expect(try Self.resolve(nil, options).backoff == Backoff())
    options.reconnection.initialDelay = .milliseconds(10)
    options.reconnection.maximumDelay = .milliseconds(20)
    options.reconnection.multiplier = 1
    options.reconnection.jitter = 0.5
    options.reconnection.maximumRetries = 3
    #expect(
      try Self.resolve(nil, options).backoff
        == Backoff(initial: 10, maximum: 20, multiplier: 1, jitter: 50, limit: 3))
    let mistakes: [(inout ReconnectionConfig) -> Void] = [
      { $0.initialDelay = .zero }, { $0.maximumDelay = .seconds(-1) }, { $0.multiplier = 0.5 },
      { $0.multiplier = .nan }, { $0.jitter = 1.5 }, { $0.maximumRetries = -1 },
    ]
    for mistake in mistakes {
      var options = InitOptions()
      mistake(&options.reconnection)
      #expect(throws: ConnectionError.self) { try Self.resolve(nil, options) }
    }
  }

  @Test func headersThatCannotBeSent() throws {
    for (name, value) in [("", "a"), ("a b", "c"), ("a:", "c"), ("a", "b\r\nc: d"), ("é", "a")] {
      var options = InitOptions()
      options.headers = [name: value]
      #expect(throws: ConnectionError.self, "\(name): \(value)") { try Self.resolve(nil, options) }
    }
    var options = InitOptions()
    options.headers = ["X-Tenant": "a b\tc"]
    #expect(try Self.resolve(nil, options).headers.count == 1)
  }

  @Test func isolationAndTimeouts() throws {
    #expect(try Self.resolve(nil, .init(), ["III_ISOLATION": " "]).isolation == nil)
    #expect(try Self.resolve(nil, .init(), ["III_ISOLATION": "docker"]).isolation == "docker")
    var options = InitOptions()
    options.invocationTimeout = .zero
    #expect(throws: ConnectionError.self) { try Self.resolve(nil, options) }
  }

  @Test func theToken() throws {
    #expect(try Self.resolve(nil, .init(), ["III_TOKEN": " \n"]).token == nil)
    #expect(try Self.resolve(nil, .init(), ["III_TOKEN": "t\n"]).token == "t")
    var options = InitOptions()
    options.token = "own"
    #expect(try Self.resolve(nil, options, ["III_TOKEN": "t"]).token == "own")
  }
}
