extension ParameterKind {
  /// The JSON Schema (draft 7) of the values that the parameter takes.
  var schema: Report {
    switch self {
    case .string: .object(["type": "string"])
    case .nonBlankString: .object(["type": "string", "pattern": #"\S"#])
    case .integer(let range):
      .object([
        "type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound),
      ])
    case .boolean: .object(["type": "boolean"])
    case .enumeration(let values): .object(["type": "string", "enum": .array(values.map { .string($0) })])
    case .choices(let values):
      .object([
        "type": "array", "minItems": 1,
        "items": .object(["type": "string", "enum": .array(values.map { .string($0) })]),
      ])
    case .strings: .object(["type": "array", "items": .object(["type": "string"])])
    case .id: .object(["type": .array(["string", "integer"])])
    case .json: .object([:])
    case .object: .object(["type": "object"])
    case .members(let members): Self.object(members)
    case .stringMap: .object(["type": "object", "additionalProperties": .object(["type": "string"])])
    case .variants(let variants):
      .object(["oneOf": .array(variants.map { Self.object($0.members, type: $0.type) })])
    case .action:
      .object([
        "oneOf": .array([
          .object([
            "type": "object", "required": .array(["type"]), "properties": .object(["type": .object(["const": "void"])]),
          ]),
          .object([
            "type": "object", "required": .array(["type", "queue"]),
            "properties": .object(["type": .object(["const": "enqueue"]), "queue": .object(["type": "string"])]),
          ]),
        ])
      ])
    }
  }

  /// The schema of an object with these members, and with this `type` if one is given; a client's own, whose names begin
  /// with `x-`, are ignored.
  static func object(_ members: [Parameter], type: String? = nil) -> Report {
    let required = (type == nil ? [] : ["type"]) + members.filter(\.isRequired).map(\.name)
    let tag: [(String, Report)] = type.map { [("type", .object(["const": .string($0)]))] } ?? []
    return .object([
      "type": "object",
      "required": required.isEmpty ? nil : .array(required.map { .string($0) }),
      "properties": .members(tag + members.compactMap { member in member.schema.map { (member.name, $0) } }),
      "patternProperties": .object(["^x-": .object([:])]),
      "additionalProperties": false,
    ])
  }
}

extension Parameter {
  /// The schema of the values that it takes, with what leaving it out means.
  var schema: Report? {
    guard case .object(let members) = kind.schema else { return nil }
    let known = members.compactMap { name, value in value.map { (name, $0) } }
    return .members(known + (standard.map { [("default", $0.report)] } ?? []))
  }
}

extension Parameter.Default {
  fileprivate var report: Report {
    switch self {
    case .integer(let value): .integer(value)
    case .boolean(let value): .boolean(value)
    case .string(let value): .string(value)
    }
  }
}
