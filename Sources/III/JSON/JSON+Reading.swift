import Bytes
import RawJSON

/// Each of these scans the text anew: for a few members, not for whole documents.
extension JSON {
  /// The member of an object; the last of equal names. Nil when this is no object or has none of the name.
  public subscript(name: String) -> JSON? {
    guard let envelope = scanned, envelope.root == .object else { return nil }
    let member = envelope.members.last { Self.text(of: utf8.span.extracting($0.name)) == name }
    return member.map { JSON(valid: Array(utf8[$0.value])) }
  }

  /// The elements of an array; nil when this is none.
  public var elements: [JSON]? {
    guard let envelope = scanned, envelope.root == .array else { return nil }
    return envelope.members.map { JSON(valid: Array(utf8[$0.value])) }
  }

  /// The members of an object, in order; nil when this is none.
  public var members: [(name: String, value: JSON)]? {
    guard let envelope = scanned, envelope.root == .object else { return nil }
    return envelope.members.map { member in
      (Self.text(of: utf8.span.extracting(member.name)), JSON(valid: Array(utf8[member.value])))
    }
  }

  /// The characters of a string; nil when this is none.
  public var string: String? { scalar { $0.string(in: $1) } }

  /// A whole number that fits; nil when this is none.
  public var integer: Int? { scalar { $0.integer(in: $1) } }

  /// A number; nil when this is none.
  public var number: Double? {
    scalar { member, text in
      guard member.kind == .integer || member.kind == .fraction else { return nil }
      return String(utf8: member.raw(in: text)).flatMap { Double($0) }
    }
  }

  /// `true` or `false`; nil when this is neither.
  public var boolean: Bool? { scalar { $0.boolean(in: $1) } }

  /// Whether this is null.
  public var isNull: Bool { scanned?.root == .null }

  private var scanned: JSONEnvelope? {
    var envelope = JSONEnvelope()
    return (try? envelope.scan(utf8.span)) == nil ? nil : envelope
  }

  /// What `body` reads from the value itself: it is scanned as the one element of an array.
  private func scalar<Value>(_ body: (JSONMember, Span<UInt8>) -> Value?) -> Value? {
    let text = [UInt8(ascii: "[")] + utf8 + [UInt8(ascii: "]")]
    var envelope = JSONEnvelope()
    guard (try? envelope.scan(text.span)) != nil, let member = envelope.members.first else { return nil }
    return body(member, text.span)
  }

  /// The characters of a member's name, of the bytes between its quotes.
  private static func text(of name: Span<UInt8>) -> String {
    var token = ByteBuffer(capacity: name.count + 2)
    token.append(UInt8(ascii: "\""))
    token.append(name)
    token.append(UInt8(ascii: "\""))
    return EngineLink.string(token.span)
  }
}
