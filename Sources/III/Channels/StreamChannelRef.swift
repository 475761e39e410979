/// What opens one end of a channel: put it anywhere into a payload, and who gets it can read or write.
///
/// The key lets anybody who has it open the end, once: do not log it.
public struct StreamChannelRef: Sendable, Hashable, Codable {
  /// What its holder may do.
  public enum Direction: String, Sendable, Hashable, Codable {
    /// Read what somebody else writes.
    case read
    /// Write what somebody else reads.
    case write
  }

  /// The channel.
  public var channelID: String
  /// What the engine asks for.
  public var accessKey: String
  /// Which end.
  public var direction: Direction

  /// A reference of these parts.
  public init(channelID: String, accessKey: String, direction: Direction) {
    self.channelID = channelID
    self.accessKey = accessKey
    self.direction = direction
  }

  enum CodingKeys: String, CodingKey {
    case channelID = "channel_id"
    case accessKey = "access_key"
    case direction
  }

  /// The reference as it stands in payloads (engine protocol, section 5.4).
  public var json: JSON {
    ["channel_id": JSON(channelID), "access_key": JSON(accessKey), "direction": JSON(direction.rawValue)]
  }
}

extension StreamChannelRef: CustomStringConvertible {
  /// Channel and direction, never the key.
  public var description: String { "channel \(channelID), \(direction)" }
}
