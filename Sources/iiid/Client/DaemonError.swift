import III
import LocalProtocol

/// An error that the daemon answered (local protocol, section 9.1).
struct DaemonError: Error, Equatable {
  /// The error object as it came.
  let json: JSON
  /// The row of the table; nil for an integer that this program does not know.
  let row: LocalError.Row?
  /// The string in `data.code`.
  let code: String
  /// `CODE: text`.
  let message: String

  init(_ json: JSON) {
    self.json = json
    row = json["code"]?.integer.flatMap { LocalError.Row(number: $0) }
    code = json["data"]?["code"]?.string ?? ""
    message = json["message"]?.string ?? json.text
  }

  /// How a command ends for which this was the end.
  var status: ExitCode { ExitCode(rawValue: row?.exitStatus ?? ExitCode.failure.rawValue) }

  /// The same as a command says it.
  var failure: CommandFailure { CommandFailure(message, status) }
}
