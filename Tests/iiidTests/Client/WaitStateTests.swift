import III
import Testing

@testable import iiid

@Suite("The waiting of iiid wait")
struct WaitStateTests {
  private let notThere = DaemonError(
    ["code": -32000, "message": "NOT_FOUND: Function 'f' not found", "data": ["code": "NOT_FOUND"]])
  private let away = DaemonError(["code": -32002, "message": "NOT_CONNECTED: away", "data": ["code": "NOT_CONNECTED"]])

  @Test
  func forTheEngine() {
    var state = WaitState(WaitGoal(engine: true))
    #expect(WaitGoal(engine: true).topics == ["connection"])
    #expect(state.subscribed() == .wait)
    #expect(state.heard("connection", ["state": "reconnecting", "last_error": "refused"]) == .wait)
    #expect(state.missing == "the engine is away: refused")
    #expect(state.looked() == .wait)
    #expect(state.heard("connection", ["state": "connected"]) == .reached)
  }

  @Test
  func forAnEngineThatNeverWill() {
    var state = WaitState(WaitGoal(engine: true))
    _ = state.subscribed()
    #expect(
      state.heard("connection", ["state": "failed", "last_error": "bad token"])
        == .failed(CommandFailure("the engine has refused the daemon for good: bad token", .unavailable)))
  }

  @Test
  func forAFunctionThatIsThere() {
    var state = WaitState(WaitGoal(functionID: "f"))
    #expect(state.subscribed() == .ask)
    #expect(state.answered(nil) == .reached)
  }

  @Test
  func forAFunctionThatComes() {
    var state = WaitState(WaitGoal(functionID: "f"))
    #expect(state.subscribed() == .ask)
    // Asked one by one, and once more for everything that happened meanwhile.
    #expect(state.heard("connection", ["state": "connected"]) == .wait)
    #expect(state.heard("functions_available", ["event": "functions_changed"]) == .wait)
    #expect(state.answered(notThere) == .ask)
    #expect(state.answered(notThere) == .wait)
    #expect(state.missing == "NOT_FOUND: Function 'f' not found")
    #expect(state.heard("functions_available", ["event": "functions_changed"]) == .ask)
    #expect(state.answered(nil) == .reached)
  }

  @Test
  func forAFunctionWhileTheEngineIsAway() {
    var state = WaitState(WaitGoal(functionID: "f"))
    #expect(state.subscribed() == .ask)
    #expect(state.heard("connection", ["state": "connecting", "last_error": "refused"]) == .wait)
    #expect(state.answered(away) == .wait)
    #expect(state.missing == "the engine is away: refused")
    #expect(state.heard("connection", ["state": "connected"]) == .ask)
    #expect(state.answered(nil) == .reached)
  }

  @Test
  func forAFunctionOfTheDaemonsOwn() {
    var state = WaitState(WaitGoal(functionID: "f"))
    #expect(state.subscribed() == .ask)
    #expect(state.heard("registration", ["function_id": "g", "namespace": "default", "state": "active"]) == .wait)
    #expect(state.heard("registration", ["function_id": "f", "namespace": "default", "state": "pending"]) == .wait)
    // Where the engine's rules forbid to ask, the daemon's own word is all there is.
    #expect(
      state.heard("registration", ["function_id": "f", "namespace": "default", "state": "unconfirmed"]) == .reached)
  }

  @Test
  func forAFunctionElsewhere() {
    var state = WaitState(WaitGoal(functionID: "f", namespace: "other"))
    #expect(state.subscribed() == .ask)
    #expect(state.heard("registration", ["function_id": "f", "namespace": "default", "state": "active"]) == .wait)
    #expect(state.heard("registration", ["function_id": "f", "namespace": "other", "state": "active"]) == .reached)
  }

  @Test
  func aRefusedFunctionIsNamed() {
    var state = WaitState(WaitGoal(functionID: "f"))
    _ = state.subscribed()
    #expect(
      state.heard("registration", ["function_id": "f", "state": "rejected", "reason": "FUNCTION_NAMESPACE_CONFLICT"])
        == .wait)
    #expect(state.missing == "the engine has refused f: FUNCTION_NAMESPACE_CONFLICT")
  }

  @Test
  func forBoth() {
    var state = WaitState(WaitGoal(engine: true, functionID: "f"))
    #expect(state.subscribed() == .ask)
    #expect(state.heard("registration", ["function_id": "f", "state": "active"]) == .wait)
    #expect(state.heard("connection", ["state": "connected"]) == .reached)
  }

  @Test
  func whatNobodyToldIsAskedForAfterAWhile() {
    var state = WaitState(WaitGoal(functionID: "f"))
    _ = state.subscribed()
    #expect(state.answered(notThere) == .wait)
    #expect(state.looked() == .ask)
    #expect(state.looked() == .wait)
    #expect(state.answered(nil) == .reached)
  }

  @Test
  func theDaemonIsEnough() {
    #expect(WaitGoal().topics == [])
    #expect(WaitGoal(functionID: "f").topics == ["connection", "registration", "functions_available"])
  }
}
