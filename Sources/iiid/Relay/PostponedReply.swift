/// One open request that the daemon itself answers later. Of use once; harmless when the request is no more.
struct PostponedReply: Equatable {
  /// The slot of its ``CallRecord``.
  let call: Int
  /// Tells it from a later request in the same slot.
  let number: Int
}
