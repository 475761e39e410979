/// A value beside a log line or in a span. Literals of every kind make one: `["order": 7, "items": ["a", "b"]]`.
public indirect enum AttributeValue: Sendable, Equatable {
  /// No value.
  case null
  /// True or false.
  case bool(Bool)
  /// A whole number.
  case int(Int64)
  /// Any other number.
  case double(Double)
  /// A text.
  case string(String)
  /// Values in order.
  case array([AttributeValue])
  /// Names with their values, in order.
  case object([Attribute])
}

extension AttributeValue: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// A text.
  public init(stringLiteral text: String) { self = .string(text) }
  /// A whole number.
  public init(integerLiteral number: Int64) { self = .int(number) }
  /// A number.
  public init(floatLiteral number: Double) { self = .double(number) }
  /// True or false.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// No value.
  public init(nilLiteral: ()) { self = .null }
  /// Values in order.
  public init(arrayLiteral elements: AttributeValue...) { self = .array(elements) }
  /// Names with their values, in order.
  public init(dictionaryLiteral members: (String, AttributeValue)...) {
    self = .object(members.map { Attribute($0.0, $0.1) })
  }
}
