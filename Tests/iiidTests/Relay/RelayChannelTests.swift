import LocalProtocol
import Testing
import Transport

@testable import iiid

@Suite struct RelayChannelTests {
  private func read(_ relay: RelayScript, _ client: ClientID, _ id: Int, wait: Int) -> Int {
    relay.state.awaitReading(ReplyAddress(client: client, id: RequestID(id)), until: relay.now + wait)
  }

  @Test func onlyAConnectionWithNothingElseBecomesAnEnd() {
    let relay = RelayScript()
    let (idle, caller, worker) = (relay.connect(), relay.connect(), relay.connect())
    #expect(relay.state.attachRefusal(for: idle) == nil)
    _ = relay.trigger(caller, 1)
    #expect(relay.state.attachRefusal(for: caller)?.text.hasSuffix("requests that are not answered") == true)
    relay.register(worker, "f")
    #expect(relay.state.attachRefusal(for: worker)?.text.hasSuffix("this one has functions") == true)
    _ = relay.event { $0.beginDrain(reason: "test", deadline: $1 + 1000, now: $1) }
    #expect(relay.state.attachRefusal(for: idle)?.code == "SHUTTING_DOWN")
  }

  @Test func aReadThatWaitsIsAskedAboutWhenItsTimeIsUp() {
    let relay = RelayScript()
    let client = relay.connect()
    let call = read(relay, client, 1, wait: 500)
    #expect(relay.pass(499) == [])
    #expect(relay.pass(1) == ["channel call \(call) expired"])
    // What there is to answer is the channel's to say.
    #expect(relay.state.calls.has(call))
    #expect(relay.event { state, _ in state.channelAnswered(call, .cancelled(true)) } == ["reply 1 1 cancelled true"])
    #expect(!relay.state.calls.has(call))
    #expect(relay.event { state, _ in state.channelAnswered(call, .cancelled(true)) } == [])
  }

  @Test func aCancelledReadIsForgotten() {
    let relay = RelayScript()
    let client = relay.connect()
    let call = read(relay, client, 1, wait: 500)
    let lines = relay.event { state, _ in
      state.cancel(RequestID(1), reply: ReplyAddress(client: client, id: RequestID(2)))
    }
    #expect(lines == ["forget channel call \(call)", "reply 1 1 CANCELLED", "reply 1 2 cancelled true"])
    #expect(relay.pass(500) == [])
  }

  @Test func aDrainAnswersReadsAndWaitsForWhatIsUnderWay() {
    let relay = RelayScript()
    let (reader, raw) = (relay.connect(), relay.connect())
    let read = read(relay, reader, 1, wait: 60_000)
    let attached = relay.state.awaitChannel(ReplyAddress(client: raw, id: nil))
    #expect(
      relay.event { $0.beginDrain(reason: "test", deadline: $1 + 1000, now: $1) }
        == ["forget channel call \(read)", "reply 1 1 SHUTTING_DOWN"])
    #expect(relay.pass(999) == [])
    // An end without lines gets none: its request has no id any more.
    #expect(relay.pass(1) == ["forget channel call \(attached)", "drained"])
  }

  @Test func aClientThatIsGoneIsForgotten() {
    let relay = RelayScript()
    let client = relay.connect()
    let call = read(relay, client, 1, wait: 500)
    #expect(relay.event { $0.clientClosed(client, now: $1) } == ["forget channel call \(call)"])
    #expect(relay.pass(500) == [])
  }
}
