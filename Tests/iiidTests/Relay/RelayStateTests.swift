import III
import LocalProtocol
import Testing
import Transport

@testable import iiid

@Suite struct RelayStateTests {
  // MARK: - Calls

  @Test func aCallIsSubmittedAndItsAnswerGoesToItsClient() {
    let relay = RelayScript()
    let client = relay.connect()
    #expect(relay.trigger(client, 7) == ["call 0 synchronous"])
    #expect(relay.answered(0, .result(0..<2)) == ["reply 1 7 42"])
    #expect(relay.state.calls.count == 0)
    #expect(relay.answered(0, .result(0..<2)) == [])
  }

  @Test func aCallWithoutAnEngineFailsAtOnce() {
    let relay = RelayScript(connected: false)
    let client = relay.connect()
    #expect(relay.trigger(client, 1) == ["reply 1 1 NOT_CONNECTED"])
    #expect(relay.trigger(client, 2, action: .enqueue) == ["reply 1 2 NOT_CONNECTED"])
  }

  @Test func aCallMayWaitForTheEngine() {
    let relay = RelayScript(connected: false)
    let client = relay.connect()
    #expect(relay.trigger(client, 1, wait: 500) == [])
    #expect(relay.pass(499) == [])
    #expect(relay.link(.connected) == ["call 0 synchronous stored"])
    #expect(relay.pass(10) == [])
    #expect(relay.answered(0, .result(nil)) == ["reply 1 1 null"])
  }

  @Test func waitingForTheEngineEnds() {
    let relay = RelayScript(connected: false)
    let client = relay.connect()
    #expect(relay.trigger(client, 1, wait: 500) == [])
    #expect(relay.pass(500) == ["reply 1 1 NOT_CONNECTED"])
    #expect(relay.trigger(client, 2, wait: 500) == [])
    #expect(relay.link(.failed) == ["reply 1 2 NOT_CONNECTED"])
  }

  @Test func voidIsAcceptedWhetherTheEngineIsThereOrNot() {
    let relay = RelayScript(connected: false)
    relay.submission = { _ in .accepted(buffered: true) }
    let client = relay.connect()
    #expect(relay.trigger(client, 1, action: .void) == ["call 0 void", "reply 1 1 accepted buffered"])
    #expect(relay.trigger(client, nil, action: .void) == ["call 0 void"])
  }

  @Test func whatTheLinkRefusesIsAnsweredWithTheReason() {
    let relay = RelayScript()
    relay.submission = { _ in .refused(.tooLarge(limit: 1, size: 2)) }
    let client = relay.connect()
    #expect(relay.trigger(client, 1) == ["call 0 synchronous", "reply 1 1 PAYLOAD_TOO_LARGE"])
  }

  @Test func aLostLinkFailsCallsAtOnce() {
    let relay = RelayScript()
    let client = relay.connect()
    _ = relay.trigger(client, 1)
    #expect(relay.answered(0, .failure(.linkLost(reason: "gone"))) == ["reply 1 1 NOT_CONNECTED"])
  }

  @Test func aClientCancelsItsOwnCallOnly() {
    let relay = RelayScript()
    let client = relay.connect()
    let other = relay.connect()
    _ = relay.trigger(client, 1)
    func cancel(_ client: ClientID) -> [String] {
      relay.event { state, _ in state.cancel(RequestID(1), reply: ReplyAddress(client: client, id: RequestID(2))) }
    }
    #expect(cancel(other) == ["reply 2 2 cancelled false"])
    #expect(cancel(client) == ["forget 0", "reply 1 1 CANCELLED", "reply 1 2 cancelled true"])
    #expect(cancel(client) == ["reply 1 2 cancelled false"])
  }

