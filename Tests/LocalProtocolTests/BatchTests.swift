import Bytes
import LocalProtocol
import Testing

@Suite struct BatchTests {
  /// What each element says, read as the daemon reads it.
  func elements(_ line: String) -> [String] {
    let script = Script(line)
    guard case .batch(let count) = script.message else { return [script.outcome] }
    return (0..<count).map { index in
      let range = script.reader.element(index)
      return Script(script.text(range), batchOffset: range.lowerBound).outcome
    }
  }

  @Test func requestsNotificationsAndAnswersMix() {
    #expect(
      elements(#"[ {"id":1,"method":"ping"} , {"method":"ping"},{"id":"d3","result":[1]}]"#)
        == ["ping 1", "ping", "response d3 [1]"])
  }

  @Test func offsetsAreThoseOfTheLine() {
    let error = elements(
      #"[{"id":1,"method":"ping"},{"id":2,"method":"trigger","params":{"function_id":"f","payload":1e999}}]"#)
    #expect(error[0] == "ping 1")
    #expect(error[1].contains(#""offset":91"#), "\(error[1])")
    let answer = elements(#"[{"id":"d1","result":1e999}]"#)
    #expect(
      answer == [
        "response d1 unusable: the worker's answer is nothing that the engine would take: number beyond a double at byte 21"
      ])
  }

  @Test func aViolationHurtsItsOwnEntryOnly() {
    let outcomes = elements(
      #"[{"id":1,"method":"trigger","params":{"function_id":"f","payload":"\udead"}},{"id":2,"method":"ping"}]"#)
    #expect(outcomes[0].contains(#""id":1,"error":{"code":-32602"#))
    #expect(outcomes[1] == "ping 2")
  }

  @Test func helloCannotStandInABatch() {
    #expect(elements(#"[{"id":1,"method":"hello"}]"#)[0].contains("INVALID_REQUEST: hello cannot stand in a batch"))
    #expect(Script(#"{"id":1,"method":"hello"}"#).outcome == "hello 1")
  }

  @Test func elementsThatAreNoMessages() {
    let outcomes = elements("[1,[],{}]")
    #expect(outcomes.count == 3)
    #expect(outcomes.allSatisfy { $0.contains(#""id":null,"error":{"code":-32600"#) })
    #expect(outcomes[1].contains("a batch inside a batch"))
  }

  @Test func sizes() {
    #expect(Script("[]").error?.text == "the batch is empty")
    let entry = #"{"method":"ping"}"#
    #expect(Script("[" + Array(repeating: entry, count: 100).joined(separator: ",") + "]").outcome == "batch 100")
    #expect(
      Script("[" + Array(repeating: entry, count: 101).joined(separator: ",") + "]").error?.text
        == "the batch has 101 entries; at most 100 are taken")
  }

  @Test func answersLeaveAsOneLine() {
    var answer = BatchAnswer()
    answer.expect()
    answer.expect()
    answer.add { DaemonMessage.result(RequestID(2), "5".utf8.span, to: &$0) }
    let isEarly = answer.isComplete
    answer.add { DaemonMessage.result(RequestID(1), "6".utf8.span, to: &$0) }
    let isComplete = answer.isComplete
    var output = ByteBuffer()
    answer.finish(to: &output)
    let line = String(utf8: output.span)
    #expect(!isEarly)
    #expect(isComplete)
    #expect(line == #"[{"jsonrpc":"2.0","id":2,"result":5},{"jsonrpc":"2.0","id":1,"result":6}]"# + "\n")
  }

  @Test func nothingToAnswerIsNoLine() {
    let answer = BatchAnswer()
    let isComplete = answer.isComplete
    var output = ByteBuffer()
    answer.finish(to: &output)
    let count = output.count
    #expect(isComplete)
    #expect(count == 0)
  }
}
