import RawJSON

/// One parameter of a method, as a row of the table. A class for the reason that ``MethodDescription`` is one.
package final class Parameter: Sendable {
  /// What is taken when the parameter is left out.
  package enum Default: Equatable, Sendable {
    /// An integer.
    case integer(Int)
    /// A boolean.
    case boolean(Bool)
    /// A string.
    case string(String)
  }

  /// The member's name.
  package let name: String
  let key: JSONKey

  /// Which values it takes.
  package let kind: ParameterKind

  /// Whether the method refuses to go without it.
  package let isRequired: Bool

  /// What leaving it out means, where that is a value.
  package let standard: Default?

  /// One sentence for the user.
  package let summary: String

  init(
    _ name: String, _ kind: ParameterKind, isRequired: Bool = false, standard: Default? = nil, _ summary: String
  ) {
    self.name = name
    key = JSONKey(stringLiteral: name)
    self.kind = kind
    self.isRequired = isRequired
    self.standard = standard
    self.summary = summary
  }

  /// The integer that leaving it out means; 0 when there is none.
  var standardInteger: Int { if case .integer(let value) = standard { value } else { 0 } }

  /// The boolean that leaving it out means; false when there is none.
  var standardBoolean: Bool { if case .boolean(let value) = standard { value } else { false } }
}
