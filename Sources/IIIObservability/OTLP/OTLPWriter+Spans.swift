import Bytes
import RawJSON

extension OTLPWriter {
  /// The frame of some spans.
  static func spans(_ spans: some Collection<SpanRecord>, _ resource: TelemetryResource) -> [UInt8] {
    frame("OTLP", "resourceSpans", "scopeSpans", resource, scope: TelemetryResource.sdkName) { output in
      output.append(#""spans":"#)
      list(spans, &output, span)
    }
  }

  private static func span(_ span: SpanRecord, _ output: inout ByteBuffer) {
    output.append(#"{"traceId":"\#(span.context.traceID)","spanId":"\#(span.context.spanID)","#)
    if let parent = span.parent { output.append(#""parentSpanId":"\#(SpanContext.digits(parent))","#) }
    output.append(#""name":"#)
    output.append(jsonString: span.name)
    output.append(
      #","kind":\#(span.kind.rawValue),"startTimeUnixNano":"\#(span.start)","endTimeUnixNano":"\#(span.end)","attributes":"#
    )
    attributes(span.attributes, &output)
    output.append(#","events":"#)
    list(span.events, &output) { event, output in
      output.append(#"{"name":"#)
      output.append(jsonString: event.name)
      output.append(#","timeUnixNano":"\#(event.time)","attributes":"#)
      attributes(event.attributes, &output)
      output.append("}")
    }
    output.append(#","links":[],"status":{"code":"#)
    switch span.status {
    case .unset: output.append("0}")
    case .ok: output.append("1}")
    case .error(let message):
      output.append(#"2,"message":"#)
      output.append(jsonString: message)
      output.append("}")
    }
    output.append(#","flags":\#(span.context.flags)}"#)
  }

  /// The frame of some log lines.
  static func logs(_ entries: some Collection<LogEntry>, _ resource: TelemetryResource) -> [UInt8] {
    frame("LOGS", "resourceLogs", "scopeLogs", resource, scope: "iii.logger") { output in
      output.append(#""logRecords":"#)
      list(entries, &output, log)
    }
  }

  private static func log(_ entry: LogEntry, _ output: inout ByteBuffer) {
    output.append(
      #"{"timeUnixNano":"\#(entry.time)","observedTimeUnixNano":"\#(entry.time)","severityNumber":"#)
    output.append(#"\#(entry.level.rawValue),"severityText":"\#(entry.level.text)","body":"#)
    value(.string(entry.message), &output)
    var list = [Attribute("service.name", .string(entry.logger))]
    if let data = entry.data { list.append(Attribute("log.data", data)) }
    output.append(#","attributes":"#)
    attributes(list, &output)
    if let span = entry.span {
      output.append(#","traceId":"\#(span.traceID)","spanId":"\#(span.spanID)""#)
    }
    output.append("}")
  }
}
