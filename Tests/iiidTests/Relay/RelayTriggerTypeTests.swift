import III
import LocalProtocol
import Testing
import Transport

@testable import iiid

/// Trigger types that local programs provide.
@Suite struct RelayTriggerTypeTests {
  let relay = RelayScript()
  let client: ClientID

  init() {
    client = relay.connect()
    _ = relay.provide(client, 1, "disk")
    _ = relay.answered(0, with: "{}")
  }

  @Test func aTypeIsConfirmedByTheEnginesRow() {
    let relay = RelayScript()
    let client = relay.connect()
    #expect(relay.provide(client, 1, "disk") == ["provide disk", "call 0 synchronous stored"])
    #expect(relay.answered(0, with: "{}") == ["reply 1 1 disk active"])
    #expect(relay.provide(client, 2, "disk") == ["reply 1 2 ALREADY_REGISTERED"])
    #expect(relay.provide(relay.connect(), 3, "disk") == ["reply 2 3 TRIGGER_TYPE_TAKEN"])
  }

  @Test func aTypeThatTheEngineDoesNotHaveIsRejected() {
    let relay = RelayScript()
    _ = relay.provide(relay.connect(), 1, "disk")
    let outcome = CallOutcome.error(code: 0..<11, message: 0..<11, stacktrace: nil)
    #expect(
      relay.answered(0, outcome, #""NOT_FOUND""#) == [#"reply 1 1 disk rejected(code: "NOT_FOUND", owner: nil)"#])
  }

  @Test func aBindingIsAskedOfTheProviderAndItsAnswerGoesToTheEngine() {
    #expect(relay.asked("t") == ["bind 1 d1 t"])
    #expect(relay.providerAnswered(client, 1) == ["answer t served"])
    #expect(relay.asked("u") == ["bind 1 d2 u"])
    #expect(
      relay.providerAnswered(client, 2, TriggerFailure(code: "NO_SUCH_DISK", message: "")) == ["answer u NO_SUCH_DISK"])
    #expect(relay.event { state, now in state.removedTrigger("u", now: now) } == [])
    #expect(relay.event { state, now in state.removedTrigger("t", now: now) } == ["unbind 1 d3 t"])
    #expect(relay.providerAnswered(client, 3) == [])
    #expect(relay.state.bindings.count == 0)
    #expect(relay.state.bindingRequests.count == 0)
  }

  @Test func aProviderThatDoesNotAnswerRefuses() {
    #expect(relay.asked("t") == ["bind 1 d1 t"])
    #expect(relay.pass(9_999) == [])
    #expect(relay.pass(1) == ["answer t trigger_registration_failed"])
    #expect(relay.providerAnswered(client, 1) == [])
  }

  @Test func aProviderThatGoesRefusesWhatItWasAskedFor() {
    _ = relay.asked("t")
    _ = relay.providerAnswered(client, 1)
    #expect(relay.asked("u") == ["bind 1 d2 u"])
    let gone = relay.event { state, now in state.clientReachedEnd(client, now: now) }
    #expect(gone == ["withdraw disk", "answer u invocation_stopped", "finish 1"])
    #expect(relay.state.bindings.count == 0 && relay.state.bindingRequests.count == 0)
    #expect(relay.asked("t") == ["answer t trigger_type_not_found"])
  }

  @Test func aWithdrawnTypeEndsItsBindings() {
    _ = relay.asked("t")
    _ = relay.providerAnswered(client, 1)
    let withdrawn = relay.event { state, now in _ = state.unregisterTriggerType("disk", of: client, now: now) }
    #expect(withdrawn == ["withdraw disk", "unbind 1 d2 t"])
  }

  @Test func whatTheEngineDoesNotAskForAgainHasEnded() {
    for (serial, id) in ["t", "u"].enumerated() {
      _ = relay.asked(id)
      _ = relay.providerAnswered(client, serial + 1)
    }
    // Asked for again: the provider gives it up and takes it anew.
    #expect(relay.asked("t", generation: 2) == ["unbind 1 d3 t"])
    #expect(relay.providerAnswered(client, 3) == ["bind 1 d4 t"])
    #expect(relay.providerAnswered(client, 4) == ["answer t served"])
    #expect(relay.event { state, now in state.recoveredTriggers(on: 2, now: now) } == ["unbind 1 d5 u"])
  }

  @Test func invocationsAndBindingsShareTheirNumbers() {
    _ = relay.register(client, "f")
    #expect(relay.invoked(7, "f") == ["invoke 1 d1 7"])
    #expect(relay.asked("t") == ["bind 1 d2 t"])
    #expect(relay.answer(client, 1) == ["answer 7 1"])
    #expect(relay.providerAnswered(client, 2) == ["answer t served"])
  }
}
