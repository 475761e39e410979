/// What has to be done to the ends of channels, in this order. An end is named by the server's number for it.
enum ChannelEffect: Equatable, Sendable {
  /// Tell a reader that ``ChannelTable/next(for:)`` has something new.
  case readable(Int)
  /// Take nothing more from a writer: the channel is full.
  case pause(Int)
  /// Take from a writer again.
  case resume(Int)
  /// Send a close frame without a code, then end the connection.
  case close(Int)
  /// End the connection at once.
  case drop(Int)
}
