/// What ``OutboxState`` orders, to be carried out in order.
package enum OutboxEffect: Equatable, Sendable {
  /// Answer the request that was given this ticket.
  case settle(ticket: Int, OutboxSettlement)
  /// Send a call: with a queue under this number, so that ``OutboxState/ended(_:_:now:)`` can be told; without one as a void
  /// call, which nobody answers.
  case send(flight: Int, id: Int, OutboxMessage)
  /// Send a question behind the void calls of this flight: its answer tells that the engine has read them.
  case barrier(flight: Int)
  /// Tell whoever wants to know.
  case tell(OutboxEvent)
}

/// The end of a request.
package enum OutboxSettlement: Equatable, Sendable {
  /// The call is on the disk.
  case accepted(id: Int)
  /// So many entries were put back, or dropped.
  case counted(Int)
  /// It is not, and nothing was done.
  case refused(OutboxError)
}

/// What has become of an entry.
package struct OutboxEvent: Equatable, Sendable {
  /// The ways an entry ends, or stops.
  package enum Kind: Equatable, Sendable {
    /// The engine has it.
    case delivered
    /// It is not tried any more, and kept.
    case failed(OutboxFailure)
    /// Its time has passed.
    case expired
    /// Somebody had it dropped.
    case dropped
    /// Somebody had it put back.
    case retried
    /// Its message is not in the file any more.
    case lost
  }

  /// The entry's number.
  package let id: Int
  /// What has become of it.
  package let kind: Kind

  /// Something that happened to an entry.
  package init(id: Int, kind: Kind) {
    self.id = id
    self.kind = kind
  }
}

/// What the link says of a call or a barrier.
package enum OutboxOutcome: Equatable, Sendable {
  /// The engine has taken it.
  case taken
  /// The engine has refused it; when `isForNow`, another attempt may do.
  case refused(OutboxFailure, isForNow: Bool)
  /// The connection ended first: whether the engine has taken it is not known.
  case lost(reason: String)
  /// It was not sent at all.
  case notSent
}