  @Test func onlySoManyRequestsOfOneConnection() {
    var limits = RelayLimits()
    limits.requestsPerConnection = 2
    let relay = RelayScript(limits)
    let client = relay.connect()
    _ = relay.trigger(client, 1)
    #expect(relay.state.refusal(for: client) == nil)
    _ = relay.trigger(client, 2)
    #expect(relay.state.refusal(for: client)?.code == "OVERLOADED")
    let other = relay.connect()
    #expect(relay.state.refusal(for: other) == nil)
  }

  // MARK: - Half-close and close

  @Test func aHalfClosedClientGetsItsAnswersThenIsClosed() {
    let relay = RelayScript()
    let client = relay.connect()
    _ = relay.trigger(client, 1)
    _ = relay.trigger(client, 2)
    #expect(relay.event { $0.clientReachedEnd(client, now: $1) } == [])
    #expect(relay.answered(0, .result(0..<2)) == ["reply 1 1 42"])
    #expect(relay.answered(1, .result(0..<2)) == ["reply 1 2 42", "finish 1"])
  }

  @Test func aHalfClosedClientWithoutRequestsIsClosedAtOnce() {
    let relay = RelayScript()
    let client = relay.connect()
    #expect(relay.event { $0.clientReachedEnd(client, now: $1) } == ["finish 1"])
  }

  @Test func aClosedClientsCallsAreForgotten() {
    let relay = RelayScript()
    let client = relay.connect()
    _ = relay.trigger(client, 1)
    _ = relay.trigger(client, 2)
    #expect(relay.event { $0.clientClosed(client, now: $1) } == ["forget 0", "forget 1"])
    #expect(relay.answered(0, .result(0..<2)) == [])
    #expect(relay.state.calls.count == 0)
    #expect(relay.state.clients.count == 0)
  }

  // MARK: - Registration

  @Test func aRegistrationIsAnsweredOnceConfirmed() {
    let relay = RelayScript()
    let client = relay.connect()
    #expect(relay.register(client, "f", wait: 5000) == ["register f"])
    #expect(relay.event { state, _ in state.registration(of: "f", became: .active) } == ["reply 1 1 f active 1"])
    #expect(relay.pass(5000) == [])
  }

  @Test func anUnconfirmedRegistrationIsPending() {
    let relay = RelayScript()
    let client = relay.connect()
    _ = relay.register(client, "f", wait: 5000)
    #expect(relay.pass(5000) == ["reply 1 1 f pending 1"])
    #expect(relay.event { state, _ in state.registration(of: "f", became: .active) } == [])
  }

  @Test func withTheEngineAwayARegistrationIsPendingAtOnce() {
    let relay = RelayScript(connected: false)
    let client = relay.connect()
    #expect(relay.register(client, "f", wait: 5000) == ["register f", "reply 1 1 f pending 1"])
  }

  @Test func aRefusedRegistrationIsToldAsSuch() {
    let relay = RelayScript()
    let client = relay.connect()
    _ = relay.register(client, "f", wait: 5000)
    let lines = relay.event { state, _ in state.registration(of: "f", became: .rejected(code: "X", owner: "w")) }
    #expect(lines.count == 1)
    #expect(lines.first?.hasPrefix("reply 1 1 f rejected") == true)
  }

  @Test func oneFunctionManyWorkersOneRegistration() {
    let relay = RelayScript()
    let first = relay.connect()
    let second = relay.connect()
    #expect(relay.register(first, "f") == ["register f", "reply 1 1 f pending 1"])
    #expect(relay.register(second, "f") == ["reply 2 1 f pending 2"])
    #expect(relay.register(second, "f") == ["reply 2 1 ALREADY_REGISTERED"])
    #expect(relay.unregister(first, "f") == ["reply 1 9 removed true 1"])
    #expect(relay.unregister(first, "f") == ["reply 1 9 removed false 0"])
    #expect(relay.unregister(second, "f") == ["unregister f", "reply 2 9 removed true 0"])
    #expect(relay.state.functions.count == 0)
  }

