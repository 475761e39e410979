/// Which end of a channel, from the worker's point of view; the raw values are those of the wire (engine protocol,
/// section 5.4).
package enum ChannelDirection: String, Sendable {
  /// The end that a worker reads.
  case read
  /// The end that a worker writes.
  case write
}
