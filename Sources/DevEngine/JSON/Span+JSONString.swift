import Bytes

extension Span<UInt8> {
  /// The offset of the first byte from `start` on that ends a run of plain characters in a JSON string: a quote, a
  /// backslash or a control character; else the number of bytes. Eight bytes at a time.
  func endOfPlainRun(from start: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    var index = start
    while index &+ 8 <= count {
      let word = Word.load(self, at: index)
      let quotes = word ^ (ones &* 0x22)
      let backslashes = word ^ (ones &* 0x5c)
      // The top bit of a byte is set where it is one of them; a borrow can set further ones only above the first.
      let stops =
        (((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes) | ((word &- ones &* 0x20) & ~word))
        & (ones &* 0x80)
      guard stops == 0 else { return index &+ stops.trailingZeroBitCount >> 3 }
      index &+= 8
    }
    while index < count {
      let byte = self[index]
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return index }
      index &+= 1
    }
    return index
  }
}
