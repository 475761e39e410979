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
  /// Whether this frame ends its message.
  var isFinal: Bool
  var opcode: Opcode
  /// The mask key, its first byte on the wire being the least significant; nil for an unmasked frame.
  var maskKey: UInt32?
  var payloadLength: Int

  /// The bytes that a header takes on the wire.
  @usableFromInline static func encodedLength(payloadLength: Int, masked: Bool) -> Int {
    let length = payloadLength <= 125 ? 2 : payloadLength <= 0xFFFF ? 4 : 10
    return masked ? length &+ 4 : length
  }
}
