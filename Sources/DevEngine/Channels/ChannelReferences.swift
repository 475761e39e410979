/// What opens the ends of one channel: what `engine::channels::create` answers, and what payloads carry (engine protocol,
/// section 5.4).
package struct ChannelReferences: Equatable, Sendable {
  /// The channel.
  package let channelID: String
  /// Who has it may open either end; not for logs.
  let accessKey: String

  init(channelID: String, accessKey: String) {
    self.channelID = channelID
    self.accessKey = accessKey
  }

  /// For the worker that is going to write.
  package var writer: JSONValue { reference(.write) }
  /// For the worker that is going to read.
  package var reader: JSONValue { reference(.read) }

  private func reference(_ direction: ChannelDirection) -> JSONValue {
    [
      "access_key": .string(accessKey), "channel_id": .string(channelID), "direction": .string(direction.rawValue),
    ]
  }
}
