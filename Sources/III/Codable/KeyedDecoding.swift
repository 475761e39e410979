import Bytes
import RawJSON

/// The members of an object. Of equal names the last one counts.
struct KeyedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
  /// From this many members on, names are looked up in a table.
  private static var listed: Int { 16 }

  private let text: DecodingText
  private let place: Int
  /// Where the value of each name is; empty for an object of few members, whose names are compared one by one.
  private let table: [String: Int]

  init(_ text: DecodingText, at place: Int) {
    self.text = text
    self.place = place
    let count = Int(text.outline[place].count)
    var table: [String: Int] = [:]
    if count > Self.listed {
      table.reserveCapacity(count)
      var name = place + 1
      for _ in 0..<count {
        table[text.name(at: name)] = name + 1
        name = Int(text.outline[name + 1].next)
      }
    }
    self.table = table
  }

  var codingPath: [any CodingKey] { text.path(to: place) }

  var allKeys: [Key] {
    let hidden = place == 0 && text.isArgument ? DecodingText.callerName : nil
    if !table.isEmpty { return table.keys.compactMap { $0 == hidden ? nil : Key(stringValue: $0) } }
    var keys: [Key] = []
    var name = place + 1
    for _ in 0..<text.outline[place].count {
      let string = text.name(at: name)
      name = Int(text.outline[name + 1].next)
      guard string != hidden, !keys.contains(where: { $0.stringValue == string }) else { continue }
      if let key = Key(stringValue: string) { keys.append(key) }
    }
    return keys
  }

  /// The place of the value named `string`; nil when there is none.
  private func find(_ string: String) -> Int? {
    if !table.isEmpty { return table[string] }
    let wanted = string.utf8.span
    var found: Int?
    var name = place + 1
    for _ in 0..<text.outline[place].count {
      let entry = text.outline[name]
      if entry.isEscaped ? text.name(at: name) == string : isEqual(entry, wanted) { found = name + 1 }
      name = Int(text.outline[name + 1].next)
    }
    return found
  }

  private func isEqual(_ name: JSONOutline.Entry, _ wanted: Span<UInt8>) -> Bool {
    let utf8 = text.utf8
    return Word.areEqual(utf8.span.extracting(name.range), wanted)
  }

  private func value(_ key: any CodingKey) throws -> Int {
    if let value = find(key.stringValue) { return value }
    throw DecodingError.keyNotFound(key, text.context(place, "the member '\(key.stringValue)' is missing"))
  }

  func contains(_ key: Key) -> Bool { find(key.stringValue) != nil }

  func decodeNil(forKey key: Key) throws -> Bool { text.kind(try value(key)) == .null }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try text.decode(type, at: value(key))
  }

  func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
    guard let value = find(key.stringValue), text.kind(value) != .null else { return nil }
    return try text.decode(type, at: value)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    try ValueDecoder(text: text, place: value(key)).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try ValueDecoder(text: text, place: value(key)).unkeyedContainer()
  }

  func superDecoder() -> any Decoder { superDecoder(PathKey.superclass) }

  func superDecoder(forKey key: Key) -> any Decoder { superDecoder(key) }

  private func superDecoder(_ key: any CodingKey) -> any Decoder {
    ValueDecoder(text: text, place: find(key.stringValue) ?? ~place)
  }
}
