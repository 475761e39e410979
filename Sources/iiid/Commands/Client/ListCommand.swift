import Bytes
import III
import LocalProtocol
import RawJSON

/// `iiid list WHAT`.
enum ListCommand {
  static func run(_ client: Client) throws(CommandFailure) -> ExitCode {
    let commandLine = client.commandLine
    guard let listing = Listing(rawValue: commandLine.operands[0]) else { return .usage }
    let isLocal = commandLine.contains(.local)
    try check(commandLine, listing)
    let deadline = try client.deadline(.answerTimeout, else: 10_000)
    let result = try client.connect(until: deadline).ask(listing.method.name, until: deadline) {
      write(commandLine, to: &$0)
    }
    let table = TableText(result[listing.member]?.elements ?? [], columns: listing.columns(local: isLocal))
    switch (commandLine.contains(.json), commandLine.contains(.ids)) {
    case (true, _): try client.print("\(result.text)\n")
    case (false, true): try client.print(table.ids)
    case (false, false): try client.print(table.text)
    }
    return .success
  }

  /// Combinations that would be ignored are refused.
  private static func check(_ commandLine: ParsedCommandLine, _ listing: Listing) throws(CommandFailure) {
    if commandLine.contains(.local) {
      for option in [OptionDefinition.search, .includeInternal] where commandLine.contains(option) {
        throw CommandFailure("\(option.flag) is about what the engine knows, and --local is not; leave one out", .usage)
      }
    }
    if listing == .workers, commandLine.contains(.includeInternal) {
      throw CommandFailure("--internal: workers are listed with the engine's own, always", .usage)
    }
    if commandLine.contains(.json), commandLine.contains(.ids) {
      throw CommandFailure("--json and --ids exclude each other", .usage)
    }
  }

  private static func write(_ commandLine: ParsedCommandLine, to output: inout ByteBuffer) {
    // Some of these methods know only some of the parameters.
    var separator = ""
    func append(_ name: String, _ value: (inout ByteBuffer) -> Void) {
      output.append("\(separator)\"\(name)\":")
      value(&output)
      separator = ","
    }
    if commandLine.contains(.local) { append("local") { $0.append("true") } }
    if let search = commandLine.argument(of: .search) { append("search") { $0.append(jsonString: search) } }
    if commandLine.contains(.includeInternal) { append("include_internal") { $0.append("true") } }
  }
}
