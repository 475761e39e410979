/// What is known in memory of one accepted call: everything but its message.
package struct OutboxEntry: Equatable, Sendable {
  /// Its number; larger than that of every call accepted before, and never given again.
  package let id: Int
  /// The function's id, decoded.
  package let functionID: String
  /// The queue's name, decoded; nil for a void call.
  package let queue: String?
  /// How many bytes its message has.
  package let size: Int
  /// The user who had it accepted.
  package let userID: UInt32
  /// When it was accepted, in milliseconds since 1970.
  package let acceptedAt: Int
  /// When it is given up, in milliseconds since 1970; nil for never.
  package let expiresAt: Int?
  /// Why it is not tried any more; nil while it is.
  package var failure: OutboxFailure?

  /// An entry that is to be tried.
  package init(
    id: Int, functionID: String, queue: String?, size: Int, userID: UInt32, acceptedAt: Int, expiresAt: Int?
  ) {
    self.id = id
    self.functionID = functionID
    self.queue = queue
    self.size = size
    self.userID = userID
    self.acceptedAt = acceptedAt
    self.expiresAt = expiresAt
  }
}
