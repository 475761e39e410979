extension String {
  /// The text that a part of a URL stands for. An escape that is none stays as it is, and bytes that are not UTF-8 become
  /// the replacement character.
  ///
  /// - Parameters:
  ///   - text: As it stands in the URL.
  ///   - plusIsSpace: Whether a plus stands for a blank, as in a query.
  init(percentDecoding text: Substring, plusIsSpace: Bool) {
    var bytes: [UInt8] = []
    var rest = text.utf8
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        let digits = rest.prefix(2)
        guard digits.count == 2, digits.first != UInt8(ascii: "+"), let value = UInt8(Substring(digits), radix: 16)
        else {
          bytes.append(byte)
          continue
        }
        bytes.append(value)
        rest = rest.dropFirst(2)
      default: bytes.append(byte)
      }
    }
    self = String(decoding: bytes, as: UTF8.self)
  }
}
