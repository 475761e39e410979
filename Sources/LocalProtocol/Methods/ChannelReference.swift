import RawJSON

/// What opens one end of a channel, as `create_channel` and payloads have it. The key is a secret: it stands in no log and
/// in no error.
package struct ChannelReference: Hashable, Sendable {
  /// The channel.
  package let channelID: String
  /// What the engine asks for.
  package let accessKey: String
  /// Whether the end is for writing; else for reading.
  package let isForWriting: Bool

  /// The members of the object, for the table.
  static let members = [
    Parameter("channel_id", .nonBlankString, isRequired: true, "The channel."),
    Parameter("access_key", .nonBlankString, isRequired: true, "The key of this end: a secret."),
    Parameter("direction", .enumeration(["read", "write"]), isRequired: true, "What its holder may do."),
  ]

  /// A reference of these parts.
  package init(channelID: String, accessKey: String, isForWriting: Bool) {
    self.channelID = channelID
    self.accessKey = accessKey
    self.isForWriting = isForWriting
  }

  /// Reads the argument at `slot`, which ``MessageReader`` has checked.
  init<Slot: RawRepresentable<Int>>(
    _ slot: Slot, _ values: ArgumentValues, _ reader: borrowing MessageReader, _ text: Span<UInt8>
  ) {
    guard let range = values.range(slot, reader) else {
      self.init(channelID: "", accessKey: "", isForWriting: false)
      return
    }
    let object = text.extracting(range)
    func member(_ name: JSONKey, _ nested: borrowing JSONEnvelope) -> String {
      nested.find(name)?.string(in: object) ?? ""
    }
    self.init(
      channelID: member("channel_id", reader.nested), accessKey: member("access_key", reader.nested),
      isForWriting: member("direction", reader.nested) == "write")
  }

  /// `read` or `write`.
  package var direction: String { isForWriting ? "write" : "read" }
}

extension Shape {
  /// A reference, as the engine makes it.
  static let channelReference = Shape.engineRow([
    "channel_id": .string, "access_key": .string, "direction": .words(["read", "write"]),
  ])
}
