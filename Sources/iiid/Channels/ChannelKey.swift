import LocalProtocol

/// Which end of which channel a connection uses by requests.
struct ChannelKey: Hashable {
  let holder: ChannelHolder
  let ref: ChannelReference
}
