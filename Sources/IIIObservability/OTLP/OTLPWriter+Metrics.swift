import Bytes
import RawJSON

extension OTLPWriter {
  /// The frame of some metrics.
  static func metrics(_ metrics: some Collection<Metric>, _ resource: TelemetryResource) -> [UInt8] {
    frame("MTRC", "resourceMetrics", "scopeMetrics", resource, scope: TelemetryResource.sdkName) { output in
      output.append(#""metrics":"#)
      list(metrics, &output, metric)
    }
  }

  private static func metric(_ metric: Metric, _ output: inout ByteBuffer) {
    output.append(#"{"name":"#)
    output.append(jsonString: metric.name)
    output.append(#","description":"#)
    output.append(jsonString: metric.description)
    output.append(#","unit":"#)
    output.append(jsonString: metric.unit)
    switch metric.kind {
    case .gauge: output.append(#","gauge":{"dataPoints":"#)
    case .sum: output.append(#","sum":{"aggregationTemporality":2,"isMonotonic":true,"dataPoints":"#)
    case .histogram: output.append(#","histogram":{"aggregationTemporality":2,"dataPoints":"#)
    }
    list(metric.points, &output) { point, output in
      output.append(#"{"attributes":"#)
      attributes(point.attributes, &output)
      output.append(#","startTimeUnixNano":"\#(point.start)","timeUnixNano":"\#(point.time)""#)
      switch point.value {
      case .int(let number): output.append(#","asInt":"\#(number)"}"#)
      case .double(let number): output.append(#","asDouble":\#(number.isFinite ? number : 0)}"#)
      case .histogram(let histogram):
        output.append(#","count":"\#(histogram.count)","sum":\#(histogram.sum),"bucketCounts":"#)
        list(histogram.buckets, &output) { $1.append(#""\#($0)""#) }
        output.append(#","explicitBounds":"#)
        list(Histogram.bounds, &output) { $1.append("\($0)") }
        output.append("}")
      }
    }
    output.append("}}")
  }
}
