public import Bytes

/// Takes frames off a connection's input: checks them, unmasks them, and puts fragments together.
///
/// Owned by the connection, one for its life. Any split of the bytes gives the same events. The cost is linear in the
/// bytes, however small the pieces in which a large frame arrives.
public struct FrameDecoder: ~Copyable {
  let role: Role
  let limits: FrameLimits

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
  }
}
