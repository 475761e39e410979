/// The hash that the opening handshake asks for; not for anything that must withstand an attacker.
///
/// RFC 3174.
enum SHA1 {
  /// The 20 bytes of the hash of `message`.
  static func hash(_ message: [UInt8]) -> [UInt8] {
    var state: [5 of UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
    let padded = padding(message)
    for start in stride(from: 0, to: padded.count, by: 64) { absorb(padded, from: start, into: &state) }
    var hash: [UInt8] = []
    hash.reserveCapacity(20)
    for index in state.indices { hash.append(bigEndian: state[index]) }
    return hash
  }

  /// The message, a one bit, zeros up to eight bytes before the end of a block, and the message's length in bits.
  private static func padding(_ message: [UInt8]) -> [UInt8] {
    var padded = message
    padded.append(0x80)
    while padded.count % 64 != 56 { padded.append(0) }
    let bits = UInt64(message.count) &* 8
    padded.append(bigEndian: UInt32(truncatingIfNeeded: bits &>> 32))
    padded.append(bigEndian: UInt32(truncatingIfNeeded: bits))
    return padded
  }

  /// Mixes the block of 64 bytes at `start` into the state.
  private static func absorb(_ message: [UInt8], from start: Int, into state: inout [5 of UInt32]) {
    var schedule = [80 of UInt32](repeating: 0)
    for index in 0..<16 {
      for byte in 0..<4 { schedule[index] = schedule[index] &<< 8 | UInt32(message[start &+ 4 &* index &+ byte]) }
    }
    for index in 16..<80 {
      schedule[index] =
        (schedule[index &- 3] ^ schedule[index &- 8] ^ schedule[index &- 14] ^ schedule[index &- 16]).rotated(1)
    }
    var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
    for index in 0..<80 {
      let mixed: UInt32
      switch index {
      case 0..<20: mixed = (b & c | ~b & d) &+ 0x5A82_7999
      case 20..<40: mixed = (b ^ c ^ d) &+ 0x6ED9_EBA1
      case 40..<60: mixed = (b & c | b & d | c & d) &+ 0x8F1B_BCDC
      default: mixed = (b ^ c ^ d) &+ 0xCA62_C1D6
      }
      (a, b, c, d, e) = (a.rotated(5) &+ mixed &+ e &+ schedule[index], a, b.rotated(30), c, d)
    }
    state[0] &+= a
    state[1] &+= b
    state[2] &+= c
    state[3] &+= d
    state[4] &+= e
  }
}

extension UInt32 {
  fileprivate func rotated(_ bits: UInt32) -> UInt32 { self &<< bits | self &>> (32 &- bits) }
}

extension [UInt8] {
  fileprivate mutating func append(bigEndian word: UInt32) {
    for shift: UInt32 in [24, 16, 8, 0] { append(UInt8(truncatingIfNeeded: word &>> shift)) }
  }
}
