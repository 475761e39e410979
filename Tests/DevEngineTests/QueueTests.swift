import Testing

@testable import DevEngine

@Suite("Enqueued calls")
struct QueueTests {
  private static let id = "bbbbbbbb-0000-4000-8000-000000000000"
  private static let enqueue =
    #"{"type":"invokefunction","invocation_id":"\#(id)","function_id":"job","data":{"n":1},"metadata":"m","#
    + #""action":{"type":"enqueue","queue":"jobs"}}"#

  @Test func withoutAProviderThereIsAnError() {
    var engine = Conversation()
    engine.join(1, name: "a")
    let answer = engine.send(1, Self.enqueue)
    #expect(answer.count == 1)
    #expect(answer[0].contains(#""error":{"code":"enqueue_error","message":"No queue provider is installed"#))
  }

  @Test func providerIsAskedAndItsWordDecides() {
    var engine = Conversation(queue: .memory)
    engine.join(1, name: "a")
    engine.join(2, name: "q")
    engine.send(2, #"{"type":"registerfunction","id":"engine::queue::enqueue"}"#)
    let receipt = Conversation.id(5)
    let handed = Conversation.id(6)
    #expect(
      engine.send(1, Self.enqueue) == [
        #"2 {"type":"invokefunction","invocation_id":"\#(handed)","function_id":"engine::queue::enqueue","#
          + #""data":{"baggage":"iii.function.id=job","data":{"n":1},"function_id":"job","messageReceiptId":"\#(receipt)","#
          + #""queue":"jobs","traceparent":null},"baggage":"iii.function.id=job"}"#
      ])
    #expect(
      engine.send(2, #"{"type":"invocationresult","invocation_id":"\#(handed)","function_id":"x","result":1}"#) == [
        #"1 {"type":"invocationresult","invocation_id":"\#(Self.id)","function_id":"job","#
          + #""result":{"messageReceiptId":"\#(receipt)"}}"#
      ])
    engine.send(1, Self.enqueue)
    let refused = engine.send(
      2,
      #"{"type":"invocationresult","invocation_id":"\#(Conversation.id(8))","function_id":"x","error":{"code":"full","message":"no room"}}"#
    )
    #expect(refused.count == 1)
    #expect(refused[0].contains(#""error":{"code":"enqueue_error","message":"full: no room"}"#))
    engine.send(1, Self.enqueue)
    #expect(engine.disconnect(2)[0].contains(#""message":"invocation_stopped: Invocation stopped""#))
  }

  @Test func memoryGivesAReceiptThenDelivers() {
    var engine = Conversation(queue: .memory)
    engine.join(1, name: "a")
    engine.send(1, #"{"type":"registerfunction","id":"job"}"#)
    let receipt = Conversation.id(3)
    #expect(
      engine.send(1, Self.enqueue) == [
        #"1 {"type":"invocationresult","invocation_id":"\#(Self.id)","function_id":"job","#
          + #""result":{"messageReceiptId":"\#(receipt)"}}"#,
        #"1 {"type":"invokefunction","invocation_id":"\#(Conversation.id(4))","function_id":"job","data":{"n":1},"#
          + #""baggage":"iii.function.id=job","metadata":"m"}"#,
      ])
    #expect(engine.state.jobCount == 1)
    let result = #"{"type":"invocationresult","invocation_id":"\#(Conversation.id(4))","function_id":"job","result":1}"#
    #expect(engine.send(1, result).isEmpty)
    #expect(engine.state.jobCount == 0)
    #expect(engine.state.nextDeadline == nil)
  }

  @Test func memoryRetriesThreeTimesASecondApart() {
    var engine = Conversation(queue: .memory)
    engine.join(1, name: "a")
    // Nobody has the function: that, too, is a failed delivery.
    #expect(engine.send(1, Self.enqueue).count == 1)
    engine.send(1, #"{"type":"registerfunction","id":"job"}"#)
    for attempt in 1...3 {
      #expect(engine.state.nextDeadline == attempt * 1000)
      #expect(engine.advance(to: attempt * 1000 - 1).isEmpty)
      let delivered = engine.advance(to: attempt * 1000)
      #expect(delivered.count == 1)
      let id = Conversation.id(4 + attempt)
      #expect(delivered[0].contains(id))
      #expect(
        engine.send(
          1,
          #"{"type":"invocationresult","invocation_id":"\#(id)","function_id":"job","error":{"code":"x","message":"y"}}"#
        )
        .isEmpty)
    }
    #expect(engine.state.nextDeadline == nil)
    #expect(engine.state.jobCount == 0)
  }
}
