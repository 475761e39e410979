import LocalProtocol
import Testing
import Transport

@testable import iiid

@Suite struct PostponedReplyTests {
  private func postpone(_ relay: RelayScript, _ client: ClientID, _ id: Int) -> PostponedReply {
    relay.state.postpone(ReplyAddress(client: client, id: RequestID(id)))
  }

  private func answer(_ relay: RelayScript, _ reply: PostponedReply) -> [String] {
    relay.event { state, _ in state.answer(reply, .report(.object([:]))) }
  }

  @Test func itIsAnsweredOnce() {
    let relay = RelayScript()
    let client = relay.connect()
    let reply = postpone(relay, client, 7)
    #expect(answer(relay, reply) == ["reply 1 7 report"])
    #expect(answer(relay, reply) == [])
  }

  @Test func theNextRequestInItsSlotIsAnother() {
    let relay = RelayScript()
    let client = relay.connect()
    let first = postpone(relay, client, 1)
    #expect(
      relay.event { state, _ in state.cancel(RequestID(1), reply: ReplyAddress(client: client, id: RequestID(2))) }
        == ["reply 1 1 CANCELLED", "reply 1 2 cancelled true"])
    let second = postpone(relay, client, 3)
    #expect(second.call == first.call)
    #expect(answer(relay, first) == [])
    #expect(answer(relay, second) == ["reply 1 3 report"])
  }

  @Test func aHalfClosedClientGetsItBeforeTheEnd() {
    let relay = RelayScript()
    let client = relay.connect()
    let reply = postpone(relay, client, 1)
    #expect(relay.event { $0.clientReachedEnd(client, now: $1) } == [])
    #expect(answer(relay, reply) == ["reply 1 1 report", "finish 1"])
  }

  @Test func itsClientMayGo() {
    let relay = RelayScript()
    let client = relay.connect()
    let reply = postpone(relay, client, 1)
    #expect(relay.event { $0.clientClosed(client, now: $1) } == [])
    #expect(answer(relay, reply) == [])
  }

  @Test func aDrainWaitsForItUntilItsDeadline() {
    let relay = RelayScript()
    let client = relay.connect()
    let reply = postpone(relay, client, 1)
    #expect(relay.event { $0.beginDrain(reason: "r", deadline: $1 + 500, now: $1) } == [])
    #expect(relay.pass(500) == ["reply 1 1 SHUTTING_DOWN", "drained"])
    #expect(answer(relay, reply) == [])
  }

  @Test func aDrainIsHastenedButNotPutOff() {
    let relay = RelayScript()
    let client = relay.connect()
    _ = postpone(relay, client, 1)
    _ = relay.event { $0.beginDrain(reason: "r", deadline: $1 + 500, now: $1) }
    #expect(relay.event { $0.hastenDrain(deadline: $1 + 9000) } == [])
    #expect(relay.event { $0.hastenDrain(deadline: $1 + 100) } == [])
    #expect(relay.pass(100) == ["reply 1 1 SHUTTING_DOWN", "drained"])
  }

  @Test func whatGoesToTheDiskCannotBeGivenUp() {
    let relay = RelayScript()
    let client = relay.connect()
    let reply = relay.state.postpone(ReplyAddress(client: client, id: RequestID(1)), isCancellable: false)
    #expect(
      relay.event { state, _ in state.cancel(RequestID(1), reply: ReplyAddress(client: client, id: RequestID(2))) }
        == ["reply 1 2 cancelled false"])
    #expect(relay.event { $0.clientReachedEnd(client, now: $1) } == [])
    #expect(answer(relay, reply) == ["reply 1 1 report", "finish 1"])
  }

  @Test func aDrainWaitsForWhatTheEngineHasOfTheOutbox() {
    let relay = RelayScript()
    relay.state.outboxInFlight = 2
    #expect(relay.event { $0.beginDrain(reason: "r", deadline: $1 + 500, now: $1) } == [])
    #expect(relay.pass(499) == [])
    #expect(relay.pass(1) == ["drained"])
    let other = RelayScript()
    other.state.outboxInFlight = 1
    _ = other.event { $0.beginDrain(reason: "r", deadline: $1 + 500, now: $1) }
    other.state.outboxInFlight = 0
    #expect(other.event { state, _ in state.finishDrainIfDone() } == ["drained"])
  }
}
