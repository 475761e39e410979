import LocalProtocol

/// What keeps calls on disk, or why nothing does.
enum OutboxService {
  /// Nobody has asked for it; how to ask, in words.
  case off(String)
  /// There is a file, and it cannot be used: it is left as it is.
  case unusable(path: String, reason: String)
  case ready(OutboxKeeper)

  var keeper: OutboxKeeper? { if case .ready(let keeper) = self { keeper } else { nil } }
  var isUnusable: Bool { if case .unusable = self { true } else { false } }

  /// What is wrong, for `health`; nil when nothing is, also when there is no outbox.
  var problem: String? {
    switch self {
    case .off: nil
    case .unusable(let path, let reason): "\(path): \(reason)"
    case .ready(let keeper): keeper.problem
    }
  }

  /// What a client is told who wants to use an outbox that is not there; nil when there is one.
  var refusal: LocalError? {
    switch self {
    case .off(let remedy): LocalError(.failed, code: "NO_OUTBOX", "nothing is kept on disk: \(remedy)")
    case .unusable(let path, let reason):
      LocalError(.failed, code: "NO_OUTBOX", "nothing is kept on disk: \(path) cannot be used: \(reason)")
    case .ready: nil
    }
  }

  /// The member of `status`.
  var report: Report {
    switch self {
    case .off: .object(["state": "off"])
    case .unusable: .object(["state": "unusable"])
    case .ready(let keeper): keeper.statusReport
    }
  }
}
