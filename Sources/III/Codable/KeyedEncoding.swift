/// The members of an object that is being written.
///
/// One generic method is the witness of the protocol's many: the compiler makes each of them for its type.
struct KeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let encoder: ValueEncoder

  var codingPath: [any CodingKey] { encoder.codingPath }

  mutating func encodeNil(forKey key: Key) throws { try encode(JSON.null, forKey: key) }

  mutating func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
    try encoder.check()
    try encoder.text.add(value, name: key.stringValue, key)
  }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> {
    encoder.nested(key, name: key.stringValue).container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    encoder.nested(key, name: key.stringValue).unkeyedContainer()
  }

  mutating func superEncoder() -> any Encoder {
    encoder.nested(PathKey.superclass, name: PathKey.superclass.stringValue)
  }

  mutating func superEncoder(forKey key: Key) -> any Encoder { encoder.nested(key, name: key.stringValue) }
}
