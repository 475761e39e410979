import Bytes
import TestSupport
import Testing
import Transport

@testable import III

/// A link, its owner and an engine on one loop, driven turn by turn until a fact holds.
final class LinkScene {
  let loop: EventLoop
  let engine: FakeEngine
  let link: EngineLink
  let owner = LinkOwner()

  /// Makes the scene; `change` gets the link's options, whose waits are short.
  init(_ change: (inout LinkOptions) -> Void = { _ in }) throws {
    loop = try EventLoop()
    engine = try FakeEngine(on: loop)
    var options = LinkOptions(
      url: WebSocketURL(isSecure: false, host: "127.0.0.1", port: engine.port), name: "w", version: "1")
    options.backoff = Backoff(initial: 1, maximum: 5, jitter: 0)
    change(&options)
    link = EngineLink(loop: loop, options: options)
    link.owner = owner
  }

  deinit {
    // A closed loop has no time to tell to a link that is still connecting.
    link.drop(nil)
    while link.connection != nil { loop.runOnce(waiting: false) }
    engine.away()
    loop.close()
  }

  /// Runs turns of the loop until `condition` holds; fails when that takes longer than any fact should.
  func run(_ what: Comment? = nil, location: SourceLocation = #_sourceLocation, until condition: () -> Bool) throws {
    guard loop.run(until: condition) else {
      Issue.record(what ?? "it did not happen", sourceLocation: location)
      throw Late()
    }
  }

  struct Late: Error {}

  /// Runs so many turns, without waiting.
  func turns(_ count: Int = 20) {
    for _ in 0..<count { loop.runOnce(waiting: false) }
  }

  /// Starts the link and waits until it is connected.
  func connect(location: SourceLocation = #_sourceLocation) throws {
    link.start()
    try run("connected", location: location) { link.state == .connected }
  }

  /// The engine's end of the present connection.
  func session(location: SourceLocation = #_sourceLocation) throws -> FakeEngine.Session {
    try #require(engine.last, sourceLocation: location)
  }

  /// Calls a function whose members are given as JSON texts, with as long a timeout as a test may wait for.
  func call(
    _ function: String = "f", payload: String? = "{}", queue: String? = nil, metadata: String? = nil,
    namespace: String? = nil, traceparent: String? = nil, baggage: String? = nil, action: CallAction = .synchronous,
    timeout: Int = 120_000, context: Int = 1
  ) -> EngineLink.Submission {
    var text: [UInt8] = []
    func place(_ value: String?) -> Range<Int>? {
      guard let value else { return nil }
      let start = text.count
      text += Array(value.utf8)
      return start..<text.count
    }
    var members = InvocationMembers(functionID: 0..<0)
    members.functionID = place("\"\(function)\"") ?? 0..<0
    members.payload = place(payload)
    members.queue = place(queue)
    members.metadata = place(metadata)
    members.namespace = place(namespace)
    members.traceparent = place(traceparent)
    members.baggage = place(baggage)
    return link.call(text.span, members, action: action, deadline: loop.now + timeout, context: context)
  }

  /// Answers an invocation.
  @discardableResult
  func answer(_ invocation: IncomingInvocation, function: String = "\"f\"", result: String) -> Bool {
    let token = Array(function.utf8)
    let text = Array(result.utf8)
    return link.answer(invocation, functionToken: token.span, result: text.span)
  }
}
