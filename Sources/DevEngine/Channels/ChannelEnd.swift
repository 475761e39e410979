/// Who is at one end of a channel, as ``DevEngineServer`` sees it: a worker's connection, or the engine itself.
protocol ChannelEnd: AnyObject {
  /// A reader: there is something new to take.
  func channelBecameReadable()
  /// A writer: the channel is full.
  func channelPaused()
  /// A writer: the channel has room again.
  func channelResumed()
  /// The channel ends in order; for a reader, everything was read.
  func channelClosed()
  /// The channel is gone.
  func channelDropped()
}

extension ChannelEnd {
  func channelBecameReadable() {}
  func channelPaused() {}
  func channelResumed() {}
}
