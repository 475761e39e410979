/// What kind of value a JSON text or member is.
public enum JSONKind: UInt8, Sendable {
  /// `{…}`
  case object
  /// `[…]`
  case array
  /// `"…"`
  case string
  /// A number without fraction and exponent.
  case integer
  /// A number with a fraction or an exponent.
  case fraction
  /// `true` or `false`
  case boolean
  /// `null`
  case null
}
