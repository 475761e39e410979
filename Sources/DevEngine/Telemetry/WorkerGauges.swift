/// The last gauges of one worker, as `engine::workers::info` shows them (engine protocol, sections 5.1 and 7.5).
enum WorkerGauges {
  /// The gauges that count, by their names on the wire, with their names in `latest_metrics`.
  static let names = [
    "iii.worker.memory.heap_used": "memory_heap_used", "iii.worker.memory.heap_total": "memory_heap_total",
    "iii.worker.memory.rss": "memory_rss", "iii.worker.memory.external": "memory_external",
    "iii.worker.cpu.user_micros": "cpu_user_micros", "iii.worker.cpu.system_micros": "cpu_system_micros",
    "iii.worker.cpu.percent": "cpu_percent", "iii.worker.event_loop.lag_ms": "event_loop_lag_ms",
    "iii.worker.uptime_seconds": "uptime_seconds",
  ]

  /// Those that lists show as numbers with a fraction.
  private static let fractional: Set = ["cpu_percent", "event_loop_lag_ms"]

  /// The last value of each gauge that names that worker; nil when there is none.
  ///
  /// - Parameters:
  ///   - worker: The worker's id.
  ///   - metrics: Oldest first.
  /// - Returns: The members of `latest_metrics`.
  static func latest(of worker: String, in metrics: some Sequence<MetricRecord>) -> JSONObject? {
    var latest = JSONObject()
    var time: UInt64 = 0
    for metric in metrics {
      guard let name = names[metric.name] else { continue }
      for point in metric.points where point.attributes["worker.id"]?.string == worker {
        guard case .number(let number) = point.value else { continue }
        latest[name] =
          fractional.contains(name) ? .double(number) : Int64(exactly: number.rounded()).map(JSONValue.integer)
        time = max(time, point.time)
      }
    }
    guard !latest.members.isEmpty else { return nil }
    latest["timestamp_ms"] = .natural(time / 1_000_000)
    // An engine says so of every worker, whatever it is written in.
    latest["runtime"] = "node"
    return latest
  }
}
