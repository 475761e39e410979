/// What an end of a channel in a program's hands stands for: which end, whose it is, and its number on the worker's loop.
struct ChannelHandle: Sendable {
  let ref: StreamChannelRef
  let worker: Worker
  let number: Int

  /// The end that a reference opens.
  ///
  /// - Parameters:
  ///   - ref: The reference.
  ///   - worker: Who is going to open it.
  ///   - direction: What is wanted of it.
  /// - Throws: ``ChannelError`` with the code `invalid` for a reference to the other end.
  init(
    _ ref: StreamChannelRef, _ worker: Worker, for direction: StreamChannelRef.Direction
  ) throws(ChannelError) {
    guard ref.direction == direction else {
      let message =
        direction == .read ? "a reference for writing cannot be read" : "a reference for reading cannot be written"
      throw ChannelError(code: .invalid, message: message, channelID: ref.channelID)
    }
    self.ref = ref
    self.worker = worker
    number = worker.reserveNumber()
  }
}
