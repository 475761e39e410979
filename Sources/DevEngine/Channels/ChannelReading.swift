/// What a channel has for its reader.
package enum ChannelReading: Equatable, Sendable {
  /// The next message.
  case item(ChannelItem)
  /// Nothing now; more may follow.
  case nothing
  /// Nothing any more: the writer has ended, and everything was read.
  case end
}
