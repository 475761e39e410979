extension Worker {
  /// Makes a channel: a stream of bytes and texts from one worker to another, beside the calls.
  ///
  /// - Parameter bufferSize: How many messages the engine holds for a reader that is behind, from 1 to 1024.
  /// - Returns: Both ends, not connected. An engine forgets a channel of which an end is not opened within five minutes.
  /// - Throws: ``InvocationError``
  public nonisolated func createChannel(bufferSize: Int = 64) async throws -> Channel {
    let create = "engine::channels::create"
    guard 1...1024 ~= bufferSize else {
      throw WorkerCore.invalid("a channel holds 1 to 1024 messages, not \(bufferSize)", create)
    }
    let reply = try await trigger(create, payload: ["buffer_size": JSON(bufferSize)])
    guard let reader = try? reply["reader"]?.decode(StreamChannelRef.self),
      let writer = try? reply["writer"]?.decode(StreamChannelRef.self)
    else {
      throw InvocationError(
        code: InvocationError.unknown, message: "the engine's answer holds no channel", functionID: create)
    }
    return Channel(reader: try ChannelReader(reader, self), writer: try ChannelWriter(writer, self))
  }

  /// The reading end of a channel that somebody else has made.
  ///
  /// - Parameter ref: What came in a payload; ``JSON/channelRefs`` finds all that are in it.
  /// - Returns: The end, not connected.
  /// - Throws: ``ChannelError`` with the code `invalid` for a reference that is for writing.
  public nonisolated func channelReader(_ ref: StreamChannelRef) throws(ChannelError) -> ChannelReader {
    try ChannelReader(ref, self)
  }

  /// The writing end of a channel that somebody else has made.
  ///
  /// - Parameter ref: What came in a payload.
  /// - Returns: The end, not connected.
  /// - Throws: ``ChannelError`` with the code `invalid` for a reference that is for reading.
  public nonisolated func channelWriter(_ ref: StreamChannelRef) throws(ChannelError) -> ChannelWriter {
    try ChannelWriter(ref, self)
  }
}

extension Decoder {
  /// The worker whose function decodes its argument.
  ///
  /// - Throws: `DecodingError` when there is none.
  func worker() throws -> Worker {
    guard let worker = userInfo[.worker] as? Worker else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: codingPath,
          debugDescription:
            "a channel can be opened only by a worker: decode a StreamChannelRef, or set userInfo[.worker]"))
    }
    return worker
  }
}
