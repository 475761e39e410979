import LocalProtocol

/// How many ends of channels there are, and whose: who may open one more. Pure; part of ``ChannelTable``.
struct ChannelQuota {
  private(set) var total = 0
  private var ofUser: [UInt32: Int] = [:]
  private var ofClient: [ClientID: Int] = [:]

  /// Why this connection may open no further end; nil when it may.
  func refusal(for holder: ChannelHolder, limits: RelayLimits) -> LocalError? {
    if ofClient[holder.client, default: 0] >= limits.channelsPerConnection {
      return .overloaded("this connection has \(limits.channelsPerConnection) channels open", retryAfter: 1000)
    }
    if ofUser[holder.user, default: 0] >= limits.channelsPerUser {
      return .overloaded("user \(holder.user) has \(limits.channelsPerUser) channels open", retryAfter: 1000)
    }
    if total >= limits.channels {
      return .overloaded("\(limits.channels) channels are open already", retryAfter: 1000)
    }
    return nil
  }

  /// An end was opened.
  mutating func opened(by holder: ChannelHolder) {
    total += 1
    ofUser[holder.user, default: 0] += 1
    ofClient[holder.client, default: 0] += 1
  }

  /// One of these ends is over.
  mutating func closed(by holder: ChannelHolder) {
    total -= 1
    Self.decrease(&ofUser, holder.user)
    Self.decrease(&ofClient, holder.client)
  }

  private static func decrease<Key>(_ counts: inout [Key: Int], _ key: Key) {
    counts[key] = counts[key].flatMap { $0 > 1 ? $0 - 1 : nil }
  }
}
