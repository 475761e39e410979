import Bytes
import RawJSON

extension JSON {
  /// `null`
  public static let null = JSON(valid: Array("null".utf8))

  /// A JSON string of these characters.
  public init(_ string: String) {
    var buffer = ByteBuffer(capacity: string.utf8.count + 2)
    buffer.append(jsonString: string)
    self.init(valid: [UInt8](copying: buffer.span))
  }

  /// A number.
  public init(_ integer: Int) { self.init(valid: Array(String(integer).utf8)) }

  /// A number; null for one that JSON does not have (infinity, not a number).
  public init(_ number: Double) { self.init(valid: Array((number.isFinite ? "\(number)" : "null").utf8)) }

  /// `true` or `false`
  public init(_ boolean: Bool) { self.init(valid: Array((boolean ? "true" : "false").utf8)) }

  /// An array of these values.
  public init(_ elements: [JSON]) {
    var buffer = ByteBuffer()
    buffer.append(UInt8(ascii: "["))
    for (index, element) in elements.enumerated() {
      if index > 0 { buffer.append(UInt8(ascii: ",")) }
      buffer.append(element.utf8.span)
    }
    buffer.append(UInt8(ascii: "]"))
    self.init(valid: [UInt8](copying: buffer.span), isComposed: true)
  }
}

extension JSON: ExpressibleByStringLiteral {
  /// A JSON string of these characters.
  public init(stringLiteral string: String) { self.init(string) }
}

extension JSON: ExpressibleByIntegerLiteral {
  /// A number.
  public init(integerLiteral integer: Int) { self.init(integer) }
}

extension JSON: ExpressibleByFloatLiteral {
  /// A number.
  public init(floatLiteral number: Double) { self.init(number) }
}

extension JSON: ExpressibleByBooleanLiteral {
  /// `true` or `false`
  public init(booleanLiteral boolean: Bool) { self.init(boolean) }
}

extension JSON: ExpressibleByNilLiteral {
  /// `null`
  public init(nilLiteral: ()) { self = .null }
}

extension JSON: ExpressibleByArrayLiteral {
  /// An array of these values.
  public init(arrayLiteral elements: JSON...) { self.init(elements) }
}

extension JSON: ExpressibleByDictionaryLiteral {
  /// An object of these members, in this order.
  public init(dictionaryLiteral members: (String, JSON)...) { self.init(members: members) }

  /// An object of these members, in this order.
  public init(members: [(String, JSON)]) {
    var buffer = ByteBuffer()
    buffer.append(UInt8(ascii: "{"))
    for (index, member) in members.enumerated() {
      if index > 0 { buffer.append(UInt8(ascii: ",")) }
      buffer.append(jsonString: member.0)
      buffer.append(UInt8(ascii: ":"))
      buffer.append(member.1.utf8.span)
    }
    buffer.append(UInt8(ascii: "}"))
    self.init(valid: [UInt8](copying: buffer.span), isComposed: true)
  }
}
