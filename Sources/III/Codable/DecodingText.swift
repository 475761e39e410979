import Bytes
import RawJSON

/// A text that is being decoded, with the outline of its values.
///
/// A value is known by its place in the outline, so that decoders and containers are a reference and a number, and a
/// path is worked out only when somebody asks for it.
final class DecodingText {
  let utf8: [UInt8]
  let outline: [JSONOutline.Entry]
  private let given: [CodingUserInfoKey: any Sendable]
  private let worker: Worker?
  /// Whether the text is what a function was called with.
  let isArgument: Bool

  /// The member that an engine adds to an argument (engine protocol, section 2.10). A dictionary does not see it; a type
  /// that asks for it by name gets it.
  static let callerName = "_caller_worker_id"

  /// Scans a text.
  ///
  /// - Throws: `DecodingError` for one that nests too deep.
  init(
    _ json: JSON, userInfo: [CodingUserInfoKey: any Sendable], worker: Worker?, isArgument: Bool
  ) throws(DecodingError) {
    utf8 = json.utf8
    given = userInfo
    self.worker = worker
    self.isArgument = isArgument
    do {
      outline = try JSONOutline(json.utf8.span).entries
    } catch {
      throw .dataCorrupted(DecodingError.Context(codingPath: [], debugDescription: "\(error)"))
    }
  }

  /// What the program that decodes handed along, made when somebody asks.
  var userInfo: [CodingUserInfoKey: Any] {
    var userInfo: [CodingUserInfoKey: Any] = given
    if let worker { userInfo[.worker] = worker }
    return userInfo
  }

  /// The kind of the value at `place`; null for one that is not there.
  @inline(__always)
  func kind(_ place: Int) -> JSONKind { place < 0 ? .null : outline[place].kind }

  /// Decodes the value at `place`.
  ///
  /// The comparisons of types are gone where the compiler knows the type; where it does not, they cost less than a
  /// decoder for a scalar.
  @inline(__always)
  func decode<Value: Decodable>(_ type: Value.Type, at place: Int) throws -> Value {
    if Value.self == String.self, let value = try string(place) as? Value { return value }
    if Value.self == Int.self, let value = try integer(Int.self, at: place) as? Value { return value }
    if Value.self == Bool.self, let value = try boolean(at: place) as? Value { return value }
    if Value.self == Double.self, let value = try double(place) as? Value { return value }
    if Value.self == JSON.self, let value = json(at: place) as? Value { return value }
    if Value.self == [UInt8].self, let value = try array(at: place, integer) as [UInt8] as? Value { return value }
    if Value.self == [String].self, let value = try array(at: place, string) as? Value { return value }
    if Value.self == [Double].self, let value = try array(at: place, double) as? Value { return value }
    if Value.self == [Int].self, let value = try array(at: place, integer) as [Int] as? Value { return value }
    if Value.self == Float.self, let value = try float(at: place) as? Value { return value }
    if Value.self == Int64.self, let value = try integer(Int64.self, at: place) as? Value { return value }
    if Value.self == Int32.self, let value = try integer(Int32.self, at: place) as? Value { return value }
    if Value.self == Int16.self, let value = try integer(Int16.self, at: place) as? Value { return value }
    if Value.self == Int8.self, let value = try integer(Int8.self, at: place) as? Value { return value }
    if Value.self == UInt8.self, let value = try integer(UInt8.self, at: place) as? Value { return value }
    if Value.self == UInt16.self, let value = try integer(UInt16.self, at: place) as? Value { return value }
    if Value.self == UInt32.self, let value = try integer(UInt32.self, at: place) as? Value { return value }
    if Value.self == UInt64.self, let value = try integer(UInt64.self, at: place) as? Value { return value }
    if Value.self == UInt.self, let value = try integer(UInt.self, at: place) as? Value { return value }
    if Value.self == Int128.self, let value = try integer(Int128.self, at: place) as? Value { return value }
    if Value.self == UInt128.self, let value = try integer(UInt128.self, at: place) as? Value { return value }
    return try Value(from: ValueDecoder(text: self, place: place))
  }
}

// MARK: - Paths and errors

extension DecodingText {
  /// The keys that lead to the value at `place`.
  func path(to place: Int) -> [any CodingKey] {
    var path: [any CodingKey] = []
    var at = 0
    while at < place {
      let isObject = outline[at].kind == .object
      var child = at + 1
      var index = 0
      // Over those that end before it.
      while Int(outline[isObject ? child + 1 : child].next) <= place {
        child = Int(outline[isObject ? child + 1 : child].next)
        index += 1
      }
      path.append(isObject ? PathKey.name(name(at: child)) : PathKey.index(index))
      at = isObject ? child + 1 : child
    }
    return path
  }

  /// What an error tells of a value.
  func context(_ place: Int, _ message: String, _ key: (any CodingKey)? = nil) -> DecodingError.Context {
    DecodingError.Context(
      codingPath: path(to: place < 0 ? ~place : place) + (key.map { [$0] } ?? []), debugDescription: message)
  }

  /// The error for a value that is null, or of another kind.
  func mismatch(_ type: Any.Type, _ expected: String, at place: Int) -> DecodingError {
    let kind = kind(place)
    if kind == .null { return .valueNotFound(type, context(place, "\(expected) is expected, not null")) }
    return .typeMismatch(type, context(place, "\(expected) is expected, not \(Self.name(of: kind))"))
  }

  private static func name(of kind: JSONKind) -> String {
    switch kind {
    case .object: "an object"
    case .array: "an array"
    case .string: "a string"
    case .integer, .fraction: "a number"
    case .boolean: "a boolean"
    case .null: "null"
    }
  }
}
