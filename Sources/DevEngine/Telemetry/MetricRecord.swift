/// A stored metric: one report of it, with its points.
struct MetricRecord: Equatable, Sendable {
  let name: String
  let description: String
  let unit: String
  /// `gauge`, `counter`, `updowncounter`, or `histogram`.
  let kind: String
  let points: [MetricPoint]
  let source: TelemetrySource
  /// When the engine got it, in milliseconds since 1970.
  let received: Int

  /// The metric that OTLP describes; nil without a name or of a kind that engines do not know.
  init?(_ metric: JSONObject, from source: TelemetrySource, received: Int) {
    guard let name = metric["name"]?.string else { return nil }
    if let gauge = metric["gauge"]?.object {
      kind = "gauge"
      points = OTLP.objects(gauge["dataPoints"]).map(MetricPoint.init(number:))
    } else if let sum = metric["sum"]?.object {
      kind = sum["isMonotonic"] == .boolean(true) ? "counter" : "updowncounter"
      points = OTLP.objects(sum["dataPoints"]).map(MetricPoint.init(number:))
    } else if let histogram = metric["histogram"]?.object {
      kind = "histogram"
      points = OTLP.objects(histogram["dataPoints"]).map(MetricPoint.init(histogram:))
    } else {
      return nil
    }
    self.name = name
    self.source = source
    self.received = received
    description = metric["description"]?.string ?? ""
    unit = metric["unit"]?.string ?? ""
  }

  /// When the last of its points was taken, in nanoseconds since 1970.
  var time: UInt64 { points.map(\.time).max() ?? 0 }

  /// The row of lists.
  var row: JSONObject {
    var row: JSONObject = [
      "name": .string(name), "description": .string(description), "unit": .string(unit), "metric_type": .string(kind),
      "data_points": .array(points.map { .object($0.row) }), "service_name": .string(source.serviceName),
      "timestamp_unix_nano": .natural(time),
    ]
    source.describeScope(in: &row)
    return row
  }
}
