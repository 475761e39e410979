import Bytes

/// A decoded JSON value, as a real engine holds it: payloads do not cross an engine byte for byte, they are decoded and
/// written anew (engine protocol, section 0). Owned by whoever received the frame.
package enum JSONValue: Equatable, Sendable {
  case null
  case boolean(Bool)
  /// A whole number that fits 64 bits with a sign.
  case integer(Int64)
  /// A whole number from 2^63 to 2^64-1; smaller ones are ``integer(_:)``.
  case unsigned(UInt64)
  /// Every other number.
  case double(Double)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)
}

extension JSONValue {
  /// The characters of a string; nil for any other kind.
  package var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The members of an object; nil for any other kind.
  package var object: JSONObject? {
    if case .object(let object) = self { object } else { nil }
  }

  /// The elements of an array; nil for any other kind.
  package var array: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// A whole number that fits; nil for any other kind.
  package var integer: Int? {
    if case .integer(let number) = self { Int(number) } else { nil }
  }

  /// What the value is, as an error message names it.
  var kindName: String {
    switch self {
    case .null: "null"
    case .boolean: "a boolean"
    case .integer, .unsigned: "an integer"
    case .double: "a floating point number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

// Not by nil: it would make the removal of an optional member its setting to null.
extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(stringLiteral text: String) { self = .string(text) }
  package init(integerLiteral number: Int64) { self = .integer(number) }
  package init(booleanLiteral value: Bool) { self = .boolean(value) }
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  package init(dictionaryLiteral members: (String, JSONValue)...) {
    self = .object(JSONObject(members.map { JSONObject.Member(name: $0.0, value: $0.1) }))
  }
}

extension JSONValue {
  /// A string, or null for none.
  init(_ text: String?) { self = text.map(JSONValue.string) ?? .null }

  /// The written text.
  var text: String {
    var written = ByteBuffer()
    written.append(json: self)
    return String(utf8: written.span) ?? ""
  }

  /// Whether the written text has more than `limit` bytes.
  func isLarger(than limit: Int) -> Bool {
    // Writing makes a string at most six times as long and a number about three times as long as it is estimated.
    guard sizeEstimate > limit / 8 else { return false }
    var written = ByteBuffer(capacity: sizeEstimate)
    written.append(json: self)
    return written.count > limit
  }

  /// The size of the written text: exact for a string without escapes, rough otherwise.
  var sizeEstimate: Int {
    switch self {
    case .string(let text): text.utf8.count + 2
    case .array(let elements): elements.reduce(2) { $0 + $1.sizeEstimate + 1 }
    case .object(let object): object.members.reduce(2) { $0 + $1.name.utf8.count + $1.value.sizeEstimate + 4 }
    default: 8
    }
  }
}
