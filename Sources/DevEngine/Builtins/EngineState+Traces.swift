// The queries over spans. Their forms are those of engines from 0.23 on; internal spans and tags of traces do not exist
// here, so what an input says of them is ignored.
extension EngineState {
  /// `engine::traces::list`: all spans of the named traces, else the roots of all.
  func listTraces(_ call: BuiltinCall) throws -> BuiltinOutcome {
    let input = try call.members()
    let offset = try input.optionalNatural("offset") ?? 0
    let limit = try input.optionalNatural("limit") ?? 100
    let query = try SpanQuery(input)
    var found = telemetry.currentSpans.filter(query.matches)
    try found.sort(by: SpanQuery.order(input))
    let page = found.dropFirst(offset).prefix(limit)
    return .result([
      "spans": .array(page.map { .object($0.row) }), "total": .integer(Int64(found.count)),
      "offset": .integer(Int64(offset)), "limit": .integer(Int64(limit)),
    ])
  }

  /// `engine::traces::tree`: the spans of one trace, each with its children.
  func traceTree(_ call: BuiltinCall) throws -> BuiltinOutcome {
    let id = try call.members().requiredString("trace_id").lowercased()
    let spans = telemetry.currentSpans.filter { $0.traceID == id }.sorted { $0.start < $1.start }
    let known = Set(spans.map(\.spanID))
    var children: [String: [SpanRecord]] = [:]
    var roots: [SpanRecord] = []
    for span in spans {
      if let parent = span.parentSpanID, known.contains(parent), parent != span.spanID {
        children[parent, default: []].append(span)
      } else {
        roots.append(span)
      }
    }
    var visited: Set<String> = []
    return .result(["roots": .array(roots.map { Self.node($0, children, &visited, depth: 0) })])
  }

  /// How deep a tree is shown: deeper text would be no JSON for an engine.
  private static let deepestTree = 100

  private static func node(
    _ span: SpanRecord, _ children: [String: [SpanRecord]], _ visited: inout Set<String>, depth: Int
  ) -> JSONValue {
    var row = span.row
    var nodes: [JSONValue] = []
    // A span that names itself among its ancestors is shown once.
    if visited.insert(span.spanID).inserted, depth < deepestTree / 2 {
      for child in children[span.spanID] ?? [] where !visited.contains(child.spanID) {
        nodes.append(node(child, children, &visited, depth: depth + 1))
      }
    }
    row["children"] = .array(nodes)
    return .object(row)
  }

  /// `engine::traces::group_by`: the traces by the value of one attribute, the newest first.
  func groupTraces(_ call: BuiltinCall) throws -> BuiltinOutcome {
    let input = try call.members()
    let attribute = try input.requiredString("attribute")
    let since = UInt64(try input.optionalNatural("since_ms") ?? 0) &* 1_000_000
    let limit = try input.optionalNatural("limit") ?? 100
    let label = try input.optionalString("label_attribute")
    var groups: [String: TraceGroup] = [:]
    for span in telemetry.currentSpans where span.end >= since {
      guard let value = span.attributes[attribute] else { continue }
      let text = value.string ?? value.text
      groups[text, default: TraceGroup(value: text)].add(span, label: label)
    }
    let newest = groups.values.sorted { ($1.first, $0.value) < ($0.first, $1.value) }.prefix(limit)
    return .result(["groups": .array(newest.map { .object($0.row) })])
  }

  /// `engine::traces::clear`: forgets all spans.
  mutating func clearTraces(_ call: BuiltinCall) throws -> BuiltinOutcome {
    _ = try call.members()
    telemetry.clearSpans()
    return .result(["success": true])
  }
}
