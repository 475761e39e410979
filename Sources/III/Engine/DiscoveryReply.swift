import RawJSON

/// Reads what `engine::functions::info` answers, in both of its forms, and `engine::functions::list` (engine protocol,
/// section 5.2). Rare, so it may scan anew.
enum DiscoveryReply {
  /// The rows of a result; nil when it has neither form.
  static func rows(_ result: Span<UInt8>) -> [FunctionRow]? {
    var envelope = JSONEnvelope()
    guard (try? envelope.scan(result)) != nil, envelope.root == .object else { return nil }
    if let list = envelope.find("functions"), list.kind == .array {
      let text = list.raw(in: result)
      guard (try? envelope.scan(text)) != nil else { return nil }
      return envelope.members.compactMap { row($0.raw(in: text)) }
    }
    return row(result).map { [$0] }
  }

  /// The ids in what `engine::functions::list` answers; nil when it has another form.
  static func ids(_ result: Span<UInt8>) -> [String]? {
    var envelope = JSONEnvelope()
    guard (try? envelope.scan(result)) != nil, let list = envelope.find("functions"), list.kind == .array else {
      return nil
    }
    return rows(result)?.map(\.id)
  }

  private static func row(_ text: Span<UInt8>) -> FunctionRow? {
    var envelope = JSONEnvelope()
    guard (try? envelope.scan(text)) != nil, let id = envelope.find("function_id")?.string(in: text) else { return nil }
    switch envelope.find("error")?.string(in: text) {
    case nil: return FunctionRow(id: id, finding: .found(worker: envelope.find("worker_name")?.string(in: text)))
    case "not_found": return FunctionRow(id: id, finding: .missing)
    default: return FunctionRow(id: id, finding: .hidden)
    }
  }
}
