import Transport

/// The gauges of a worker's process, by the names that an engine knows (engine protocol, section 7.5). A Swift program has
/// no heap of a fixed size, so there are none of the heap.
struct WorkerGauges {
  private var last: (usage: ProcessUsage, time: UInt64)?

  /// The gauges at `time`; the load of the processor is since the last time.
  mutating func metrics(
    _ usage: ProcessUsage, workerID: String?, workerName: String, start: UInt64, time: UInt64
  ) -> [Metric] {
    var attributes = [Attribute("worker.name", .string(workerName))]
    if let workerID { attributes.append(Attribute("worker.id", .string(workerID))) }
    func gauge(_ name: String, _ unit: String, _ value: Metric.Value) -> Metric {
      let point = Metric.Point(value: value, attributes: attributes, start: start, time: time)
      return Metric(name: "iii.worker.\(name)", unit: unit, kind: .gauge, points: [point])
    }
    let before = last ?? (ProcessUsage(), start)
    last = (usage, time)
    let busy =
      usage.userMicroseconds + usage.systemMicroseconds - before.usage.userMicroseconds
      - before.usage.systemMicroseconds
    let elapsed = Double(time > before.time ? time - before.time : 1) / 1000
    var metrics = [
      gauge("cpu.percent", "%", .double(Double(busy) / elapsed * 100)),
      gauge("cpu.user_micros", "us", .int(Int64(usage.userMicroseconds))),
      gauge("cpu.system_micros", "us", .int(Int64(usage.systemMicroseconds))),
      gauge("uptime_seconds", "s", .double(Double(time > start ? time - start : 0) / 1_000_000_000)),
    ]
    if let bytes = usage.residentBytes { metrics.append(gauge("memory.rss", "By", .int(Int64(bytes)))) }
    return metrics
  }
}
