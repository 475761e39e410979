import III
import LocalProtocol

/// Decides, from what a subscriber is told, when the waiting of `iiid wait` has an end.
///
/// Pure: lines of the daemon in, the next step out. One per connection; a daemon that restarts begins anew.
struct WaitState {
  /// What to do next.
  enum Step: Equatable {
    /// Wait for the next line.
    case wait
    /// Ask whether the function is there.
    case ask
    /// It is as it was wanted.
    case reached
    /// It will never be.
    case failed(CommandFailure)
  }

  let goal: WaitGoal

  /// What is still wanting, for who waited in vain.
  private(set) var missing: String
  private var isConnected = false
  private var isFunctionThere = false
  private var isAsking = false
  private var asksAgain = false

  init(_ goal: WaitGoal) {
    self.goal = goal
    missing = "the daemon does not answer"
  }

  /// The daemon has subscribed us: it answers.
  mutating func subscribed() -> Step {
    missing = "the daemon has not said yet how its engine is"
    return goal.functionID == nil ? step : askNow()
  }

  /// Something has happened.
  mutating func heard(_ topic: String, _ fields: JSON) -> Step {
    switch topic {
    case "connection":
      let state = fields["state"]?.string
      isConnected = state == "connected"
      let reason = fields["last_error"]?.string.map { ": \($0)" } ?? ""
      if state == "failed" {
        return .failed(CommandFailure("the engine has refused the daemon for good\(reason)", .unavailable))
      }
      if !isConnected { missing = "the engine is away\(reason)" }
      return isConnected && goal.functionID != nil ? askNow() : step
    case "registration":
      guard let id = goal.functionID, fields["function_id"]?.string == id,
        goal.namespace == nil || fields["namespace"]?.string == goal.namespace
      else { return step }
      switch fields["state"]?.string {
      case "active", "unconfirmed": isFunctionThere = true
      case "rejected": missing = "the engine has refused \(id): \(fields["reason"]?.string ?? "no reason given")"
      default: break
      }
      return step
    case "functions_available": return goal.functionID != nil ? askNow() : step
    default: return step
    }
  }

  /// Time has passed: what nobody told may have happened all the same.
  mutating func looked() -> Step { goal.functionID != nil ? askNow() : step }

  /// The answer to the question for the function: nil when it is there.
  mutating func answered(_ error: DaemonError?) -> Step {
    isAsking = false
    if let error {
      if isConnected || error.row != .notConnected { missing = error.message }
    } else {
      isFunctionThere = true
    }
    if asksAgain && !isFunctionThere { return askNow() }
    return step
  }

  /// One question at a time.
  private mutating func askNow() -> Step {
    if step == .reached { return .reached }
    if isAsking {
      asksAgain = true
      return .wait
    }
    isAsking = true
    asksAgain = false
    return .ask
  }

  private var step: Step {
    (isConnected || !goal.engine) && (isFunctionThere || goal.functionID == nil) ? .reached : .wait
  }
}
