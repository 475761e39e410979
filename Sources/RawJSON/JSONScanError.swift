/// Why a text is no JSON: what was found, and at which byte.
public struct JSONScanError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public enum Reason: Equatable, Sendable {
    /// The text ends inside a value.
    case unexpectedEnd
    /// This byte cannot stand here.
    case unexpectedByte(UInt8)
    /// The bytes are not UTF-8 (RFC 3629).
    case invalidUTF8
    /// A backslash is followed by no JSON escape.
    case invalidEscape
    /// Objects and arrays nest deeper than ``JSONEnvelope/deepest`` levels.
    case tooDeep
    /// The text is longer than 2 GiB.
    case tooLong
  }

  /// The byte, counted from 0, at which the text stops being JSON.
  public var offset: Int

  /// What is wrong there.
  public var reason: Reason

  /// One sentence part: the reason and the byte.
  public var description: String {
    switch reason {
    case .unexpectedEnd: "the text ends inside a value, at byte \(offset)"
    case .unexpectedByte(let byte): "unexpected \(Self.name(byte)) at byte \(offset)"
    case .invalidUTF8: "bytes that are not UTF-8 at byte \(offset)"
    case .invalidEscape: "a backslash that begins no JSON escape at byte \(offset)"
    case .tooDeep: "more than \(JSONEnvelope.deepest) levels of nesting at byte \(offset)"
    case .tooLong: "a text of more than 2 GiB"
    }
  }

  private static func name(_ byte: UInt8) -> String {
    if byte > 0x20, byte < 0x7f { return "'\(Character(Unicode.Scalar(byte)))'" }
    let digits = String(byte, radix: 16)
    return digits.count == 1 ? "byte 0x0\(digits)" : "byte 0x\(digits)"
  }
}
