/// Why a call that was sent has no answer.
package enum CallFailure: Equatable, Sendable {
  /// Its deadline passed; how long it had waited.
  case timedOut(milliseconds: Int)
  /// The connection that it was sent on is gone, and with it any answer; why, in words.
  case linkLost(reason: String)
  /// The link was shut down.
  case shutdown
  /// The engine refused this worker for good.
  case rejected(code: String, message: String)
  /// An answer came that cannot be used; why, in words.
  case unusable(reason: String)
}
