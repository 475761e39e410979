import Bytes
import III
import RawJSON
import Transport

/// `iiid shutdown`.
enum ShutdownCommand {
  /// How long a daemon that has closed its connections may take to give its socket back, in milliseconds.
  private static let patience = 5000

  static func run(_ client: Client) throws(CommandFailure) -> ExitCode {
    let commandLine = client.commandLine
    if commandLine.contains(.now), commandLine.contains(.drainDeadline) {
      throw CommandFailure("--now and --deadline-ms exclude each other: --now waits for nothing", .usage)
    }
    let limit =
      commandLine.contains(.drainDeadline) ? try client.settings.milliseconds(.drainDeadline, else: 0) : nil
    let deadline = try client.deadline(.answerTimeout, else: 10_000)
    let connection = try client.connect(until: deadline)
    let result = try connection.ask("shutdown", until: deadline) {
      $0.append("\"mode\":\"\(commandLine.contains(.now) ? "now" : "drain")\"")
      if let limit {
        $0.append(",\"deadline_ms\":")
        $0.append(integer: limit)
      }
    }
    try client.print("ending, in flight: \(StatusText.counted(result["in_flight"]).printable)\n")
    guard !commandLine.contains(.noWait) else { return .success }
    // The daemon has a deadline of its own.
    while try connection.receive(until: .distantFuture) != nil {}
    let lock = try client.address.path + ".lock"
    let last = MonotonicTime.now + Self.patience
    while UnixSocketFile.mayBeAt(lock), MonotonicTime.now < last { Waiting.sleep(until: .now + 10) }
    return .success
  }
}
