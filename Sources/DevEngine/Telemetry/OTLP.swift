/// Reads OTLP/JSON leniently, as engines do: what is absent or of another kind than expected counts as empty (engine
/// protocol, section 7.2).
enum OTLP {
  /// Calls `visit` for each element two levels down, such as `resourceSpans[].scopeSpans[].spans[]`, with what it
  /// belongs to.
  static func forEach(
    _ name: String, in scopes: String, of resources: String, _ content: JSONObject,
    visit: (JSONObject, TelemetrySource) -> Void
  ) {
    for resource in objects(content[resources]) {
      let attributes = attributes(resource["resource"]?.object?["attributes"])
      for scope in objects(resource[scopes]) {
        let source = TelemetrySource(resource: attributes, scope: scope["scope"]?.object)
        for element in objects(scope[name]) { visit(element, source) }
      }
    }
  }

  static func objects(_ value: JSONValue?) -> [JSONObject] { (value?.array ?? []).compactMap(\.object) }

  /// A list of keys and values as an object; of two equal keys the last one counts.
  static func attributes(_ value: JSONValue?) -> JSONObject {
    JSONObject(
      objects(value).compactMap { entry in
        entry["key"]?.string.map { JSONObject.Member(name: $0, value: plain(entry["value"])) }
      })
  }

  /// The value within an AnyValue; null for kinds that engines do not know, such as `bytesValue`.
  static func plain(_ value: JSONValue?) -> JSONValue {
    guard let object = value?.object else { return .null }
    if let text = object["stringValue"] { return text }
    if let flag = object["boolValue"] { return flag }
    if let number = object["doubleValue"] { return number }
    if let number = object["intValue"] { return integer(number).map(JSONValue.integer) ?? .null }
    if let list = object["arrayValue"]?.object { return .array((list["values"]?.array ?? []).map(plain)) }
    if let list = object["kvlistValue"]?.object { return .object(attributes(list["values"])) }
    return .null
  }

  /// A 64-bit number, which may be written as a decimal string.
  static func integer(_ value: JSONValue?) -> Int64? {
    switch value {
    case .integer(let number): number
    case .string(let digits): Int64(digits)
    default: nil
    }
  }

  /// A count or a time in nanoseconds; 0 when there is none.
  static func natural(_ value: JSONValue?) -> UInt64 {
    switch value {
    case .integer(let number): UInt64(clamping: number)
    case .unsigned(let number): number
    case .string(let digits): UInt64(digits) ?? 0
    default: 0
    }
  }

  /// A measured number of any kind; nil for none.
  static func double(_ value: JSONValue?) -> Double? {
    switch value {
    case .double(let number): number
    case .unsigned(let number): Double(number)
    default: integer(value).map(Double.init)
    }
  }

  /// An id in lower-case hexadecimal; nil for an empty one or one of nothing but zeros.
  static func id(_ value: JSONValue?) -> String? {
    guard let text = value?.string?.lowercased(), text.contains(where: { $0 != "0" }) else { return nil }
    return text
  }

  /// Attributes as lists show those of spans and metrics: pairs of texts.
  static func pairs(_ attributes: JSONObject) -> JSONValue {
    .array(attributes.members.map { [.string($0.name), .string($0.value.string ?? $0.value.text)] })
  }
}
