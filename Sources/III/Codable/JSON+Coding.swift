import Bytes
import RawJSON

/// JSON from and to a program's own types, without Foundation: docs/decisions/0008-own-codable-coders.md.
///
/// What a type encodes itself to is what Foundation's coders make of it, with these differences: a `Double` keeps its
/// point (`1.0`, not `1`), so that it stays a floating-point number in other languages; and Foundation's own types are
/// nothing special, so that a `Data` is an array of numbers, a `URL` an object, and a `Date` a number of seconds since
/// 2001. A program that wants them otherwise encodes with Foundation and makes a ``JSON`` of the bytes by
/// ``init(parsing:)-(_)``.
extension JSON {
  /// The value that `value` encodes itself to.
  ///
  /// - Parameters:
  ///   - value: Anything. A ``JSON`` in it is taken over as it is.
  ///   - userInfo: Handed to the types that encode themselves.
  /// - Throws: `EncodingError`, with the path to what cannot be written: a number that is not finite, more than 126
  ///   levels (an engine would take neither); and whatever the type itself throws.
  public init(encoding value: some Encodable, userInfo: [CodingUserInfoKey: any Sendable] = [:]) throws {
    let text = EncodingText(userInfo: userInfo)
    try text.write(value, level: 0)
    if let failure = text.failure { throw failure }
    if text.parts.isEmpty {
      text.close()
      self.init(valid: [UInt8](copying: text.buffer.span), isComposed: text.holdsRaw)
    } else {
      let holdsRaw = text.holdsAnyRaw
      var output = ByteBuffer(capacity: 2 * text.buffer.count)
      try text.append(to: &output)
      self.init(valid: [UInt8](copying: output.span), isComposed: holdsRaw)
    }
    // What was taken over as it is, is valid; but together there may be too many levels.
    if let violation {
      throw EncodingError.invalidValue(
        value, EncodingError.Context(codingPath: [], debugDescription: "an engine would not take a \(violation)"))
    }
  }

  /// The value as a `type`.
  ///
  /// - Parameters:
  ///   - type: What to make of it.
  ///   - userInfo: Handed to the types that decode themselves.
  /// - Returns: The value.
  /// - Throws: `DecodingError`, with the path to what does not fit; and whatever the type itself throws.
  public func decode<Value: Decodable>(
    _ type: Value.Type = Value.self, userInfo: [CodingUserInfoKey: any Sendable] = [:]
  ) throws -> Value {
    try DecodingText(self, userInfo: userInfo, worker: nil, isArgument: false).decode(type, at: 0)
  }

  /// The value as a `type`, for a worker.
  ///
  /// - Parameters:
  ///   - type: What to make of it.
  ///   - worker: Whose channels the references in it are about.
  ///   - isArgument: Whether it is what a function was called with.
  /// - Returns: The value.
  /// - Throws: As the other.
  func decode<Value: Decodable>(
    _ type: Value.Type = Value.self, worker: Worker?, isArgument: Bool = false
  ) throws -> Value {
    try DecodingText(self, userInfo: [:], worker: worker, isArgument: isArgument).decode(type, at: 0)
  }
}

extension CodingUserInfoKey {
  /// The ``Worker`` whose function decodes its argument, so that a channel's end can be made of what refers to it.
  public static let worker = CodingUserInfoKey(name: "iii.worker")

  private init(name: String) {
    guard let key = CodingUserInfoKey(rawValue: name) else { preconditionFailure("a key of any name can be made") }
    self = key
  }
}
