/// What a value encodes itself to: the place in a text where it stands.
struct ValueEncoder: Encoder {
  let text: EncodingText
  /// The value's place among the open ones.
  let level: Int
  /// The value's number.
  let serial: Int

  var codingPath: [any CodingKey] { text.path(to: level) }
  var userInfo: [CodingUserInfoKey: Any] { text.userInfo }

  init(text: EncodingText, level: Int, serial: Int) {
    self.text = text
    self.level = level
    self.serial = serial
  }

  /// The encoder of the root of `text`.
  init(root text: EncodingText) { self.init(text: text, level: 0, serial: text.scopes[0].serial) }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    _ = text.shape(level, serial, as: .object)
    return KeyedEncodingContainer(KeyedEncoding(encoder: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    _ = text.shape(level, serial, as: .array)
    return UnkeyedEncoding(encoder: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { SingleValueEncoding(encoder: self) }

  /// Throws when the value is not the innermost open one any more, or something went wrong in it.
  @inline(__always)
  func check() throws { try text.check(level, serial) }

  /// A text of its own under `key`.
  func nested(_ key: any CodingKey, name: String?) -> ValueEncoder {
    // Of a container that is of no use any more, the text goes nowhere; the failure is thrown by whoever writes next.
    guard text.isOpen(level, serial) else {
      let lost = EncodingText(userInfo: text.userInfo, path: codingPath)
      lost.fail(with: text)
      return ValueEncoder(root: lost)
    }
    return ValueEncoder(root: text.addText(key, name: name))
  }
}
