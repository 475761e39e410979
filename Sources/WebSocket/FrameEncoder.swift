public import Bytes

/// Writes frames into a connection's output, masked when we are the client.
///
/// A value without state: mask keys are given, so that it needs no source of randomness.
public struct FrameEncoder: Sendable {
  /// Which end we are: a client masks.
  public let role: Role
  /// Messages with more bytes than this are sent in fragments.
  public let fragmentationThreshold: Int
  /// The payload bytes of each fragment but the last.
  public let fragmentSize: Int

  /// An encoder for frames that `role` sends.
  ///
  /// - Parameters:
  ///   - role: Which end we are.
  ///   - fragmentationThreshold: The largest message in one frame, in bytes; 16 MiB by default.
  ///   - fragmentSize: The size of the fragments above it, in bytes; 1 MiB by default.
  public init(role: Role, fragmentationThreshold: Int = 16 << 20, fragmentSize: Int = 1 << 20) {
    precondition(fragmentSize > 0, "fragments need a size")
    self.role = role
    self.fragmentationThreshold = fragmentationThreshold
    self.fragmentSize = fragmentSize
  }

  /// Writes one message: a header, what `body` appends to `output`, then masks it in place.
  ///
  /// - Parameters:
  ///   - kind: Text (must be UTF-8) or binary.
  ///   - sizeHint: How many bytes `body` is expected to append. Sizes the header: if the header turns out to need
  ///     another size, the payload is moved once.
  ///   - maskKey: Fresh random bits for each message; not used by a server. Fragments of one message use keys that are
  ///     derived from it.
  ///   - output: The connection's output.
  ///   - body: Appends the payload, and does nothing else to the buffer.
  @inlinable
  public func write(
    _ kind: MessageKind, sizeHint: Int, maskKey: UInt32, into output: inout ByteBuffer,
    _ body: (inout ByteBuffer) -> Void
  ) {
    let start = output.count
    begin(kind, sizeHint: sizeHint, maskKey: maskKey, in: &output)
    body(&output)
    end(kind, sizeHint: sizeHint, maskKey: maskKey, in: &output, from: start)
  }

  /// Writes one message that lies ready.
  ///
  /// - Parameters:
  ///   - kind: Text (must be UTF-8) or binary.
  ///   - payload: The message.
  ///   - maskKey: Fresh random bits for each message; not used by a server.
  ///   - output: The connection's output.
  public func write(_ kind: MessageKind, _ payload: Span<UInt8>, maskKey: UInt32, into output: inout ByteBuffer) {
    let start = output.count
    begin(kind, sizeHint: payload.count, maskKey: maskKey, in: &output)
    output.append(payload)
    end(kind, sizeHint: payload.count, maskKey: maskKey, in: &output, from: start)
  }
}
