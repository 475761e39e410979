/// A writing end whose client is gone: what it was given still leaves, as long as that goes on.
protocol LeavingEnd: AnyObject {
  /// The channel, for the log.
  var channelID: String { get }

  /// How many bytes the kernel has taken so far.
  var progress: Int { get }

  /// Drops what has not left; ``ChannelTable`` is told of the end.
  func abort()
}
