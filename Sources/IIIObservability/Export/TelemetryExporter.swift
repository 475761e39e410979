package import Transport

/// Gathers what a worker tells of itself, and sends it in batches and within limits (engine protocol, section 7).
///
/// Owned by a worker's core; lives on its loop. Nothing here makes a call wait or fail.
package final class TelemetryExporter {
  let loop: EventLoop
  let settings: TelemetrySettings
  /// Takes log lines from any thread.
  package let sink: TelemetrySink
  /// The worker's id, once the engine has told it.
  package var workerID: String?
  private let workerName: String
  let link: TelemetryLink
  private var random = RandomPool()
  private var spans: Batch<SpanRecord>
  private var bucket: TokenBucket
  private var calls = CallMetrics()
  private var gauges = WorkerGauges()
  /// How many spans were left out, all in all.
  private(set) var leftOut = 0
  private var droppedLogs = 0
  private var logDeadline: Int?
  private var metricDeadline: Int?
  private var timer: Timer?
  private let start = WallClock.nanoseconds

  package init(
    on loop: EventLoop, settings: TelemetrySettings, destination: TelemetryDestination, workerName: String,
    sink: TelemetrySink
  ) {
    self.loop = loop
    self.settings = settings
    self.sink = sink
    self.workerName = workerName
    link = TelemetryLink(on: loop, to: destination)
    let now = Int(loop.now.milliseconds)
    spans = Batch(limit: settings.spanBatch, interval: settings.spanInterval)
    bucket = TokenBucket(rate: settings.spansPerSecond, burst: settings.spanBurst, now: now)
    if settings.sendsMetrics { metricDeadline = now + settings.metricInterval }
    timer = Timer(on: loop) { [weak self] in self?.timeReached() }
    schedule()
  }

  deinit { timer?.close() }

  private var now: Int { Int(loop.now.milliseconds) }

  // MARK: - Calls

  /// The handling of a call begins.
  ///
  /// - Parameter traceparent: The caller's trace context.
  /// - Returns: The span that the work is, to be handed to ``end(_:function:baggage:input:outcome:)``.
  package func begin(traceparent: String?) -> RunningSpan {
    let parent = SpanContext(traceparent: traceparent)
    let high = parent?.traceHigh ?? random.next()
    let low = parent?.traceLow ?? random.next() | 1
    let isSampled = settings.sampler.samples(traceLow: low, parentIsSampled: parent?.isSampled)
    let flags = (parent?.flags ?? 0) & 0xfe | (isSampled ? 1 : 0)
    return RunningSpan(
      context: SpanContext(traceHigh: high, traceLow: low, span: random.next() | 1, flags: flags),
      parent: parent?.span, isAwaited: parent?.isSampled ?? false, start: WallClock.nanoseconds)
  }

  /// The handling of a call has ended.
  ///
  /// - Parameters:
  ///   - span: What ``begin(traceparent:)`` gave.
  ///   - function: The function's id.
  ///   - baggage: The caller's.
  ///   - input: The argument, a JSON text.
  ///   - outcome: How it came out.
  package func end(
    _ span: RunningSpan, function: String, baggage: String?, input: [UInt8], outcome: SpanOutcome
  ) {
    let end = max(span.start, WallClock.nanoseconds)
    let duration = Double(end - span.start) / 1_000_000
    var isError = false
    if case .failure = outcome { isError = true }
    if settings.sendsMetrics { calls.record(function, duration, failed: isError) }
    guard span.context.isSampled else { return }
    let isPreferred = isError || span.isAwaited || duration >= settings.slowCall
    guard bucket.take(isPreferred: isPreferred, now: now) else { return }
    var record = SpanRecord(
      name: "execute \(function)", context: span.context, parent: span.parent, start: span.start, end: end)
    let missing = bucket.takeRefused()
    leftOut += missing
    if missing > 0 { record.attributes.append(Attribute("iii.spans.left_out", .int(Int64(missing)))) }
    record.attributes += Baggage.spanAttributes(baggage)
    describe(&record, input, outcome)
    let size = record.events.reduce(300) { $0 + $1.attributes.reduce(50) { $0 + $1.value.size } }
    spans.append(record, size: size, now: now)
    if spans.deadline == now { sendSpans(force: false) }
    schedule()
  }

  private func describe(_ span: inout SpanRecord, _ input: [UInt8], _ outcome: SpanOutcome) {
    func payload(_ name: String, _ json: [UInt8], ok: Bool? = nil, time: UInt64) {
      guard let capture = settings.payloads else { return }
      let (text, isTruncated) = capture.text(json.span)
      var attributes = [
        Attribute("iii.payload.json", .string(text)), Attribute("iii.payload.truncated", .bool(isTruncated)),
      ]
      if let ok { attributes.append(Attribute("iii.payload.ok", .bool(ok))) }
      span.events.append(SpanRecord.Event(name, time: time, attributes: attributes))
    }
    payload("iii.invocation.input", input, time: span.start)
    switch outcome {
    case .success(let result):
      payload("iii.invocation.output", result, ok: true, time: span.end)
      span.status = .ok
    case .failure(let type, let message, let stacktrace):
      payload("iii.invocation.output", OTLPWriter.errorPayload(message), ok: false, time: span.end)
      var attributes = [Attribute("exception.type", .string(type)), Attribute("exception.message", .string(message))]
      if let stacktrace { attributes.append(Attribute("exception.stacktrace", .string(stacktrace))) }
      span.events.append(SpanRecord.Event("exception", time: span.end, attributes: attributes))
      span.status = .error(message)
    }
  }

  // MARK: - Time

  /// The sink has something.
  package func sinkFilled() {
    guard logDeadline == nil else { return }
    logDeadline = now + settings.logInterval
    schedule()
  }

  /// Sends all there is, for that many milliseconds at most, and ends.
  package func shutdown(within milliseconds: Int, then body: @escaping () -> Void) {
    sink.close()
    sendLogs()
    sendSpans(force: true)
    if metricDeadline != nil { sendMetrics() }
    metricDeadline = nil
    timer?.close()
    timer = nil
    link.end(within: milliseconds, then: body)
  }

  private func timeReached() {
    if let deadline = logDeadline, deadline <= now { sendLogs() }
    sendSpans(force: false)
    if let deadline = metricDeadline, deadline <= now {
      sendMetrics()
      metricDeadline = now + settings.metricInterval
    }
    schedule()
  }

  private func schedule() {
    guard let next = [logDeadline, metricDeadline, spans.deadline].compactMap(\.self).min() else { return }
    timer?.start(at: MonotonicTime(milliseconds: Int64(next)))
  }

  private func sendLogs() {
    logDeadline = nil
    let content = sink.take()
    droppedLogs += content.droppedLogs
    for start in stride(from: 0, to: content.logs.count, by: 512) {
      link.send(OTLPWriter.logs(content.logs[start..<min(start + 512, content.logs.count)], settings.resource))
    }
  }

  private func sendSpans(force: Bool) {
    let due = spans.take(now: now, force: force)
    if !due.isEmpty { link.send(OTLPWriter.spans(due, settings.resource)) }
  }

  private func sendMetrics() {
    let time = WallClock.nanoseconds
    leftOut += bucket.takeRefused()
    var metrics = gauges.metrics(
      ProcessUsage.current, workerID: workerID, workerName: workerName, start: start, time: time)
    metrics += calls.metrics(start: start, time: time)
    metrics += losses(time)
    link.send(OTLPWriter.metrics(metrics, settings.resource))
  }

  /// What did not get through.
  private func losses(_ time: UInt64) -> [Metric] {
    let counts = [("span", leftOut), ("log", droppedLogs), ("frame", link.dropped)]
    let points = counts.filter { $0.1 > 0 }.map { signal, count in
      Metric.Point(
        value: .int(Int64(count)), attributes: [Attribute("signal", .string(signal))], start: start, time: time)
    }
    guard !points.isEmpty else { return [] }
    return [
      Metric(
        name: "iii.worker.telemetry.left_out", description: "Telemetry that was not sent, because of a limit",
        unit: "1", kind: .sum, points: points)
    ]
  }
}
