import III
import LocalProtocol
import Testing

@testable import iiid

@Suite struct ObservationTests {
  /// A relay that is observed, with a worker of `f`.
  private func observed() -> (RelayScript, ClientID) {
    let relay = RelayScript()
    let worker = relay.connect()
    relay.register(worker, "f", queueLimit: 1, timeout: 300)
    relay.state.isObserved = true
    return (relay, worker)
  }

  @Test func nothingIsToldUnlessSomebodyWantsToKnow() {
    let (relay, worker) = observed()
    relay.state.isObserved = false
    _ = relay.invoked(1, "f")
    #expect(relay.answer(worker, 1) == ["answer 1 1"])
  }

  @Test func anInvocation() {
    let (relay, worker) = observed()
    #expect(relay.invoked(1, "f") == ["invoke 1 d1 1"])
    _ = relay.pass(7)
    #expect(relay.answer(worker, 1) == ["answer 1 1", "observed in 1 f ok 7"])
    // One that began before anybody wanted to know.
    relay.state.isObserved = false
    _ = relay.invoked(2, "f")
    relay.state.isObserved = true
    #expect(relay.answer(worker, 2) == ["answer 2 1", "observed in 1 f ok 0"])
  }

  @Test func aWorkersErrorAndItsCode() {
    let (relay, worker) = observed()
    _ = relay.invoked(1, "f")
    let answer = relay.event { state, _ in
      _ = state.workerAnswered(worker, serial: 1, .error(code: "E", message: ""))
    }
    #expect(answer == ["answer 1 E", "observed in 1 f E 0"])
  }

  @Test func oneThatNoWorkerGot() {
    let (relay, _) = observed()
    _ = relay.invoked(1, "f")
    _ = relay.invoked(2, "f")
    #expect(relay.invoked(3, "f") == ["answer 3 OVERLOADED", "observed in f OVERLOADED 0"])
    #expect(
      relay.pass(300) == [
        "answer 1 TIMEOUT", "observed in 1 f TIMEOUT 300", "cancel 1 d1 deadline", "answer 2 TIMEOUT",
        "observed in f TIMEOUT 300",
      ])
  }

  @Test func oneWhoseWorkerGoes() {
    let (relay, worker) = observed()
    _ = relay.invoked(1, "f")
    #expect(
      relay.event { $0.clientClosed(worker, now: $1) }
        == ["answer 1 invocation_stopped", "observed in 1 f invocation_stopped 0"])
  }

  @Test func oneWhoseEngineGoes() {
    let (relay, worker) = observed()
    _ = relay.invoked(1, "f")
    #expect(relay.event { state, _ in state.connectionLost() } == ["observed in 1 f lost 0", "cancel 1 d1 link_lost"])
    #expect(relay.answer(worker, 1) == [])
  }

  @Test func calls() {
    let (relay, _) = observed()
    let client = relay.connect()
    _ = relay.trigger(client, 1)
    _ = relay.pass(5)
    #expect(relay.answered(0, with: "42") == ["observed out 2 f ok 5", "reply 2 1 42"])
    _ = relay.trigger(client, 2)
    #expect(
      relay.answered(0, .error(code: 0..<3, message: 3..<5, stacktrace: nil), "\"E\"\"\"")
        == ["observed out 2 f \"E\" 0", "reply 2 2 tokens"])
    _ = relay.trigger(client, 3)
    #expect(relay.event { $0.clientClosed(client, now: $1) } == ["observed out 2 f lost 0", "forget 0"])
    relay.submission = { _ in .accepted(buffered: false) }
    let other = relay.connect()
    #expect(relay.trigger(other, 4, action: .void).contains("observed out 3 f accepted 0"))
  }

  @Test func otherRequestsAreNoCalls() {
    let (relay, _) = observed()
    let client = relay.connect()
    let reply = relay.state.postpone(ReplyAddress(client: client, id: RequestID(1)))
    #expect(relay.event { state, _ in state.answer(reply, .report(.object([:]))) } == ["reply 2 1 report"])
  }
}
