/// One point of a metric, for one set of attributes.
struct MetricPoint: Equatable, Sendable {
  /// What was measured.
  enum Value: Equatable, Sendable {
    case number(Double)
    case histogram(count: UInt64, sum: Double, buckets: [UInt64], bounds: [Double])
  }

  let value: Value
  let attributes: JSONObject
  /// In nanoseconds since 1970.
  let time: UInt64

  /// A point of a gauge or a sum.
  init(number point: JSONObject) {
    value = .number(OTLP.double(point["asDouble"]) ?? OTLP.double(point["asInt"]) ?? 0)
    attributes = OTLP.attributes(point["attributes"])
    time = OTLP.natural(point["timeUnixNano"])
  }

  /// A point of a histogram with explicit bounds.
  init(histogram point: JSONObject) {
    value = .histogram(
      count: OTLP.natural(point["count"]), sum: OTLP.double(point["sum"]) ?? 0,
      buckets: (point["bucketCounts"]?.array ?? []).map { OTLP.natural($0) },
      bounds: (point["explicitBounds"]?.array ?? []).compactMap { OTLP.double($0) })
    attributes = OTLP.attributes(point["attributes"])
    time = OTLP.natural(point["timeUnixNano"])
  }

  var row: JSONObject {
    var row: JSONObject = ["attributes": OTLP.pairs(attributes), "timestamp_unix_nano": .natural(time)]
    switch value {
    case .number(let number): row["value"] = .double(number)
    case .histogram(let count, let sum, let buckets, let bounds):
      row["count"] = .natural(count)
      row["sum"] = .double(sum)
      row["bucket_counts"] = .array(buckets.map(JSONValue.natural))
      row["explicit_bounds"] = .array(bounds.map(JSONValue.double))
    }
    return row
  }
}
