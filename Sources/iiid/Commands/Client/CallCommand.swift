import III
import LocalProtocol
import RawJSON
import Transport

/// `iiid call FUNCTION [PAYLOAD]`.
///
/// An interrupt ends the process as it ends any other: the connection closes, and with it the daemon gives the call up.
enum CallCommand {
  /// The longest payload that is read: the longest line that a daemon can be told to take.
  private static let inputLimit = 256 << 20

  static func run(_ client: Client) throws(CommandFailure) -> ExitCode {
    let request = try CallRequest(client.settings, input: readInput)
    let deadline = MonotonicTime.now + request.patience
    let connection = try client.connect(until: deadline)
    _ = try connection.send(Method.trigger.name, until: deadline) { request.write(to: &$0) }
    switch try connection.answer(until: deadline) {
    case .success(let value):
      try print(value, raw: client.commandLine.contains(.raw))
      return .success
    case .failure(let error):
      guard client.commandLine.contains(.errorsAsJSON) else { throw error.failure }
      StandardError().write("\(error.json.text)\n".utf8.span)
      return error.status
    }
  }

  private static func print(_ value: [UInt8], raw: Bool) throws(CommandFailure) {
    if raw, let text = String(jsonToken: value.span) { return try CommandOutput.print("\(text)\n".utf8.span) }
    try CommandOutput.print((value + [UInt8(ascii: "\n")]).span)
  }

  private static func readInput() throws(CommandFailure) -> [UInt8] {
    let bytes: [UInt8]?
    do throws(Errno) {
      bytes = try StandardInput.readAll(limit: inputLimit)
    } catch {
      throw CommandFailure("standard input: \(error)", .inputOutput)
    }
    guard let bytes else {
      throw CommandFailure("PAYLOAD_TOO_LARGE: standard input has more than \(inputLimit) bytes", .tooLarge)
    }
    return bytes
  }
}
