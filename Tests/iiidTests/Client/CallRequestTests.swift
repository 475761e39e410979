import Bytes
import Testing

@testable import iiid

@Suite("The request of iiid call")
struct CallRequestTests {
  /// The parameters that these arguments ask for.
  private func parameters(
    _ arguments: [String], _ environment: [String: String] = [:], input: String = ""
  ) throws -> String {
    let settings = ClientSettings(
      commandLine: try ParsedCommandLine(parsing: ["call"] + arguments), environment: environment)
    let request = try CallRequest(settings) { Array(input.utf8) }
    var output = ByteBuffer()
    request.write(to: &output)
    return String(utf8: output.span) ?? ""
  }

  @Test(arguments: [
    (["f"], #""function_id":"f","timeout_ms":30000"#),
    (["f", "null"], #""function_id":"f","payload":null,"timeout_ms":30000"#),
    (["f", "-12.50"], #""function_id":"f","payload":-12.50,"timeout_ms":30000"#),
    (["a\"\n::b", " [1,\n 2]\r\n"], #""function_id":"a\"\n::b","payload":[1,  2],"timeout_ms":30000"#),
    (["f", "--void"], #""function_id":"f","action":{"type":"void"},"timeout_ms":30000"#),
    (
      ["f", "--queue", "a\"b"],
      #""function_id":"f","action":{"type":"enqueue","queue":"a\"b"},"timeout_ms":30000"#
    ),
    (
      ["f", "--void", "--durable", "--ttl-ms", "5"],
      #""function_id":"f","action":{"type":"void"},"timeout_ms":30000,"durability":"disk","ttl_ms":5"#
    ),
    (
      ["f", "--timeout-ms=1", "--wait-connected-ms", "2147483647", "--namespace", "n", "--metadata", "{ }"],
      #""function_id":"f","timeout_ms":1,"wait_connected_ms":2147483647,"metadata":{ },"namespace":"n""#
    ),
  ])
  func writesWhatIsAskedFor(arguments: [String], expected: String) throws {
    #expect(try parameters(arguments) == expected)
  }

  @Test
  func readsStandardInputOnlyWhenTold() throws {
    #expect(
      try parameters(["f", "-"], input: "\t{\"a\":1}\n") == #""function_id":"f","payload":{"a":1},"timeout_ms":30000"#)
    #expect(try parameters(["f"], input: "no JSON") == #""function_id":"f","timeout_ms":30000"#)
  }

  @Test
  func takesTheTraceOfTheEnvironment() throws {
    let expected = #""function_id":"f","timeout_ms":30000,"traceparent":"t","baggage":"b""#
    #expect(try parameters(["f"], ["TRACEPARENT": "t", "BAGGAGE": "b"]) == expected)
    #expect(try parameters(["f", "--traceparent", "t", "--baggage", "b"], ["TRACEPARENT": "x"]) == expected)
    #expect(try parameters(["f"], ["TRACEPARENT": ""]) == #""function_id":"f","timeout_ms":30000"#)
  }

  @Test
  func waitsLongerThanTheDaemonDoes() {
    var request = CallRequest(functionID: "f")
    request.timeout = 10
    request.waitConnected = 20
    #expect(request.patience > 30)
  }

  @Test(arguments: [
    ("", "PAYLOAD is empty; a text without characters is '\"\"'"),
    ("hello you", "PAYLOAD is no JSON: unexpected 'h' at byte 0; a text needs quotes of its own, as '\"hello you\"'"),
    ("hello; rm", "PAYLOAD is no JSON: unexpected 'h' at byte 0"),
    ("1 2", "PAYLOAD is no JSON: unexpected '2' at byte 2"),
    ("  1e999", "PAYLOAD: the engine would not take this: number beyond a double at byte 0"),
    ("\"\u{1}\"", "PAYLOAD: the engine would not take this: unescaped control character in a string at byte 1"),
    (
      String(repeating: "[", count: 127) + String(repeating: "]", count: 127),
      "PAYLOAD: the engine would not take this: nesting beyond 126 levels at byte 1"
    ),
  ])
  func refusesWhatIsNoPayload(text: String, message: String) {
    #expect(throws: CommandFailure(message, .badRequest)) { try parameters(["f", text]) }
  }

  @Test(arguments: [
    (["f", "--timeout-ms", "0"], "out of range"), (["f", "--timeout-ms", "2147483648"], "out of range"),
    (["f", "--timeout-ms", "1.5"], "not a number"), (["f", "--timeout-ms=-1"], "not a number"),
    (["f", "--void", "--queue", "q"], "exclude"), (["f", "--durable"], "--void and --queue"),
    (["f", "--void", "--ttl-ms", "5"], "--durable too"),
    (["f", "--void", "--durable", "--ttl-ms", "0"], "out of range"),
  ])
  func refusesOptions(arguments: [String], words: String) {
    do {
      _ = try parameters(arguments)
      Issue.record("taken")
    } catch let failure as CommandFailure {
      #expect(failure.status == .usage && failure.lines.joined().contains(words))
    } catch {
      Issue.record("\(error)")
    }
  }
}
