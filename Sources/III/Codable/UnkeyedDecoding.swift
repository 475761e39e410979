import RawJSON

/// The elements of an array, one after the other.
struct UnkeyedDecoding: UnkeyedDecodingContainer {
  private let text: DecodingText
  private let place: Int
  private var element: Int
  private(set) var currentIndex = 0

  init(_ text: DecodingText, at place: Int) {
    self.text = text
    self.place = place
    element = place + 1
  }

  var codingPath: [any CodingKey] { text.path(to: place) }
  var count: Int? { Int(text.outline[place].count) }
  var isAtEnd: Bool { currentIndex == Int(text.outline[place].count) }

  private mutating func advance() {
    element = Int(text.outline[element].next)
    currentIndex += 1
  }

  private func checkEnd(_ type: Any.Type) throws {
    guard isAtEnd else { return }
    throw DecodingError.valueNotFound(
      type, text.context(place, "the array has no more elements", PathKey.index(currentIndex)))
  }

  mutating func decodeNil() throws -> Bool {
    try checkEnd(Never.self)
    guard text.outline[element].kind == .null else { return false }
    advance()
    return true
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try checkEnd(type)
    let value = try text.decode(type, at: element)
    advance()
    return value
  }

  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested> {
    try checkEnd(KeyedDecodingContainer<Nested>.self)
    let container = try ValueDecoder(text: text, place: element).container(keyedBy: type)
    advance()
    return container
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try checkEnd((any UnkeyedDecodingContainer).self)
    let container = try ValueDecoder(text: text, place: element).unkeyedContainer()
    advance()
    return container
  }

  mutating func superDecoder() throws -> any Decoder {
    try checkEnd((any Decoder).self)
    let decoder = ValueDecoder(text: text, place: element)
    advance()
    return decoder
  }
}
