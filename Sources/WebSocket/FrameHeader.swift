internal import Bytes

/// The start of a frame, up to its payload.
///
/// RFC 6455, section 5.2:
///
///     byte 0           byte 1
///     F R R R  opcode  M  length
///     I S S S  4 bits  A  7 bits: 0...125 itself,
///     N V V V          S          126: a 16-bit length follows,
///       1 2 3          K          127: a 64-bit length follows, top bit 0
///
///     then: the longer length, most significant byte first, only when it is needed;
///     then: the four bytes of the mask key, only when MASK is set; then the payload.
@usableFromInline struct FrameHeader: Equatable, Sendable {
  /// The largest payload of a control frame. RFC 6455, section 5.5.
  static var maximumControlPayload: Int { 125 }

  /// Whether this frame ends its message.
  var isFinal: Bool
  /// What the frame is.
  var opcode: Opcode
  /// The mask key, its first byte on the wire being the least significant; nil for an unmasked frame.
  var maskKey: UInt32?
  /// How many bytes follow the header.
  var payloadLength: Int

  /// The bytes that this header takes on the wire.
  var encodedLength: Int { Self.encodedLength(payloadLength: payloadLength, masked: maskKey != nil) }

  /// The bytes that a header takes on the wire.
  static func encodedLength(payloadLength: Int, masked: Bool) -> Int {
    let length = payloadLength <= 125 ? 2 : payloadLength <= 0xFFFF ? 4 : 10
    return masked ? length &+ 4 : length
  }
}

// MARK: - Reading

extension FrameHeader {
  /// The header at the front of `bytes`; nil while it is not complete.
  ///
  /// - Parameters:
  ///   - bytes: What was received.
  ///   - role: Ours: a server takes masked frames only, a client unmasked ones only.
  /// - Throws: 1002 for what no frame may have, whatever came before it.
  init?(_ bytes: Span<UInt8>, receivedBy role: Role) throws(WebSocketError) {
    guard bytes.count >= 2 else { return nil }
    let first = bytes[0]
    let second = bytes[1]

    // No extension was agreed on, so nothing gives these bits a meaning.
    guard first & 0x70 == 0 else { throw .violation("reserved bit set") }
    guard let opcode = Opcode(rawValue: first & 0x0F) else { throw .violation("reserved opcode \(first & 0x0F)") }
    let isFinal = first & 0x80 != 0
    let isMasked = second & 0x80 != 0
    guard isMasked == (role == .server) else {
      throw .violation(isMasked ? "masked frame from a server" : "unmasked frame from a client")
    }
    var length = Int(second & 0x7F)
    if opcode.isControl {
      guard isFinal else { throw .violation("fragmented control frame") }
      guard length <= Self.maximumControlPayload else { throw .violation("control frame above 125 bytes") }
    }

    var offset = 2
    if length == 126 {
      guard bytes.count >= 4 else { return nil }
      length = Int(bytes[2]) &<< 8 | Int(bytes[3])
      guard length > 125 else { throw .violation("length not in its shortest form") }
      offset = 4
    } else if length == 127 {
      guard bytes.count >= 10 else { return nil }
      let wide = Word.load(bytes, at: 2).byteSwapped
      guard wide <= UInt64(Int.max) else { throw .violation("length with the top bit set") }
      guard wide > 0xFFFF else { throw .violation("length not in its shortest form") }
      length = Int(wide)
      offset = 10
    }

    self.isFinal = isFinal
    self.opcode = opcode
    self.payloadLength = length
    if isMasked {
      guard bytes.count >= offset &+ 4 else { return nil }
      var key: UInt32 = 0
      for index in 0..<4 { key |= UInt32(bytes[offset &+ index]) &<< UInt32(8 &* index) }
      self.maskKey = key
    } else {
      self.maskKey = nil
    }
  }
}

// MARK: - Writing

extension FrameHeader {
  /// Appends the header to `output`.
  func append(to output: inout ByteBuffer) {
    let (low, high, count) = encoded
    output.append(word: low, count: min(count, 8))
    if count > 8 { output.append(word: high, count: count &- 8) }
  }

  /// Overwrites the bytes at `offset` of `output` with the header.
  func write(to output: inout ByteBuffer, at offset: Int) {
    let (low, high, count) = encoded
    for index in 0..<count {
      let word = index < 8 ? low : high
      output.set(UInt8(truncatingIfNeeded: word &>> UInt64(8 &* (index & 7))), at: offset &+ index)
    }
  }

  /// The header's bytes, the first one the least significant of `low`; those behind the eighth are in `high`.
  private var encoded: (low: UInt64, high: UInt64, count: Int) {
    let maskBit: UInt64 = maskKey == nil ? 0 : 0x8000
    let key = UInt64(maskKey ?? 0)
    let masked = maskKey == nil ? 0 : 4
    let first = UInt64(opcode.rawValue | (isFinal ? 0x80 : 0)) | maskBit
    if payloadLength <= 125 {
      return (first | UInt64(payloadLength) &<< 8 | key &<< 16, 0, 2 &+ masked)
    }
    if payloadLength <= 0xFFFF {
      let length = UInt64(UInt16(payloadLength).byteSwapped)
      return (first | 126 &<< 8 | length &<< 16 | key &<< 32, 0, 4 &+ masked)
    }
    let length = UInt64(payloadLength).byteSwapped
    return (first | 127 &<< 8 | length &<< 16, length &>> 48 | key &<< 16, 10 &+ masked)
  }
}
