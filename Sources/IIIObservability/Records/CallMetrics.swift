/// Calls counted and timed, by function: every one, so that nothing is lost from the figures when spans are left out
/// (engine protocol, section 7.7). Owned by a ``TelemetryExporter``.
package struct CallMetrics: Sendable {
  private struct Figures: Sendable {
    var failures: UInt64 = 0
    var durations = Histogram()
  }

  /// The most functions that are told apart; calls of others are counted under an empty name.
  private static let maximumFunctions = 1000

  private var functions: [String: Figures] = [:]

  package init() {}

  /// Counts a call; the duration is in milliseconds.
  package mutating func record(_ function: String, _ duration: Double, failed: Bool) {
    let name = functions.count < Self.maximumFunctions || functions[function] != nil ? function : ""
    functions[name, default: Figures()].durations.record(duration)
    if failed { functions[name]?.failures += 1 }
  }

  /// The metrics; without a call there are none.
  func metrics(start: UInt64, time: UInt64) -> [Metric] {
    guard !functions.isEmpty else { return [] }
    var calls: [Metric.Point] = []
    var durations: [Metric.Point] = []
    for (name, figures) in functions.sorted(by: { $0.key < $1.key }) {
      let function = Attribute("iii.function.id", .string(name))
      let succeeded = figures.durations.count - figures.failures
      for (status, count) in [("ok", succeeded), ("error", figures.failures)] where count > 0 {
        calls.append(
          Metric.Point(
            value: .int(Int64(clamping: count)), attributes: [function, Attribute("status", .string(status))],
            start: start, time: time))
      }
      durations.append(
        Metric.Point(value: .histogram(figures.durations), attributes: [function], start: start, time: time))
    }
    return [
      Metric(
        name: "iii.worker.invocations", description: "Calls that were handled", unit: "1", kind: .sum, points: calls),
      Metric(
        name: "iii.worker.invocation.duration", description: "How long handlers took", unit: "ms", kind: .histogram,
        points: durations),
    ]
  }
}
