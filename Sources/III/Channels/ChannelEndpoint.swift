import Transport

/// Where the ends of channels are opened, and how: at the worker's own address, with its headers and its trust.
package struct ChannelEndpoint {
  let loop: EventLoop
  let options: LinkOptions
  /// The most bytes that a reader takes in one message.
  package var largestMessage = 64 << 20

  init(loop: EventLoop, options: LinkOptions) {
    self.loop = loop
    self.options = options
  }

  /// Connects to an end. How it goes is told to `owner`, in a later turn of the loop.
  package func open(_ ref: StreamChannelRef, owner: any ChannelLinkOwner) -> ChannelLink {
    ChannelLink(ref, at: self, owner: owner)
  }
}

extension EngineLink {
  /// Where the ends of channels are opened: they are connections of their own, beside this one.
  package var channels: ChannelEndpoint { ChannelEndpoint(loop: loop, options: options) }
}
