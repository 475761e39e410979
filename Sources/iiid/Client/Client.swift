import Bytes
import Transport

/// What the commands that talk to a daemon have in common: their arguments, the way to the daemon, their output.
struct Client {
  let settings: ClientSettings

  var commandLine: ParsedCommandLine { settings.commandLine }

  /// Carries out a command: what it throws is said on standard error.
  static func run(
    _ commandLine: ParsedCommandLine, _ environment: [String: String],
    _ command: (Client) throws(CommandFailure) -> ExitCode
  ) -> ExitCode {
    ThisProcess.ignoreBrokenPipes()
    let client = Client(settings: ClientSettings(commandLine: commandLine, environment: environment))
    return CommandOutput.ending { () throws(CommandFailure) in try command(client) }
  }

  /// Which daemon is meant.
  var address: DaemonAddress {
    get throws(CommandFailure) { try DaemonAddress(settings, isThere: UnixSocketFile.mayBeAt) }
  }

  /// A connection to the daemon.
  func connect(until deadline: MonotonicTime) throws(CommandFailure) -> DaemonConnection {
    let address = try address
    do throws(Errno) {
      return DaemonConnection(try LocalSocket(connectedTo: address.path, until: deadline))
    } catch {
      throw failure(error, of: address)
    }
  }

  /// Why there is no connection.
  func failure(_ error: Errno, of address: DaemonAddress) -> CommandFailure {
    address.failure(
      error, group: UnixSocketFile.groupName(of: address.path), isSocket: UnixSocketFile.isSocket(address.path))
  }

  /// When the command gives up: so many milliseconds after now as its option says.
  func deadline(_ option: OptionDefinition, else fallback: Int) throws(CommandFailure) -> MonotonicTime {
    .now + (try settings.milliseconds(option, else: fallback))
  }

  /// Writes text to standard output.
  func print(_ text: String) throws(CommandFailure) { try CommandOutput.print(text.utf8.span) }
}
