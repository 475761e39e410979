import Testing

@testable import DevEngine

@Suite("Announce, names and reattach")
struct AnnounceTests {
  private static let call = #"{"type":"invokefunction","invocation_id":"bbbbbbbb-0000-4000-8000-000000000000","#

  @Test func greeting() {
    var engine = Conversation()
    #expect(
      engine.connect(1) == [
        #"1 {"type":"workerregistered","worker_id":"\#(Conversation.id(1))","reattach_token":"\#(Conversation.id(2))"}"#
      ])
  }

  @Test func announceIsAnswered() {
    var engine = Conversation()
    engine.connect(1)
    #expect(
      engine.announce(1, name: "a") == [
        #"1 {"type":"invocationresult","invocation_id":"aaaaaaaa-0000-4000-8000-000000000000","#
          + #""function_id":"engine::workers::register","result":{"success":true}}"#
      ])
  }

  @Test func registrationsWaitForTheAnnounceAndAreAppliedInOrder() {
    var engine = Conversation()
    engine.connect(1)
    engine.send(1, #"{"type":"registerfunction","id":"f"}"#)
    engine.send(1, #"{"type":"registerfunction","id":"g"}"#)
    engine.send(1, #"{"type":"unregisterfunction","id":"f"}"#)
    #expect(engine.state.functions.isEmpty)
    engine.announce(1, name: "a", namespace: "shop")
    #expect(engine.state.functions.keys.sorted { $0.precedes($1) } == [FunctionKey(namespace: "shop", id: "g")])
  }

  @Test func withoutAnAnnounceTheyGoToDefaultAfterTheGraceTime() {
    var engine = Conversation()
    engine.connect(1)
    engine.send(1, #"{"type":"registerfunction","id":"f"}"#)
    #expect(engine.state.nextDeadline == 5000)
    _ = engine.advance(to: 4999)
    #expect(engine.state.functions.isEmpty)
    _ = engine.advance(to: 5000)
    #expect(engine.state.functions.keys.map(\.namespace) == ["default"])
    #expect(engine.state.nextDeadline == nil)
    // A late announce cannot move the worker.
    engine.announce(1, name: "late", namespace: "shop")
    #expect(engine.state.workers[1]?.namespace == "default")
    #expect(engine.state.workers[1]?.announcement?.name == "late")
  }

  @Test func withoutGraceNothingWaits() {
    var engine = Conversation(graceMilliseconds: 0)
    engine.connect(1)
    engine.send(1, #"{"type":"registerfunction","id":"f"}"#)
    #expect(engine.state.functions.count == 1)
  }

  @Test func takenNameIsRefusedAndTheConnectionClosed() {
    var engine = Conversation()
    let owner = engine.join(1, name: "twin")
    engine.connect(2)
    engine.send(2, #"{"type":"registerfunction","id":"f"}"#)
    #expect(
      engine.announce(2, name: "twin") == [
        #"2 {"type":"registrationrejected","code":"WORKER_NAMESPACE_CONFLICT","namespace":"default","#
          + #""worker_name":"twin","owner_worker_id":"\#(owner)"}"#, "2 close",
      ])
    #expect(engine.state.workers[2] == nil)
    #expect(engine.state.functions.isEmpty)
    #expect(engine.send(2, #"{"type":"ping"}"#).isEmpty)
    // Another namespace is another name.
    engine.join(3, name: "twin", namespace: "shop")
    #expect(engine.state.workers[3]?.announcement?.name == "twin")
    // A name is free when its owner has gone.
    _ = engine.disconnect(1)
    engine.join(4, name: "twin")
    #expect(engine.state.workers[4]?.announcement != nil)
  }

  @Test func announcingTwiceIsAllowed() {
    var engine = Conversation()
    engine.join(1, name: "a")
    #expect(engine.announce(1, name: "a")[0].hasSuffix(#""result":{"success":true}}"#))
  }

  @Test func blankNamespaceIsRefused() {
    var engine = Conversation()
    engine.connect(1)
    #expect(engine.announce(1, name: "a", namespace: " ")[0].contains(#""error":{"code":"INVALID_NAMESPACE""#))
    #expect(engine.state.workers[1]?.announcement == nil)
  }

  @Test func controlCharactersAreStripped() {
    var engine = Conversation()
    engine.join(1, name: #"a\u0007\u202eb"#, more: #","description":"\#(String(repeating: "x", count: 300))""#)
    #expect(engine.state.workers[1]?.announcement?.name == "ab")
    #expect(engine.state.workers[1]?.announcement?.description?.count == 280)
  }

  @Test func reattachEvictsTheFormerConnectionBeforeTheNextFrame() {
    var engine = Conversation()
    let former = engine.join(1, name: "phoenix")
    let token = engine.state.workers[1]?.reattachToken ?? ""
    engine.send(1, #"{"type":"registerfunction","id":"f"}"#)
    engine.join(2, name: "caller")
    engine.send(2, Self.call + #""function_id":"f","data":1}"#)
    engine.connect(3)
    #expect(
      engine.send(3, #"{"type":"reattach","previous_worker_id":"\#(former)","reattach_token":"\#(token)"}"#) == [
        #"2 {"type":"invocationresult","invocation_id":"bbbbbbbb-0000-4000-8000-000000000000","function_id":"f","#
          + #""error":{"code":"invocation_stopped","message":"Invocation stopped"}}"#, "1 drop",
      ])
    engine.announce(3, name: "phoenix")
    #expect(engine.send(3, #"{"type":"registerfunction","id":"f"}"#).isEmpty)
    #expect(engine.state.functions[FunctionKey(id: "f")]?.owner == 3)
    #expect(engine.disconnect(1).isEmpty)
  }

  @Test func reattachWithoutTheTokenIsIgnored() {
    var engine = Conversation()
    let former = engine.join(1, name: "keeper")
    engine.connect(2)
    let own = engine.state.workers[2]?.id ?? ""
    #expect(engine.send(2, #"{"type":"reattach","previous_worker_id":"\#(former)","reattach_token":"x"}"#).isEmpty)
    #expect(engine.send(2, #"{"type":"reattach","previous_worker_id":"\#(former)"}"#).isEmpty)
    #expect(engine.send(2, #"{"type":"reattach","previous_worker_id":"nobody","reattach_token":"x"}"#).isEmpty)
    #expect(engine.send(2, #"{"type":"reattach","previous_worker_id":"\#(own)","reattach_token":"x"}"#).isEmpty)
    #expect(engine.state.workers.count == 2)
  }
}
