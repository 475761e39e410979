import RawJSON

/// What a value decodes itself from: its place in a text.
struct ValueDecoder: Decoder {
  let text: DecodingText
  /// The value's place in the outline; `~place` of the object around it for one that is not there, which is as null.
  let place: Int

  var codingPath: [any CodingKey] { text.path(to: place < 0 ? ~place : place) }
  var userInfo: [CodingUserInfoKey: Any] { text.userInfo }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard text.kind(place) == .object else { throw text.mismatch([String: Any].self, "an object", at: place) }
    return KeyedDecodingContainer(KeyedDecoding(text, at: place))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard text.kind(place) == .array else { throw text.mismatch([Any].self, "an array", at: place) }
    return UnkeyedDecoding(text, at: place)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { SingleValueDecoding(text: text, place: place) }
}

/// A value that is read as another value: a scalar, or whatever it wraps.
struct SingleValueDecoding: SingleValueDecodingContainer {
  let text: DecodingText
  let place: Int

  var codingPath: [any CodingKey] { text.path(to: place < 0 ? ~place : place) }

  func decodeNil() -> Bool { text.kind(place) == .null }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try text.decode(type, at: place) }
}
