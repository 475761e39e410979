import Testing

@testable import iiid

@Suite struct HTTPFunctionTests {
  @Test func noWorkerIsEverAsked() {
    let relay = RelayScript()
    let owner = relay.connect()
    #expect(relay.register(owner, "f", overHTTP: true) == ["register f", "reply 1 1 f pending 1"])
    #expect(relay.invoked(1, "f") == ["answer 1 function_not_invokable"])
    #expect(relay.state.invocations.count == 0)
  }

  @Test(arguments: [(true, true), (true, false), (false, true)])
  func itHasOneConnection(first: Bool, second: Bool) {
    let relay = RelayScript()
    let (owner, other) = (relay.connect(), relay.connect())
    relay.register(owner, "f", overHTTP: first)
    #expect(relay.register(other, "f", overHTTP: second) == ["reply 2 1 FUNCTION_TAKEN"])
  }

  @Test func itComesBackWithinItsLinger() {
    let relay = RelayScript()
    let (owner, next) = (relay.connect(), relay.connect())
    relay.register(owner, "f", definition: "d", overHTTP: true)
    #expect(relay.event { $0.clientClosed(owner, now: $1) } == [])
    #expect(relay.register(next, "f", definition: "d", overHTTP: true) == ["reply 2 1 f pending 1"])
  }

  @Test func oneThatLingersGivesWayToTheOtherKind() {
    let relay = RelayScript()
    let (owner, next) = (relay.connect(), relay.connect())
    relay.register(owner, "f", overHTTP: true)
    #expect(relay.event { $0.clientClosed(owner, now: $1) } == [])
    #expect(relay.register(next, "f") == ["unregister f", "register f", "reply 2 1 f pending 1"])
    #expect(relay.invoked(1, "f") == ["invoke 2 d1 1"])
  }

  @Test func whatWaitsForALingeringWorkerFailsWhenTheOtherKindComes() {
    let relay = RelayScript()
    let (owner, next) = (relay.connect(), relay.connect())
    relay.register(owner, "f")
    _ = relay.event { $0.clientClosed(owner, now: $1) }
    #expect(relay.invoked(1, "f") == [])
    #expect(
      relay.register(next, "f", overHTTP: true)
        == ["answer 1 invocation_stopped", "unregister f", "register f", "reply 2 1 f pending 1"])
  }
}
