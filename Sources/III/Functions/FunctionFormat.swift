/// What a function takes or returns, for people and tools: an engine keeps it with the function and checks nothing.
///
/// It is not derived from a handler's types, because Swift has no way to list the members of a type that is not there yet.
public enum FunctionFormat: Sendable, Hashable {
  /// A JSON Schema, sent as it is.
  case schema(JSON)
  /// The form of the console's own.
  case tree(RegisterFunctionFormat)

  /// What is sent.
  var json: JSON {
    switch self {
    case .schema(let schema): schema
    case .tree(let format): format.json
    }
  }
}

extension FunctionFormat: ExpressibleByDictionaryLiteral {
  /// A JSON Schema of these members.
  public init(dictionaryLiteral members: (String, JSON)...) { self = .schema(JSON(members: members)) }
}
