/// One multi-byte UTF-8 sequence (RFC 3629, section 4).
enum UTF8Sequence {
  /// The length of the well formed sequence that begins at `offset` with `lead`; 0 when it is not well formed.
  static func length(_ text: Span<UInt8>, at offset: Int, lead: UInt8) -> Int {
    let length: Int
    var lowest: UInt8 = 0x80
    var highest: UInt8 = 0xbf
    switch lead {
    case 0xc2...0xdf: length = 2
    case 0xe0...0xef:
      length = 3
      if lead == 0xe0 { lowest = 0xa0 }
      if lead == 0xed { highest = 0x9f }
    case 0xf0...0xf4:
      length = 4
      if lead == 0xf0 { lowest = 0x90 }
      if lead == 0xf4 { highest = 0x8f }
    default: return 0
    }
    guard offset &+ length <= text.count else { return 0 }
    let second = text[offset &+ 1]
    guard second >= lowest, second <= highest else { return 0 }
    for index in 2..<4 where index < length {
      guard text[offset &+ index] & 0xc0 == 0x80 else { return 0 }
    }
    return length
  }
}
