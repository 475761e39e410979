import Bytes
import HTTPClient

@testable import DevEngine

/// Plays a conversation with an ``EngineState`` in texts: frames in, and what comes out as lines `connection frame`.
/// Ids are counted: the first worker connected has id `…01` and token `…02`.
struct Conversation {
  private(set) var state: EngineState
  private var decoder = WorkerFrameDecoder()
  var now = 0
  /// How far the clock on the wall is before ``now``.
  var wallClockOffset: Int {
    get { state.wallClockOffset }
    set { state.wallClockOffset = newValue }
  }
  /// The calls over HTTP that were asked for.
  private(set) var callsOverHTTP: [HTTPFunctionCall] = []

  init(
    graceMilliseconds: Int = 5000, queue: EngineOptions.Queue = .none, testHooks: Bool = false,
    compatibility: Compatibility = .current,
    httpFunctions: HTTPFunctionRule = .strict, environment: [String: String] = [:]
  ) {
    var options = EngineOptions()
    options.graceMilliseconds = graceMilliseconds
    options.queue = queue
    options.testHooks = testHooks
    options.compatibility = compatibility
    options.httpFunctions = httpFunctions
    let counter = Counter()
    state = EngineState(options: options, startedAt: 1, environment: { environment[$0] }, makeID: { counter.next() })
  }

  private final class Counter {
    var count: UInt64 = 0
    func next() -> InvocationID {
      count += 1
      return InvocationID(high: 0x4000, low: 0x8000_0000_0000_0000 | count)
    }
  }

  /// The id that is made as the `number`th.
  static func id(_ number: Int) -> String {
    "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - String(number, radix: 16).count)
      + String(number, radix: 16)
  }

  /// The trace context that the engine begins with the `number`th id.
  static func traceparent(_ number: Int) -> String {
    TraceContext().entering(span: InvocationID(id(number)) ?? InvocationID(high: 0, low: 0)).traceparent ?? ""
  }

  /// A worker connects; what it is told.
  @discardableResult
  mutating func connect(
    _ connection: Int, rules: ListenerRules = ListenerRules(), _ change: (inout Arrival) -> Void = { _ in }
  ) -> [String] {
    var arrival = Arrival(address: "127.0.0.1", wallClock: 5)
    arrival.rules = rules
    change(&arrival)
    state.connected(connection, arrival, now: now)
    return lines()
  }

  /// A worker connects and announces itself; its id.
  @discardableResult
  mutating func join(_ connection: Int, name: String, namespace: String? = nil, more: String = "") -> String {
    connect(connection)
    announce(connection, name: name, namespace: namespace, more: more)
    return state.workers[connection]?.id ?? ""
  }

  @discardableResult
  mutating func announce(_ connection: Int, name: String, namespace: String? = nil, more: String = "") -> [String] {
    let member = namespace.map { #","namespace":"\#($0)""# } ?? ""
    return send(
      connection,
      #"""
      {"type":"invokefunction","invocation_id":"aaaaaaaa-0000-4000-8000-000000000000",
       "function_id":"engine::workers::register","data":{"name":"\#(name)","pid":1\#(member)\#(more)}}
      """#)
  }

  /// A frame arrives; what comes of it. A frame that is dropped gives `["dropped"]`.
  @discardableResult
  mutating func send(_ connection: Int, _ text: String) -> [String] {
    do {
      guard let message = try decoder.decode(text.utf8.span) else { return [] }
      state.received(message, from: connection, now: now)
    } catch {
      return ["dropped"]
    }
    return lines()
  }

  /// A telemetry frame arrives; what comes of it.
  @discardableResult
  mutating func telemetry(_ kind: TelemetryFrame.Kind, _ text: String) -> [String] {
    let payload = Array((kind.rawValue + text).utf8)
    do {
      state.received(try TelemetryFrame(kind, payload.span), now: now)
    } catch {
      return ["dropped"]
    }
    return lines()
  }

  mutating func disconnect(_ connection: Int) -> [String] {
    state.disconnected(connection, now: now)
    return lines()
  }

  /// A call over HTTP comes to its end.
  mutating func end(call number: Int, _ answer: Result<HTTPResponse, HTTPFailure>) -> [String] {
    state.calledOverHTTP(number, answer, now: now)
    return lines()
  }

  /// Time goes on.
  mutating func advance(to time: Int) -> [String] {
    now = time
    state.timeReached(time)
    return lines()
  }

  private mutating func lines() -> [String] {
    state.takeEffects().compactMap { effect in
      switch effect {
      case .send(let connection, let message):
        var text = ByteBuffer()
        message.write(into: &text)
        return "\(connection) \(String(utf8: text.span) ?? "no UTF-8")"
      case .close(let connection): return "\(connection) close"
      case .pauseReading(let connection): return "\(connection) pause"
      case .resumeReading(let connection): return "\(connection) resume"
      case .drop(let connection): return "\(connection) drop"
      case .control(let command, let by): return "\(by) \(command)"
      case .callOverHTTP(let call):
        callsOverHTTP.append(call)
        return "http \(call.number) \(call.functionID)"
      case .answerHTTP(let number, let outcome): return "answer \(number) \(outcome)"
      case .log: return nil
      }
    }
  }
}
