import Glibc
import III

/// The Swift SDK under `Benchmarks/sdk.py`, as worker and as caller; `sdk_peer.py` is the same for the Python SDK.
///
///     sdk-peer URL NAME
///
/// It serves `NAME::echo`, prints a line when that is registered, and then reads one order per line: a function, how many
/// calls are in flight at once, the size of the payload in bytes, and how many seconds to measure. Each is answered by a
/// line of JSON: the calls that were measured, all calls, the seconds, the processor time in µs per call, p50 and p99 in µs.
/// With SDK_PEER_ON_THREAD in the environment its handlers run on the worker's own thread.
@main struct Peer {
  let worker: Worker
  let clock = ContinuousClock()

  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 3 else {
      say("usage: sdk-peer URL NAME")
      exit(2)
    }
    var options = InitOptions()
    options.workerName = arguments[2]
    if unsafe getenv("SDK_PEER_ON_THREAD") != nil { options.handlers = .workerThread }
    let peer = Peer(worker: try await registerWorker(arguments[1], options: options))
    try await peer.serve(arguments[2])
    await peer.worker.shutdown()
  }

  func serve(_ name: String) async throws {
    let function = try await worker.registerFunction("\(name)::echo") { $0.payload }
    try await worker.trigger(function.id, payload: 1)
    Self.say("ready")
    while let line = readLine() {
      let words = line.split(separator: " ").map(String.init)
      guard words.count == 4, let inFlight = Int(words[1]), let size = Int(words[2]), let seconds = Double(words[3])
      else {
        Self.say("an order is: FUNCTION IN_FLIGHT BYTES SECONDS")
        exit(2)
      }
      let payload = JSON(String(repeating: "x", count: size - 2))
      Self.say("\(try await measure(words[0], payload, inFlight: inFlight, seconds: seconds))")
    }
  }

  func measure(_ function: String, _ payload: JSON, inFlight: Int, seconds: Double) async throws -> JSON {
    let warm = try await run(function, payload, inFlight: inFlight, seconds: 0.2)
    let cpu = Glibc.clock()
    let begin = clock.now
    let durations = try await run(function, payload, inFlight: inFlight, seconds: seconds).sorted()
    let took = Self.microseconds(clock.now - begin) / 1_000_000
    let spent = Double(Glibc.clock() - cpu)
    let count = Double(durations.count)
    return [
      "calls": JSON(durations.count), "all_calls": JSON(durations.count + warm.count), "seconds": JSON(took),
      "calls_per_second": JSON(count / took), "server_cpu_us": JSON(spent / count),
      "p50_us": JSON(Self.microseconds(durations[durations.count / 2])),
      "p99_us": JSON(Self.microseconds(durations[durations.count * 99 / 100])),
    ]
  }

  /// `inFlight` rows of calls side by side; the duration of each call.
  func run(_ function: String, _ payload: JSON, inFlight: Int, seconds: Double) async throws -> [Duration] {
    let end = clock.now + .seconds(seconds)
    return try await withThrowingTaskGroup(of: [Duration].self) { group in
      for _ in 0..<inFlight { group.addTask { try await row(function, payload, until: end) } }
      return try await group.reduce(into: []) { $0 += $1 }
    }
  }

  /// Calls one at a time.
  func row(_ function: String, _ payload: JSON, until end: ContinuousClock.Instant) async throws -> [Duration] {
    var durations: [Duration] = []
    var last = clock.now
    while last < end {
      let reply = try await worker.trigger(function, payload: payload)
      guard reply == payload else { throw InvocationError(code: "WRONG", message: "not what was sent") }
      let now = clock.now
      durations.append(now - last)
      last = now
    }
    return durations
  }

  static func microseconds(_ duration: Duration) -> Double { duration / .microseconds(1) }

  /// Prints a line at once, also into a pipe.
  static func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe write(STDOUT_FILENO, $0.baseAddress, $0.count) }
  }
}
