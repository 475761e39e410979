import Synchronization
import Testing

@testable import III

@Suite struct FunctionTests {
  struct Order: Codable, Sendable, Equatable {
    var item: String
    var count: Int
  }

  struct Receipt: Codable, Sendable, Equatable {
    var total: Double
    var order: Order
  }

  /// What a worker tells people.
  final class Lines: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    var log: WorkerLog { WorkerLog { _, line in self.lines.withLock { $0.append(line) } } }
  }

  @Test func `a typed function decodes its argument and encodes its result`() async throws {
    let host = try await EngineHost()
    let worker = try await host.worker()
    try await worker.registerFunction("sell") { (order: Order) in
      Receipt(total: 1.5 * Double(order.count), order: order)
    }
    let answer = try await worker.trigger("sell", payload: JSON(encoding: Order(item: "tea", count: 3)))
    #expect(answer.text == #"{"total":4.5,"order":{"item":"tea","count":3}}"#)
    #expect(try answer.decode(Receipt.self).order.item == "tea")
    try await worker.registerFunction("names") { (counts: [String: Int], call) in
      counts.keys.sorted() + [call.functionID, call.callerWorkerID ?? "nobody"]
    }
    let names = try await worker.trigger("names", payload: ["b": 1, "_caller_worker_id": "w1", "a": 2])
    #expect(try names.decode([String].self) == ["a", "b", "names", "w1"])
    struct Caller: Decodable {
      var _caller_worker_id: String
    }
    try await worker.registerFunction("caller") { (caller: Caller) in caller._caller_worker_id }
    #expect(try await worker.trigger("caller", payload: ["_caller_worker_id": "w2"]).string == "w2")
    try await worker.registerFunction("same") { (json: JSON) in json }
    #expect(try await worker.trigger("same", payload: [1, [nil]]).text == "[1,[null]]")
    await worker.shutdown()
  }

  @Test func `an argument that does not fit names the place`() async throws {
    let host = try await EngineHost()
    let worker = try await host.worker { $0.log = .none }
    try await worker.registerFunction("sell") { (orders: [String: [Order]]) in orders.count }
    let error = await WorkerTests.error {
      _ = try await worker.trigger("sell", payload: ["new": [["item": "tea", "count": 1], ["item": 5]]])
    }
    #expect(error?.code == "invocation_failed")
    #expect(error?.message == "the argument of 'sell' does not fit: a string is expected, not a number, at new[1].item")
    #expect(error?.stacktrace?.hasPrefix("Swift.DecodingError: ") == true)
    try await worker.registerFunction("broken") { (_: JSON) in Double.nan }
    let broken = await WorkerTests.error { _ = try await worker.trigger("broken") }
    #expect(broken?.code == "invocation_failed")
    #expect(broken?.message == "the result of 'broken' does not fit: JSON has no number for nan")
    await worker.shutdown()
  }

  @Test func `what a handler throws is the caller's error and a line in the log`() async throws {
    struct Broken: Error, CustomStringConvertible { let description = "it broke" }
    let lines = Lines()
    let host = try await EngineHost()
    let worker = try await host.worker { $0.log = lines.log }
    try await worker.registerFunction("plain") { _ in throw Broken() }
    try await worker.registerFunction("coded") { _ in
      throw InvocationError(code: "OUT_OF_STOCK", message: "none \"left\"", stacktrace: "at shelf")
    }
    try await worker.registerFunction("cancelled") { _ in throw CancellationError() }
    let plain = await WorkerTests.error { _ = try await worker.trigger("plain") }
    #expect(plain?.code == "invocation_failed" && plain?.message == "it broke" && plain?.functionID == "plain")
    #expect(plain?.stacktrace?.hasSuffix("Broken: it broke") == true)
    let coded = await WorkerTests.error { _ = try await worker.trigger("coded") }
    #expect(coded?.code == "OUT_OF_STOCK" && coded?.message == "none \"left\"" && coded?.stacktrace == "at shelf")
    #expect(coded?.description == "OUT_OF_STOCK: none \"left\"", "the stack trace is not shown")
    #expect(coded?.invocationID?.count == 36)
    let cancelled = await WorkerTests.error { _ = try await worker.trigger("cancelled") }
    #expect(cancelled?.code == "invocation_failed")
    // Nobody hears of a void call's error but people.
    try await worker.trigger("plain", action: .void)
    try await waitUntil("the line of the void call") { lines.all.count == 4 }
    #expect(lines.all.filter { $0 == "function 'plain' failed: invocation_failed: it broke" }.count == 2)
    #expect(lines.all.contains("function 'coded' failed: OUT_OF_STOCK: none \"left\""))
    await worker.shutdown()
  }

  @Test func `a result that an engine would not take is an error at once`() async throws {
    let host = try await EngineHost()
    let worker = try await host.worker { $0.log = .none }
    try await worker.registerFunction("deep") { _ in (0..<130).reduce(JSON.null) { json, _ in [json] } }
    let deep = await WorkerTests.error { _ = try await worker.trigger("deep") }
    #expect(deep?.code == "invocation_failed" && deep?.message.contains("126 levels") == true)
    try await worker.registerFunction("large") { _ in JSON(String(repeating: "x", count: 65 << 20)) }
    let large = await WorkerTests.error { _ = try await worker.trigger("large") }
    #expect(large?.code == "payload_too_large")
    await worker.shutdown()
  }

  @Test func `an HTTP function has no handler here`() async throws {
    let host = try await EngineHost()
    let worker = try await host.worker()
    let config = HTTPInvocationConfig(
      url: "https://x.example/f", method: .put, timeout: .seconds(5), headers: ["b": "2", "a": "1"],
      auth: .apiKey(header: "x-key", valueKey: "KEY"))
    try await worker.registerFunction("remote", invocation: config, description: "far away")
    try await worker.registerFunction("plain", invocation: HTTPInvocationConfig(url: "https://x.example"))
    let error = await WorkerTests.error { _ = try await worker.trigger("remote") }
    #expect(error?.code == "function_not_invokable")
    #expect(error?.message == "Function is HTTP-invoked and cannot be invoked locally")
    #expect(
      try await host.texts("registerfunction", 2) == [
        #"{"type":"registerfunction","id":"remote","description":"far away","invocation":{"url":"https://x.example/f","#
          + #""method":"PUT","timeout_ms":5000,"headers":{"a":"1","b":"2"},"#
          + #""auth":{"type":"api_key","header":"x-key","value_key":"KEY"}}}"#,
        #"{"type":"registerfunction","id":"plain","invocation":{"url":"https://x.example","method":"POST"}}"#,
      ])
    await worker.shutdown()
  }

  @Test func `formats are sent as they are`() async throws {
    let host = try await EngineHost()
    let worker = try await host.worker()
    let item = RegisterFunctionFormat(name: "id", kind: .string, description: "which", required: true)
    let tree = RegisterFunctionFormat(
      name: "request", kind: .object,
      body: [
        RegisterFunctionFormat(name: "ids", kind: .array, items: item), RegisterFunctionFormat(name: "x", kind: "any"),
      ])
    try await worker.registerFunction(
      "f", metadata: ["a": nil], requestFormat: .tree(tree), responseFormat: ["type": "null"]
    ) { _ in nil }
    #expect(
      try await host.texts("registerfunction") == [
        #"{"type":"registerfunction","id":"f","request_format":{"name":"request","type":"object","body":["#
          + #"{"name":"ids","type":"array","items":{"name":"id","type":"string","description":"which","required":true},"#
          + #""required":false},{"name":"x","type":"any","required":false}],"required":false},"#
          + #""response_format":{"type":"null"},"metadata":{"a":null}}"#
      ])
    await worker.shutdown()
  }

  @Test func `what cannot be registered is an error at once`() async throws {
    let host = try await EngineHost()
    let worker = try await host.worker()
    func refused(_ body: @Sendable (Worker) async throws -> Void) async -> String? {
      let error = await WorkerTests.error { try await body(worker) }
      return error?.code == InvocationError.invalidArgument ? error?.message : "\(String(describing: error))"
    }
    try await worker.registerFunction("f") { _ in nil }
    #expect(
      await refused { try await $0.registerFunction("f") { _ in nil } } == "function id 'f' is already registered")
    #expect(await refused { try await $0.registerFunction(" \n") { _ in nil } } == "a function id is needed")
    let deep = (0..<130).reduce(JSON.null) { json, _ in [json] }
    #expect(
      await refused { try await $0.registerFunction("g", metadata: deep) { _ in nil } }?
        .hasPrefix("an engine would not take the function's metadata: nesting beyond 126 levels") == true)
    let bad: [(HTTPInvocationConfig, String)] = [
      (HTTPInvocationConfig(url: " "), "an HTTP function needs a URL"),
      (HTTPInvocationConfig(url: "ftp://x"), "'ftp://x' is no http:// or https:// URL"),
      (HTTPInvocationConfig(url: "https://"), "'https://' is no http:// or https:// URL"),
      (HTTPInvocationConfig(url: "https:///path"), "'https:///path' is no http:// or https:// URL"),
      (
        HTTPInvocationConfig(url: "https://x/a b"), "a URL has no spaces and no control characters: escape them, as %20"
      ),
      (
        HTTPInvocationConfig(url: "https://x", timeout: .zero),
        "the timeout of an HTTP function has to be more than zero"
      ),
      (HTTPInvocationConfig(url: "https://x", headers: ["a b": ""]), "'a b' cannot be the name of a header"),
      (HTTPInvocationConfig(url: "https://x", headers: ["a": "1\r\nb: 2"]), "the header a has a control character"),
      (
        HTTPInvocationConfig(url: "https://x", auth: .bearer(tokenKey: "")),
        "the authentication names no environment variable of the engine"
      ),
      (
        HTTPInvocationConfig(url: "https://x", auth: .apiKey(header: "", valueKey: "K")),
        "'' cannot be the name of a header"
      ),
    ]
    for (config, message) in bad {
      #expect(await refused { try await $0.registerFunction("h", invocation: config) } == message)
    }
    #expect(try await host.texts("registerfunction").count == 1)
    await worker.shutdown()
    let late = await WorkerTests.error { try await worker.registerFunction("late") { _ in nil } }
    #expect(late?.code == InvocationError.shutdown)
  }
}
