public import Bytes

/// Takes frames off a connection's input: checks them, unmasks them, and puts fragments together.
///
/// Owned by the connection, one for its life. Any split of the bytes gives the same events. The cost is linear in the
/// bytes, however small the pieces in which a large frame arrives.
public struct FrameDecoder: ~Copyable {
  /// Where in the stream of frames we are.
  enum Phase {
    /// Before a header.
    case header
    /// Behind this header, in its payload.
    case payload(FrameHeader)
    /// After a close frame or an error: what follows is dropped.
    case finished
  }

  /// What one recv may take: reserved beyond an announced frame, so that its last piece does not grow the buffer.
  static var receiveSlack: Int { 64 * 1024 }

  let role: Role
  let limits: FrameLimits
  var phase = Phase.header
  /// Payload bytes of the current frame that were unmasked and checked.
  var taken = 0
  /// The kind of the message whose fragments are being collected; nil between messages.
  var fragmented: MessageKind?
  /// The fragments so far.
  var assembled = ByteBuffer()
  /// Checks the text messages, one after the other; a complete one leaves it ready for the next.
  var utf8 = UTF8Validator()

  /// A decoder for what the peer of `role` sends, within `limits`.
  public init(role: Role, limits: FrameLimits = FrameLimits()) {
    self.role = role
    self.limits = limits
  }

  /// Takes all complete frames off `input` and hands each message and control frame to `body`, with its payload.
  ///
  /// The payload is valid during the call only; a message that came in one frame is not copied, it is unmasked where
  /// it lies. Returns when more bytes are needed, when `body` returns false (what it was given counts as handled and is
  /// consumed; call again to go on), or after a close frame. After a close frame or an error, all input is dropped.
  ///
  /// - Parameters:
  ///   - input: The connection's received bytes. Room for an announced large frame is reserved in it.
  ///   - body: Takes an event and its payload; false stops.
  /// - Throws: What the peer did wrong, with the code to close with. Once; afterwards the decoder is finished.
  public mutating func decode(
    _ input: inout ByteBuffer, _ body: (FrameEvent, Span<UInt8>) -> Bool
  ) throws(WebSocketError) {
    do throws(WebSocketError) {
      while try step(&input, body) {}
      // An input that always ends with a part of a frame would never run empty, and grow.
      input.compact()
    } catch {
      finish(&input)
      throw error
    }
  }

  /// Takes a header or (more of) a payload.
  ///
  /// - Returns: Whether to go on.
  private mutating func step(
    _ input: inout ByteBuffer, _ body: (FrameEvent, Span<UInt8>) -> Bool
  ) throws(WebSocketError) -> Bool {
    switch phase {
    case .header:
      guard let header = try FrameHeader(input.span, receivedBy: role) else { return false }
      try accept(header)
      input.consume(header.encodedLength)
      phase = .payload(header)
      taken = 0
      reserveRoom(for: header, in: &input)
      return true
    case .payload(let header):
      switch header.opcode {
      case .ping, .pong, .close: return try takeControl(header, from: &input, body)
      case .text where header.isFinal: return try takeSingle(.text, header, from: &input, body)
      case .binary where header.isFinal: return try takeSingle(.binary, header, from: &input, body)
      case .text, .binary, .continuation: return try takeFragment(header, from: &input, body)
      }
    case .finished:
      finish(&input)
      return false
    }
  }

  /// Checks a header against what came before it and against the limits; notes the start of a fragmented message.
  private mutating func accept(_ header: FrameHeader) throws(WebSocketError) {
    if header.opcode.isControl { return }
    guard header.payloadLength <= limits.maximumFrame else {
      throw WebSocketError(
        code: .tooBig, reason: "frame of \(header.payloadLength) bytes, above \(limits.maximumFrame)")
    }
    if header.opcode == .continuation {
      guard fragmented != nil else { throw .violation("continuation without a start") }
    } else {
      guard fragmented == nil else { throw .violation("new message inside a fragmented one") }
      if !header.isFinal { fragmented = header.opcode == .text ? .text : .binary }
    }
    // Compared without a sum, which could overflow.
    guard header.payloadLength <= limits.maximumMessage &- assembled.count else {
      throw WebSocketError(code: .tooBig, reason: "message above \(limits.maximumMessage) bytes")
    }
  }

  /// A single large frame is collected in `input`: make room once instead of growing step by step.
  private func reserveRoom(for header: FrameHeader, in input: inout ByteBuffer) {
    guard header.isFinal, header.opcode != .continuation else { return }
    let missing = header.payloadLength &- input.count
    if missing > Self.receiveSlack { input.reserve(additional: missing &+ Self.receiveSlack) }
  }

  private mutating func finish(_ input: inout ByteBuffer) {
    phase = .finished
    fragmented = nil
    assembled.removeAll()
    input.removeAll()
  }
}
