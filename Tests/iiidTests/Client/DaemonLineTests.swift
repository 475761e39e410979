import III
import LocalProtocol
import Testing

@testable import iiid

@Suite("Lines that a command gets")
struct DaemonLineTests {
  private func read(_ text: String) -> DaemonLine? { DaemonLine(text.utf8.span) }

  @Test
  func results() {
    #expect(read(#"{"jsonrpc":"2.0","id":7,"result": {"a" : 1.0} }"#) == .result(7, Array(#"{"a" : 1.0}"#.utf8)))
    #expect(read(#"{"id":1,"result":null}"#) == .result(1, Array("null".utf8)))
  }

  @Test
  func errors() throws {
    let error: JSON = ["code": -32004, "message": "function_not_found: f", "data": ["code": "function_not_found"]]
    #expect(read(#"{"id":1,"error":\#(error.text)}"#) == .error(1, DaemonError(error)))
    #expect(read(#"{"id":null,"error":\#(error.text)}"#) == .error(nil, DaemonError(error)))
    #expect(DaemonError(error).row == .notFound && DaemonError(error).status == .notFound)
    #expect(DaemonError(error).failure == CommandFailure("function_not_found: f", .notFound))
    // Of a later version, or of nobody who knows the protocol.
    #expect(DaemonError(["code": -32050, "message": "NEW: x"]).status == .failure)
    #expect(DaemonError("what").failure == CommandFailure("\"what\"", .failure))
  }

  @Test
  func events() {
    let line =
      #"{"method":"event","params":{"subscription_id":1,"event":"drain","seq":1,"at":5,"fields":{"deadline_ms":5}}}"#
    #expect(read(line) == .event(topic: "drain", fields: ["deadline_ms": 5]))
    #expect(read(#"{"method":"event","params":{"event":"drain"}}"#) == .other)
    #expect(read(#"{"method":"event"}"#) == .other)
    #expect(read(#"{"id":"d1","method":"invoke","params":{}}"#) == .other)
  }

  @Test(arguments: [
    "", "x", "[]", "5", "{}", #"{"id":1}"#, #"{"id":"a","result":1}"#, #"{"id":1,"result":}"#, #"{"method":5}"#,
  ])
  func nonsense(text: String) { #expect(read(text) == nil) }

  @Test
  func everyRowOfTheTableHasAnExitStatus() {
    for row in LocalError.Row.allCases {
      let error = DaemonError(["code": JSON(row.number), "message": "x"])
      #expect(error.row == row && error.status.rawValue == row.exitStatus)
      // The help of the command that may end with it says so.
      let statuses = Command.call.exitStatuses.map(\.status)
      let isOfRegistrations = row == .registrationRefused
      #expect(statuses.contains(error.status) != isOfRegistrations, "\(row)")
    }
  }
}
