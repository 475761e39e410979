import Transport

/// Where the ends of channels are opened, and how: at the worker's own address, with its headers and its trust.
struct ChannelEndpoint {
  let loop: EventLoop
  let options: LinkOptions

  /// Soon after it was opened, in milliseconds, an engine closes an end that somebody else has (engine protocol, section 6).
  static let takenWindow = 100

  /// Connects to an end. How it goes is told to `owner`, in a later turn of the loop.
  func open(_ ref: StreamChannelRef, owner: any WebSocketConnectionOwner) -> WebSocketConnection {
    let socket = WebSocketConnection(
      connectingTo: options.channelURL(ref), on: loop, headers: options.headerLines, tls: options.tls,
      connectTimeout: options.connectLimit, owner: owner)
    // As long as the other end takes its time, so does the engine.
    socket.closeLimit = nil
    return socket
  }
}
