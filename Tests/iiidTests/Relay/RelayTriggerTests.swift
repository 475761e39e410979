import III
import LocalProtocol
import Testing
import Transport

@testable import iiid

/// Bindings of functions to trigger types.
@Suite struct RelayTriggerTests {
  @Test func aBindingIsConfirmedByTheEnginesRow() {
    let relay = RelayScript()
    let client = relay.connect()
    #expect(relay.bind(client, 1, "t") == ["bind t", "call 0 synchronous stored"])
    #expect(relay.answered(0, with: #"{"id":"t","trigger":{"id":"cron"}}"#) == ["reply 1 1 t active"])
    #expect(relay.bind(client, 2, "u") == ["bind u", "call 0 synchronous stored"])
    #expect(relay.answered(0, with: #"{"id":"u","trigger":null}"#) == ["reply 1 2 u deferred"])
    #expect(relay.state.triggers["t"]?.state == .active)
    #expect(relay.state.triggers["u"]?.state == .deferred)
  }

  @Test func withoutAnEngineABindingIsPending() {
    let relay = RelayScript(connected: false)
    let client = relay.connect()
    #expect(relay.bind(client, 1, "t") == ["bind t", "reply 1 1 t pending"])
  }

  @Test func anEngineThatIsSlowLeavesABindingPending() {
    let relay = RelayScript()
    let client = relay.connect()
    #expect(relay.bind(client, 1, "t", wait: 100).count == 2)
    #expect(relay.pass(99) == [])
    #expect(relay.pass(1) == ["forget 0", "reply 1 1 t pending"])
    #expect(relay.state.confirmations.isEmpty)
    #expect(relay.state.triggers["t"] != nil)
  }

  @Test func anEngineThatForbidsToAskLeavesABindingUnconfirmed() {
    let relay = RelayScript()
    let client = relay.connect()
    _ = relay.bind(client, 1, "t")
    let outcome = CallOutcome.error(code: 0..<11, message: 0..<11, stacktrace: nil)
    #expect(relay.answered(0, outcome, #""FORBIDDEN""#) == ["reply 1 1 t unconfirmed"])
  }

  @Test func whatTheEngineDidNotTakeIsRefused() {
    let relay = RelayScript()
    let client = relay.connect()
    _ = relay.bind(client, 1, "t")
    let outcome = CallOutcome.error(code: 0..<11, message: 0..<11, stacktrace: nil)
    #expect(relay.answered(0, outcome, #""NOT_FOUND""#) == ["forget 0", "unbind t", "reply 1 1 NOT_FOUND"])
    #expect(relay.state.triggers.isEmpty)
  }

  @Test func aProvidersRefusalIsTheResponseWhileItIsWaitedFor() {
    let relay = RelayScript()
    let client = relay.connect()
    _ = relay.bind(client, 1, "t")
    #expect(
      relay.event { state, _ in state.triggerRefused("t", code: "bad_expression", "no") }
        == ["forget 0", "unbind t", "reply 1 1 bad_expression"])
    _ = relay.bind(client, 2, "u")
    _ = relay.answered(0, with: #"{"trigger":{}}"#)
    #expect(relay.event { state, _ in state.triggerRefused("u", code: "late", "no") } == [])
    #expect(relay.state.triggers["u"]?.state == .deferred)
  }

  @Test func aBindingEndsWithItsConnection() {
    let relay = RelayScript()
    let (client, other) = (relay.connect(), relay.connect())
    _ = relay.bind(client, 1, "t")
    _ = relay.answered(0, with: #"{"trigger":{}}"#)
    let isRemoved = relay.state.unregisterTrigger("t", of: other)
    #expect(!isRemoved)
    #expect(relay.event { state, now in state.clientReachedEnd(client, now: now) } == ["unbind t", "finish 1"])
    #expect(relay.state.triggers.isEmpty)
  }

  @Test func aBindingThatEndsBeforeItIsConfirmedIsAnswered() {
    let relay = RelayScript()
    let client = relay.connect()
    _ = relay.bind(client, 1, "t")
    #expect(
      relay.event { state, now in state.clientReachedEnd(client, now: now) }
        == ["unbind t", "forget 0", "reply 1 1 CANCELLED", "finish 1"])
    #expect(relay.state.confirmations.isEmpty)
    #expect(relay.bind(client, 2, "u") == ["reply 1 2 INVALID_REQUEST"])
  }

  @Test func cancellingTheRequestTakesTheBindingBack() {
    let relay = RelayScript()
    let client = relay.connect()
    _ = relay.bind(client, 1, "t")
    let cancelled = relay.event { state, _ in
      state.cancel(RequestID(1), reply: ReplyAddress(client: client, id: RequestID(2)))
    }
    #expect(cancelled == ["forget 0", "unbind t", "reply 1 1 CANCELLED", "reply 1 2 cancelled true"])
    #expect(relay.state.triggers.isEmpty && relay.state.confirmations.isEmpty)
  }

  @Test func aDurableBindingIsTheEngines() {
    let relay = RelayScript()
    let client = relay.connect()
    let asked = relay.event { state, _ in
      state.ask(
        ReplyAddress(client: client, id: RequestID(1)), Array("\"e\"".utf8), InvocationMembers(functionID: 0..<3),
        functionID: "engine::register_trigger", for: .durableTrigger)
    }
    #expect(asked == ["call 0 synchronous stored"])
    #expect(relay.answered(0, with: #"{"id":"abc"}"#) == ["reply 1 1 abc active durable"])
    #expect(relay.state.triggers.isEmpty)
  }

  @Test func bindingsOfAConnectionAreBounded() {
    var limits = RelayLimits()
    limits.registrationsPerConnection = 1
    let relay = RelayScript(limits)
    let client = relay.connect()
    _ = relay.bind(client, 1, "t", wait: 0)
    #expect(relay.bind(client, 2, "u") == ["reply 1 2 OVERLOADED"])
  }
}
