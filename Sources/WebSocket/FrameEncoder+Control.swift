public import Bytes

extension FrameEncoder {
  /// Writes a ping.
  ///
  /// - Parameters:
  ///   - payload: At most 125 bytes, which come back in the pong.
  ///   - maskKey: Fresh random bits; not used by a server.
  ///   - output: The connection's output.
  public func writePing(_ payload: Span<UInt8>, maskKey: UInt32, into output: inout ByteBuffer) {
    writeControl(.ping, length: payload.count, maskKey: maskKey, into: &output) { $0.append(payload) }
  }

  /// Writes a pong.
  ///
  /// - Parameters:
  ///   - payload: The ping's.
  ///   - maskKey: Fresh random bits; not used by a server.
  ///   - output: The connection's output.
  public func writePong(_ payload: Span<UInt8>, maskKey: UInt32, into output: inout ByteBuffer) {
    writeControl(.pong, length: payload.count, maskKey: maskKey, into: &output) { $0.append(payload) }
  }

  /// Writes a close frame; nothing may be written after it.
  ///
  /// - Parameters:
  ///   - code: A sendable code, or nil for a frame without one (and without a reason).
  ///   - reason: Text for people; what is beyond 123 bytes is cut off between two characters.
  ///   - maskKey: Fresh random bits; not used by a server.
  ///   - output: The connection's output.
  public func writeClose(_ code: CloseCode?, reason: String = "", maskKey: UInt32, into output: inout ByteBuffer) {
    guard let code else {
      writeControl(.close, length: 0, maskKey: maskKey, into: &output) { _ in }
      return
    }
    precondition(code.isSendable, "close code \(code) must not be sent")
    let text = reason.utf8.span
    var length = min(text.count, FrameHeader.maximumControlPayload &- 2)
    // A cut inside a character would make the peer refuse the frame.
    while length < text.count, length > 0, text[length] & 0xC0 == 0x80 { length &-= 1 }
    writeControl(.close, length: 2 &+ length, maskKey: maskKey, into: &output) { output in
      output.append(UInt8(code.rawValue &>> 8))
      output.append(UInt8(truncatingIfNeeded: code.rawValue))
      output.append(text.extracting(first: length))
    }
  }

  private func writeControl(
    _ opcode: Opcode, length: Int, maskKey: UInt32, into output: inout ByteBuffer, _ body: (inout ByteBuffer) -> Void
  ) {
    precondition(length <= FrameHeader.maximumControlPayload, "control frame above 125 bytes")
    let header = FrameHeader(
      isFinal: true, opcode: opcode, maskKey: role == .client ? maskKey : nil, payloadLength: length)
    header.append(to: &output)
    body(&output)
    if role == .client { output.exclusiveOr(in: (output.count &- length)..<output.count, with: maskKey) }
  }
}
