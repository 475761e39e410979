/// The elements of an array that is being written.
struct UnkeyedEncoding: UnkeyedEncodingContainer {
  let encoder: ValueEncoder

  var codingPath: [any CodingKey] { encoder.codingPath }

  var count: Int {
    guard encoder.text.isOpen(encoder.level, encoder.serial) else { return 0 }
    return encoder.text.scopes[encoder.level].count
  }

  mutating func encodeNil() throws { try encode(JSON.null) }

  mutating func encode<Value: Encodable>(_ value: Value) throws {
    try encoder.check()
    let text = encoder.text
    try text.add(value, name: nil, PathKey.index(text.scopes[encoder.level].count))
  }

  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
    encoder.nested(PathKey.index(count), name: nil).container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    encoder.nested(PathKey.index(count), name: nil).unkeyedContainer()
  }

  mutating func superEncoder() -> any Encoder { encoder.nested(PathKey.index(count), name: nil) }
}
