import LocalProtocol
import Outbox

// What is told of the outbox. What a call says is never in it.
extension OutboxKeeper {
  /// What is wrong; nil when nothing is.
  var problem: String? {
    if let trouble = state.trouble { return "\(store.path): \(trouble)" }
    guard state.failed > 0 else { return nil }
    return state.failed == 1 ? "1 call was refused by the engine" : "\(state.failed) calls were refused by the engine"
  }

  /// The member of `status`.
  var statusReport: Report {
    .object([
      "state": "ready", "entries": .integer(state.records.count), "failed": .integer(state.failed),
      "bytes": .integer(state.bytes), "delivered": .integer(delivered), "expired": .integer(expired),
    ])
  }

  /// The fields of an event: what has become of an entry, if one is given, and how much is kept.
  func event(_ event: OutboxEvent?) -> Report {
    var state: String?
    var code: String?
    switch event?.kind {
    case .delivered: state = "delivered"
    case .failed(let failure): (state, code) = ("failed", failure.code)
    case .expired: state = "expired"
    case .dropped: state = "dropped"
    case .retried: state = "retried"
    case .lost: state = "lost"
    case nil: break
    }
    return .object([
      "outbox_id": event.map { .integer($0.id) }, "state": state.map { .string($0) },
      "code": code.map { .string($0) }, "entries": .integer(self.state.records.count),
      "failed": .integer(self.state.failed), "bytes": .integer(self.state.bytes),
    ])
  }

  /// The result of `outbox_list`.
  func list(_ parameters: OutboxListParameters) -> Report {
    let rows = state.list(after: parameters.after, onlyFailed: parameters.onlyFailed, limit: parameters.limit)
    return .object([
      "entries": .array(rows.map(Self.row)), "total": .integer(state.records.count), "failed": .integer(state.failed),
      "bytes": .integer(state.bytes),
    ])
  }

  private static func row(_ record: OutboxRecord) -> Report {
    let entry = record.entry
    let state =
      switch record.phase {
      case .storing, .ready, .resting: "waiting"
      case .sent: "sent"
      case .failed: "failed"
      }
    return .object([
      "outbox_id": .integer(entry.id), "state": .string(state), "function_id": .string(entry.functionID),
      "queue": entry.queue.map { .string($0) }, "bytes": .integer(entry.size), "uid": .integer(Int(entry.userID)),
      "accepted_at": .integer(entry.acceptedAt), "expires_at": entry.expiresAt.map { .integer($0) },
      "attempts": .integer(record.attempts),
      "error": entry.failure.map { .object(["code": .string($0.code), "message": .string($0.message)]) },
    ])
  }
}
