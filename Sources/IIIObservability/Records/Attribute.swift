/// A name with its value.
public struct Attribute: Sendable, Equatable {
  /// The name, as `service.name`.
  public var key: String
  /// The value.
  public var value: AttributeValue

  /// `value` under `key`.
  public init(_ key: String, _ value: AttributeValue) {
    self.key = key
    self.value = value
  }
}
