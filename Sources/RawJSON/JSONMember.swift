import Bytes

/// Where one member of an object, or one element of an array, stands in the scanned text.
///
/// Holds offsets only: it is read together with the text it was found in.
public struct JSONMember: Sendable {
  @usableFromInline var nameStart: UInt32 = 0
  @usableFromInline var nameEnd: UInt32 = 0
  @usableFromInline var valueStart: UInt32
  @usableFromInline var valueEnd: UInt32
  @usableFromInline var key: JSONKey

  /// The index of the member whose value this one belongs to; -1 for members of the text's root.
  public internal(set) var parent: Int32

  /// How many levels of objects and arrays the value has: 0 for a scalar, 1 for `{}`.
  public internal(set) var depth: UInt16 = 0

  /// The kind of the value.
  public internal(set) var kind: JSONKind = .null

  /// Whether the value is a string that has escapes, so that its characters are not the bytes that stand there.
  public internal(set) var isEscaped = false

  /// A member whose value begins at `valueStart`, and is empty until ``end(_:)``.
  @inline(__always)
  init(key: JSONKey, parent: Int, valueStart: UInt32) {
    self.key = key
    self.parent = Int32(truncatingIfNeeded: parent)
    self.valueStart = valueStart
    valueEnd = valueStart
  }

  /// Notes what is known of the value once it has ended.
  @inline(__always)
  mutating func end(_ value: JSONEnvelope.Value) {
    valueEnd = value.end
    depth = value.levels
    kind = value.kind
    isEscaped = value.isEscaped
  }

  /// The bytes of the name, without quotes; empty for an array's element.
  @inlinable public var name: Range<Int> { Int(nameStart)..<Int(nameEnd) }

  /// The bytes of the value; a string's quotes belong to it.
  @inlinable public var value: Range<Int> { Int(valueStart)..<Int(valueEnd) }

  /// Whether the member's name is `key`.
  @inlinable
  public func isNamed(_ key: JSONKey) -> Bool { self.key == key }
}

extension JSONMember {
  /// The value's bytes as they stand in `text`.
  @inlinable
  @_lifetime(copy text)
  public func raw(in text: Span<UInt8>) -> Span<UInt8> { text.extracting(value) }

  /// The characters of a string value; nil for any other kind.
  public func string(in text: Span<UInt8>) -> String? {
    guard kind == .string else { return nil }
    let content = text.extracting((value.lowerBound + 1)..<(value.upperBound - 1))
    return isEscaped ? JSONString.decode(content) : String(utf8: content)
  }

  /// The characters of a string value as a key, to be compared with others; nil for any other kind.
  public func key(in text: Span<UInt8>) -> JSONKey? {
    guard kind == .string else { return nil }
    let content = (valueStart &+ 1)..<(valueEnd &- 1)
    guard isEscaped else { return JSONKey(text, content) }
    return JSONKey(JSONString.decode(text.extracting(Int(content.lowerBound)..<Int(content.upperBound))).utf8.span)
  }

  /// The value of an integer that fits; nil for any other kind or size.
  public func integer(in text: Span<UInt8>) -> Int? {
    guard kind == .integer else { return nil }
    var index = value.lowerBound
    let negative = text[index] == UInt8(ascii: "-")
    if negative { index += 1 }
    var result = 0
    while index < value.upperBound {
      let digit = Int(text[index] &- UInt8(ascii: "0"))
      let (product, overflow) = result.multipliedReportingOverflow(by: 10)
      let (sum, carry) = negative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
      if overflow || carry { return nil }
      result = sum
      index += 1
    }
    return result
  }

  /// The value of `true` or `false`; nil for any other kind.
  public func boolean(in text: Span<UInt8>) -> Bool? {
    kind == .boolean ? text[value.lowerBound] == UInt8(ascii: "t") : nil
  }
}
