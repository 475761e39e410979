/// A value that is being written as another value: a scalar, or whatever it wraps.
struct SingleValueEncoding: SingleValueEncodingContainer {
  let encoder: ValueEncoder

  var codingPath: [any CodingKey] { encoder.codingPath }

  mutating func encodeNil() throws { try encode(JSON.null) }

  mutating func encode<Value: Encodable>(_ value: Value) throws {
    try encoder.check()
    let text = encoder.text
    guard text.scopes[encoder.level].shape == .nothing else {
      throw EncodingError.invalidValue(
        value, EncodingError.Context(codingPath: codingPath, debugDescription: "the value is encoded already"))
    }
    try text.write(value, level: encoder.level)
  }
}
