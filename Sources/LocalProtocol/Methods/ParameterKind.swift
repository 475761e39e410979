/// What values a parameter takes: what is checked when a request is read, and what its schema says.
package enum ParameterKind: Sendable {
  /// A string, empty or not.
  case string
  /// A string with at least one character that is no white space.
  case nonBlankString
  /// An integer in a range.
  case integer(ClosedRange<Int>)
  /// `true` or `false`.
  case boolean
  /// One of these strings.
  case enumeration([String])
  /// An array of at least one of these strings.
  case choices([String])
  /// An array of strings.
  case strings
  /// A request's id: a string or an integer.
  case id
  /// Any JSON value, null included; carried as it stands.
  case json
  /// An object, carried as it stands.
  case object
  /// An object with these members and no others.
  case members([Parameter])
  /// An object of strings, with any names.
  case stringMap
  /// An object whose `type` is one of these names, with the members that belong to it.
  case variants([(type: String, members: [Parameter])])
  /// What is wanted of a call: `{"type":"void"}` or `{"type":"enqueue","queue":…}`. A method has at most one parameter
  /// of this kind or of `members`.
  case action
}

extension ParameterKind {
  /// Whether `null` is a value of this kind.
  var takesNull: Bool { if case .json = self { true } else { false } }

  /// What is expected, as it stands behind "must be".
  package var expectation: String {
    switch self {
    case .string: "a string"
    case .nonBlankString: "a string that is not blank"
    case .integer(let range) where range.lowerBound == range.upperBound: "\(range.lowerBound)"
    case .integer(let range): "an integer from \(range.lowerBound) to \(range.upperBound)"
    case .boolean: "true or false"
    case .enumeration(let values): values.map { "\"\($0)\"" }.joined(separator: " or ")
    case .choices(let values): "an array of at least one of \(values.map { "\"\($0)\"" }.joined(separator: ", "))"
    case .strings: "an array of strings"
    case .id: "the id of a request: a string or an integer"
    case .json: "a JSON value"
    case .object, .members: "an object"
    case .stringMap: "an object of strings"
    case .variants(let variants):
      "an object whose type is \(variants.map { "\"\($0.type)\"" }.joined(separator: " or "))"
    case .action: "{\"type\":\"void\"} or {\"type\":\"enqueue\",\"queue\":…}"
    }
  }
}
