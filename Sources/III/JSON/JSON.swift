import Bytes
import RawJSON

/// A JSON value as its text: what calls, results and metadata are made of.
///
/// Kept as it came, so that large numbers, the order of members and white space stay what they were.
public struct JSON: Sendable {
  /// The text, UTF-8.
  public let utf8: [UInt8]
  /// Whether the text was put together of others, so that nobody has counted its levels.
  private let isComposed: Bool

  /// A text that is known to be valid.
  init(valid utf8: [UInt8], isComposed: Bool = false) {
    self.utf8 = utf8
    self.isComposed = isComposed
  }

  /// The value whose text is `utf8`.
  ///
  /// - Throws: ``JSONError`` when it is no JSON, or holds what an engine would not take.
  public init(parsing utf8: [UInt8]) throws(JSONError) {
    var envelope = JSONEnvelope()
    do {
      try envelope.scan(utf8.span)
    } catch {
      throw JSONError(offset: error.offset, message: "\(error)")
    }
    if let violation = envelope.violationAsValue {
      throw JSONError(offset: violation.offset, message: "an engine would not take a \(violation)")
    }
    self.init(valid: utf8)
  }

  /// The value whose text is `text`; throws as the other.
  ///
  /// - Throws: ``JSONError``
  public init(parsing text: String) throws(JSONError) { try self.init(parsing: Array(text.utf8)) }

  /// What an engine would not take; nil when there is nothing, which costs a look at the text only when it was put
  /// together.
  var violation: JSONViolation? {
    // Each level has two brackets.
    guard isComposed, utf8.count > 2 * JSONEnvelope.deepestValue else { return nil }
    var envelope = JSONEnvelope()
    do { try envelope.scan(utf8.span) } catch { return JSONViolation(offset: error.offset, reason: .nestedTooDeep) }
    return envelope.violationAsValue
  }

  /// The text.
  public var text: String { String(decoding: utf8, as: UTF8.self) }
}

extension JSON: Hashable {
  /// Whether both texts are the same, byte for byte.
  public static func == (one: JSON, other: JSON) -> Bool {
    Word.areEqual(one.utf8.span, other.utf8.span)
  }

  /// Feeds the text.
  public func hash(into hasher: inout Hasher) { hasher.combine(utf8) }
}

extension JSON: CustomStringConvertible {
  /// The text.
  public var description: String { text }
}

/// Why a text is no ``JSON``.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The byte, counted from 0, where it goes wrong.
  public var offset: Int
  /// What is wrong, and where.
  public var message: String

  /// The message.
  public var description: String { message }
}
