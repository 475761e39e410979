import Bytes
import LocalProtocol

/// `iiid config`: what `iiid serve` with the same options would run with, and why.
enum Config {
  static func run(_ commandLine: ParsedCommandLine, _ environment: [String: String]) -> ExitCode {
    do throws(ConfigurationError) {
      // The files that settings name are not opened: who asks need not be allowed to read the token.
      let configuration = try ServeConfiguration.settings(commandLine, environment)
      let listing = ConfigurationListing(configuration: configuration)
      if commandLine.options[OptionDefinition.configurationAsJSON.name] != nil {
        var output = ByteBuffer()
        listing.report.write(to: &output)
        output.append("\n")
        ThisProcess.print(String(decoding: Array(copying: output.span), as: UTF8.self))
      } else {
        for warning in configuration.warnings { ThisProcess.complain("warning: \(warning)") }
        ThisProcess.print(listing.text)
      }
      return .success
    } catch {
      for problem in error.problems { ThisProcess.complain(problem) }
      return error.status
    }
  }
}
