import III
import Outbox
import Testing

@testable import iiid

/// What the link's word means for a call that is kept.
@Suite struct OutboxKeeperTests {
  private func meaning(_ code: String, isBarrier: Bool = false) -> OutboxOutcome {
    let text = "\"\(code)\"\"why\""
    let end = code.utf8.count + 2
    return OutboxKeeper.meaning(
      of: .error(code: 0..<end, message: end..<(end + 5), stacktrace: nil), isBarrier: isBarrier, text.utf8.span)
  }

  private func meaning(_ failure: CallFailure, isBarrier: Bool = false) -> OutboxOutcome {
    OutboxKeeper.meaning(of: .failure(failure), isBarrier: isBarrier, "".utf8.span)
  }

  @Test func anEnginesRefusal() {
    for code in ["enqueue_error", "OVERLOADED", "TIMEOUT", "invocation_stopped"] {
      #expect(meaning(code) == .refused(OutboxFailure(code: code, message: "why"), isForNow: true))
    }
    for code in ["FORBIDDEN", "INVALID_NAMESPACE", "function_not_found", "own"] {
      #expect(meaning(code) == .refused(OutboxFailure(code: code, message: "why"), isForNow: false))
    }
  }

  @Test func whateverAnswersABarrierIsAnAnswer() {
    #expect(meaning("FORBIDDEN", isBarrier: true) == .taken)
    #expect(meaning(.unusable(reason: "x"), isBarrier: true) == .taken)
    #expect(meaning(.linkLost(reason: "x"), isBarrier: true) == .lost(reason: "x"))
  }

  @Test func noAnswer() {
    #expect(meaning(.linkLost(reason: "reset")) == .lost(reason: "reset"))
    #expect(meaning(.shutdown) == .notSent)
    #expect(meaning(.rejected(code: "c", message: "m")) == .notSent)
    guard case .refused(let late, isForNow: true) = meaning(.timedOut(milliseconds: 30_000)) else {
      Issue.record("a call that timed out")
      return
    }
    #expect(late.code == "TIMEOUT")
    guard case .refused(let odd, isForNow: false) = meaning(.unusable(reason: "x")) else {
      Issue.record("an answer that cannot be used")
      return
    }
    #expect(odd.code == "invocation_failed")
  }
}
