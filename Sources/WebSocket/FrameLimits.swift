/// How large a peer's frames and messages may be, in bytes of payload.
///
/// Both are checked when a frame's header is read, before any of its payload is taken.
public struct FrameLimits: Sendable, Equatable {
  /// The largest payload of one frame.
  public var maximumFrame: Int
  /// The largest message, all its fragments together.
  public var maximumMessage: Int

  /// Limits of 64 MiB for both, unless said otherwise.
  public init(maximumFrame: Int = 64 << 20, maximumMessage: Int = 64 << 20) {
    self.maximumFrame = maximumFrame
    self.maximumMessage = maximumMessage
  }
}