  @Test func anotherDefinitionIsRegisteredAgain() {
    let relay = RelayScript()
    _ = relay.register(relay.connect(), "f", definition: "\"description\":\"a\"")
    #expect(
      relay.register(relay.connect(), "f", definition: "\"description\":\"b\"")
        == ["register f", "reply 2 1 f pending 2"])
  }

  @Test func limitsOfRegistrations() {
    var limits = RelayLimits()
    limits.registrationsPerConnection = 2
    limits.functions = 3
    let relay = RelayScript(limits)
    let client = relay.connect()
    _ = relay.register(client, "a")
    _ = relay.register(client, "b")
    #expect(relay.register(client, "c") == ["reply 1 1 OVERLOADED"])
    let other = relay.connect()
    _ = relay.register(other, "c")
    #expect(relay.register(other, "d") == ["reply 2 1 OVERLOADED"])
    #expect(relay.register(other, "a") == ["reply 2 1 a pending 2"])
  }

  // MARK: - Dispatch

  @Test func theFreeWorkerGetsTheCall() {
    let relay = RelayScript()
    let slow = relay.connect()
    let idle = relay.connect()
    _ = relay.register(slow, "f")
    _ = relay.register(idle, "f")
    #expect(relay.invoked(1, "f") == ["invoke 1 d1 1"])
    #expect(relay.invoked(2, "f") == ["invoke 2 d1 2"])
    #expect(relay.answer(idle, 1) == ["answer 2 1"])
    #expect(relay.invoked(3, "f") == ["invoke 2 d2 3"])
    #expect(relay.answer(slow, 1) == ["answer 1 1"])
    #expect(relay.answer(idle, 2) == ["answer 3 1"])
    // Both are free: the one that has been idle longer.
    #expect(relay.invoked(4, "f") == ["invoke 1 d2 4"])
  }

  @Test func fewestInFlightFirst() {
    let relay = RelayScript()
    let first = relay.connect()
    let second = relay.connect()
    _ = relay.register(first, "f", maxInFlight: 2)
    _ = relay.register(second, "f", maxInFlight: 2)
    #expect(relay.invoked(1, "f") == ["invoke 1 d1 1"])
    #expect(relay.invoked(2, "f") == ["invoke 2 d1 2"])
    #expect(relay.invoked(3, "f") == ["invoke 1 d2 3"])
    #expect(relay.invoked(4, "f") == ["invoke 2 d2 4"])
    #expect(relay.invoked(5, "f") == [])
  }

  @Test func aBusyWorkersCallsWaitInOrderAndTheQueueEnds() {
    let relay = RelayScript()
    let client = relay.connect()
    _ = relay.register(client, "f", queueLimit: 2)
    #expect(relay.invoked(1, "f") == ["invoke 1 d1 1"])
    #expect(relay.invoked(2, "f") == [])
    #expect(relay.invoked(3, "f") == [])
    #expect(relay.invoked(4, "f") == ["answer 4 OVERLOADED"])
    #expect(relay.answer(client, 1) == ["answer 1 1", "invoke 1 d2 2 stored"])
    #expect(relay.answer(client, 2) == ["answer 2 1", "invoke 1 d3 3 stored"])
  }

  @Test func waitingCallsGoToAWorkerThatComes() {
    let relay = RelayScript()
    _ = relay.register(relay.connect(), "f")
    _ = relay.invoked(1, "f")
    _ = relay.invoked(2, "f")
    #expect(relay.register(relay.connect(), "f") == ["reply 2 1 f pending 2", "invoke 2 d1 2 stored"])
  }

  @Test func anAnswerToNothingIsCounted() {
    let relay = RelayScript()
    let client = relay.connect()
    _ = relay.register(client, "f")
    _ = relay.invoked(1, "f")
    #expect(relay.answer(client, 2) == [])
    #expect(relay.answer(client, 1) == ["answer 1 1"])
    #expect(relay.answer(client, 1) == [])
    #expect(relay.state.strayResponses == 2)
  }

  @Test func anInvocationThatCrossedTheUnregistrationIsAnswered() {
    let relay = RelayScript()
    #expect(relay.invoked(1, "f") == ["answer 1 function_not_found"])
  }

  // MARK: - A worker's end

  @Test func aLostWorkersCallsFailAtOnceAndItsFunctionLingers() {
    let relay = RelayScript()
    let client = relay.connect()
    _ = relay.register(client, "f")
    _ = relay.invoked(1, "f")
    #expect(relay.event { $0.clientClosed(client, now: $1) } == ["answer 1 invocation_stopped"])
    #expect(relay.invoked(2, "f") == [])
    #expect(relay.pass(1999) == [])
    #expect(relay.register(relay.connect(), "f") == ["reply 2 1 f pending 1", "invoke 2 d1 2 stored"])
    #expect(relay.pass(5000) == [])
  }

  @Test func lingeringEnds() {
    let relay = RelayScript()
    let client = relay.connect()
    _ = relay.register(client, "f")
    _ = relay.event { $0.clientReachedEnd(client, now: $1) }
    _ = relay.invoked(2, "f")
    #expect(relay.pass(2000) == ["answer 2 invocation_stopped", "unregister f"])
    #expect(relay.state.functions.count == 0)
    #expect(relay.state.invocations.count == 0)
  }

  @Test func withoutLingeringTheFunctionEndsWithItsWorker() {
    let relay = RelayScript()
    let client = relay.connect()
    _ = relay.register(client, "f", linger: 0)
    #expect(relay.event { $0.clientClosed(client, now: $1) } == ["unregister f"])
  }

  @Test func whatWasWrittenToALostWorkerIsNotGivenToAnother() {
    let relay = RelayScript()
    let first = relay.connect()
    let second = relay.connect()
    _ = relay.register(first, "f")
    _ = relay.register(second, "f")
    _ = relay.invoked(1, "f")
    #expect(relay.event { $0.clientClosed(first, now: $1) } == ["answer 1 invocation_stopped"])
    #expect(relay.invoked(2, "f") == ["invoke 2 d1 2"])
  }

  @Test func aDrainingWorkerFinishesAndGetsNothingNew() {
    let relay = RelayScript()
    let first = relay.connect()
    _ = relay.register(first, "f")
    _ = relay.invoked(1, "f")
    let lines = relay.event { $0.drainClient(ReplyAddress(client: first, id: RequestID(5)), now: $1) }
    #expect(lines == ["reply 1 5 draining 1"])
    #expect(relay.invoked(2, "f") == [])
    #expect(relay.answer(first, 1) == ["answer 1 1"])
    #expect(relay.register(relay.connect(), "f") == ["reply 2 1 f pending 2", "invoke 2 d1 2 stored"])
  }

  @Test func unregisteringWithoutDrainFailsWhatIsInFlight() {
    let relay = RelayScript()
    let client = relay.connect()
    _ = relay.register(client, "f")
    _ = relay.invoked(1, "f")
    #expect(
      relay.unregister(client, "f", drain: false)
        == ["answer 1 invocation_stopped", "cancel 1 d1 drain", "unregister f", "reply 1 9 removed true 0"])
    #expect(relay.answer(client, 1) == [])
    #expect(relay.state.invocations.count == 0)
  }

  // MARK: - Deadlines of handlers, and the link

  @Test func aHandlersDeadlineGivesTheOutcomeAndThePlaceStaysTaken() {
    let relay = RelayScript()
    let client = relay.connect()
    _ = relay.register(client, "f", timeout: 100)
    _ = relay.invoked(1, "f")
    _ = relay.invoked(2, "f")
    #expect(relay.pass(100) == ["answer 1 TIMEOUT", "cancel 1 d1 deadline", "answer 2 TIMEOUT"])
    _ = relay.invoked(3, "f")
    #expect(relay.answer(client, 1) == ["invoke 1 d2 3 stored"])
  }

  @Test func aCallThatIsGivenUpIsGivenUpAtItsWorkerToo() {
    let relay = RelayScript()
    let (worker, caller) = (relay.connect(), relay.connect())
    _ = relay.register(worker, "f")
    for request in 1...3 { _ = relay.trigger(caller, request) }
    // The engine hands them on under the ids of the calls: the first runs, the others wait for it.
    for number in 0..<3 { _ = relay.invoked(number, "f") }
    _ = relay.invoked(9, "f")
    #expect(
      relay.event { state, _ in
        state.cancel(RequestID(2), reply: ReplyAddress(client: caller, id: RequestID(4)))
      }
        == ["forget 1", "answer 1 CANCELLED", "reply 2 2 CANCELLED", "reply 2 4 cancelled true"])
    #expect(
      relay.event { $0.clientClosed(caller, now: $1) }
        == ["forget 0", "answer 0 CANCELLED", "cancel 1 d1 caller_gone", "forget 2", "answer 2 CANCELLED"])
    // Its place is free when it has answered, and not before; the call of somebody else is next.
    #expect(relay.answer(worker, 1) == ["invoke 1 d2 9 stored"])
  }

  @Test func aHandlersLimitOutlivesItsFunction() {
    let relay = RelayScript()
    let client = relay.connect()
    _ = relay.register(client, "f", timeout: 100)
    _ = relay.invoked(1, "f")
    #expect(relay.unregister(client, "f") == ["unregister f", "reply 1 9 removed true 0"])
    relay.state.effects = []
    relay.state.timePassed(now: relay.now + 100)
    guard case .answer(_, _, .error("TIMEOUT", let message))? = relay.state.effects.first else {
      return #expect(Bool(false))
    }
    #expect(message == "f did not answer within 100 ms")
  }

  @Test func aLostLinkCancelsHandlersWhichMayFinish() {
    let relay = RelayScript()
    let client = relay.connect()
    _ = relay.register(client, "f")
    _ = relay.invoked(1, "f")
    _ = relay.invoked(2, "f")
    #expect(relay.event { state, _ in state.connectionLost() } == ["cancel 1 d1 link_lost"])
    #expect(relay.answer(client, 1) == [])
    #expect(relay.invoked(3, "f") == ["invoke 1 d2 3"])
  }

  // MARK: - Draining

  @Test func drainingWithNothingInFlightIsDoneAtOnce() {
    let relay = RelayScript()
    #expect(relay.event { $0.beginDrain(reason: "end", deadline: $1 + 1000, now: $1) } == ["drained"])
  }

  @Test func drainingWaitsForWhatIsInFlight() {
    let relay = RelayScript()
    let client = relay.connect()
    _ = relay.register(client, "f")
    _ = relay.invoked(1, "f")
    _ = relay.trigger(client, 7)
    let lines = relay.event { $0.beginDrain(reason: "end", deadline: $1 + 1000, now: $1) }
    #expect(lines == ["unregister f", "drain 1 1000"])
    #expect(relay.state.refusal(for: client)?.code == "SHUTTING_DOWN")
    #expect(relay.answer(client, 1) == ["answer 1 1"])
    #expect(relay.answered(0, .result(0..<2)) == ["reply 1 7 42", "drained"])
  }

  @Test func drainingEndsAtItsDeadline() {
    let relay = RelayScript()
    let client = relay.connect()
    _ = relay.register(client, "f")
    _ = relay.invoked(1, "f")
    _ = relay.invoked(2, "f")
    _ = relay.trigger(client, 7)
    _ = relay.event { $0.beginDrain(reason: "end", deadline: $1 + 1000, now: $1) }
    #expect(
      relay.pass(1000) == [
        "answer 1 invocation_stopped", "cancel 1 d1 drain", "answer 2 invocation_stopped", "forget 0",
        "reply 1 7 SHUTTING_DOWN", "drained",
      ])
    #expect(relay.pass(1000) == [])
  }
}
