/// Who uses a ``ChannelLink``. Not held by it. Every callback comes from the loop.
package protocol ChannelLinkOwner: AnyObject {
  /// It is open. Whether the end is ours shows a little later: see ``ChannelLink/takenWindow``.
  func channelOpened(_ link: ChannelLink)

  /// A message for a reader; the payload is valid during the call.
  func channel(_ link: ChannelLink, received kind: ChannelItem.Kind, _ payload: Span<UInt8>)

  /// All output was written, after there was more of it than ``ChannelLink/outputMark``.
  func channelDrained(_ link: ChannelLink)

  /// It is over; the last call, and the only one when it was never open. A success is for a reader the writer's end, for a
  /// writer that the engine has taken everything. With the code `notConnected` the end is still free.
  func channelClosed(_ link: ChannelLink, _ result: Result<Void, ChannelError>)
}
