extension Shape {
  /// The JSON Schema (draft 7).
  var schema: Report {
    switch self {
    case .string: .object(["type": "string"])
    case .words(let words): .object(["type": "string", "enum": .array(words.map { .string($0) })])
    case .integer: .object(["type": "integer"])
    case .boolean: .object(["type": "boolean"])
    case .anything: .object(["type": .array(["null", "boolean", "number", "string", "array", "object"])])
    case .array(let element): .object(["type": "array", "items": element.schema])
    case .map(let value): .object(["type": "object", "additionalProperties": value.schema])
    case .object(let members): Self.object(members, isOpen: false)
    case .engineRow(let members): Self.object(members, isOpen: true)
    case .optional(let shape): shape.schema
    case .either(let shapes): .object(["anyOf": .array(shapes.map(\.schema))])
    }
  }

  private static func object(_ members: KeyValuePairs<String, Shape>, isOpen: Bool) -> Report {
    let required = members.filter { if case .optional = $0.value { false } else { true } }
    return .object([
      "type": "object",
      "required": required.isEmpty ? nil : .array(required.map { .string($0.key) }),
      "properties": .members(members.map { ($0.key, $0.value.schema) }),
      "additionalProperties": .boolean(isOpen),
    ])
  }
}
