extension EngineState {
  /// `engine::channels::create` (engine protocol, section 5.4). A number of messages out of range becomes the nearest one.
  mutating func createChannel(_ call: BuiltinCall) throws -> BuiltinOutcome {
    let capacity = try call.members().optionalNatural("buffer_size")
    let references = try makeChannel(capacity: capacity, now: call.now)
    return .result(["writer": references.writer, "reader": references.reader])
  }

  /// Makes a channel, which nobody owns: it survives who asked for it.
  ///
  /// - Parameters:
  ///   - capacity: How many messages may wait in it, 64 by default.
  ///   - now: The time.
  /// - Returns: What opens the two ends.
  /// - Throws: When there are too many channels.
  mutating func makeChannel(capacity: Int? = nil, now: Int) throws(ErrorBody) -> ChannelReferences {
    let references = ChannelReferences(channelID: makeID().description, accessKey: makeID().description)
    guard
      channels.create(id: references.channelID, accessKey: references.accessKey, capacity: capacity, now: now)
    else {
      throw ErrorBody(
        code: "TOO_MANY_CHANNELS",
        message: "There are \(ChannelTable.limit) channels; close some, or wait until those that nobody opened expire")
    }
    return references
  }
}
