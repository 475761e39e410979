import Bytes
import LocalProtocol

/// `iiid config`: what `iiid serve` with the same options would run with, and why.
enum Config {
  static func run(_ commandLine: ParsedCommandLine, _ environment: [String: String]) -> ExitCode {
    CommandOutput.ending { () throws(CommandFailure) in
      // The files that settings name are not opened: who asks need not be allowed to read the token.
      let configuration = try read(commandLine, environment)
      let listing = ConfigurationListing(configuration: configuration)
      var output = ByteBuffer()
      if commandLine.contains(.configurationAsJSON) {
        listing.report.write(to: &output)
        output.append("\n")
      } else {
        for warning in configuration.warnings { ThisProcess.complain("warning: \(warning)") }
        output.append(listing.text)
      }
      try CommandOutput.print(output.span)
      return .success
    }
  }

  private static func read(
    _ commandLine: ParsedCommandLine, _ environment: [String: String]
  ) throws(CommandFailure) -> ServeConfiguration {
    do throws(ConfigurationError) {
      return try ServeConfiguration.settings(commandLine, environment)
    } catch {
      throw CommandFailure(error.problems, error.status)
    }
  }
}
