/// One entry of `expose_functions`: which functions it opens, in one namespace (engine protocol, section 4.6).
package struct ExposureFilter: Equatable, Sendable {
  /// What a function must be like.
  package enum Condition: Equatable, Sendable {
    /// Its id is of that form.
    case id(WildcardPattern)
    /// Its metadata is an object with these members.
    case metadata([String: MetadataCondition])
  }

  /// What one member of the metadata must be like.
  package enum MetadataCondition: Equatable, Sendable {
    case exact(JSONValue)
    /// A text of that form.
    case text(WildcardPattern)

    func isMet(by value: JSONValue?) -> Bool {
      switch self {
      case .exact(let expected): value == expected
      case .text(let pattern): value?.string.map(pattern.matches) ?? false
      }
    }
  }

  package var condition: Condition
  /// The only namespace that it opens anything in.
  package var namespace = FunctionKey.defaultNamespace

  /// Whether it opens the function `key`, which has that metadata if it exists.
  func opens(_ key: FunctionKey, _ metadata: JSONValue?) -> Bool {
    guard key.namespace.isSameBytes(as: namespace) else { return false }
    switch condition {
    case .id(let pattern): return pattern.matches(key.id)
    case .metadata(let conditions):
      guard let members = metadata?.object else { return false }
      return conditions.allSatisfy { $1.isMet(by: members[$0]) }
    }
  }
}
