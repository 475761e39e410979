import Bytes
import III
import RawJSON
import Transport

/// `iiid outbox list|retry|drop`.
struct OutboxCommand {
  /// How many rows are asked for at a time.
  private static let page = 1000

  private let client: Client
  private let action: OutboxAction
  /// Which call; nil for all that the action is for.
  private let id: Int?
  private let connection: DaemonConnection
  private let deadline: MonotonicTime

  static func run(_ client: Client) throws(CommandFailure) -> ExitCode {
    try OutboxCommand(client).run()
  }

  private init(_ client: Client) throws(CommandFailure) {
    self.client = client
    let commandLine = client.commandLine
    action = OutboxAction(rawValue: commandLine.operands[0]) ?? .list
    id = commandLine.operands.count > 1 ? try Self.number(commandLine.operands[1], of: "ID") : nil
    try Self.check(commandLine, action)
    deadline = try client.deadline(.answerTimeout, else: 10_000)
    connection = try client.connect(until: deadline)
  }

  /// What would be ignored is refused.
  private static func check(_ commandLine: ParsedCommandLine, _ action: OutboxAction) throws(CommandFailure) {
    let hasID = commandLine.operands.count > 1
    if action == .list, hasID { throw CommandFailure("outbox list lists all calls; leave the ID out", .usage) }
    for (option, owner) in [(OptionDefinition.failed, OutboxAction.list), (.after, .list), (.allCalls, .drop)]
    where commandLine.contains(option) && (action != owner || hasID) {
      throw CommandFailure("\(option.flag) is for outbox \(owner.rawValue) without an ID", .usage)
    }
  }

  private static func number(_ text: String, of name: String) throws(CommandFailure) -> Int {
    guard let number = Int(text), number >= 0 else {
      throw CommandFailure("\(name): '\(text)' is no number of a call; see 'iiid outbox list'", .usage)
    }
    return number
  }

  private func run() throws(CommandFailure) -> ExitCode {
    switch action {
    case .list: return try list()
    case .retry: return try change("tried again")
    case .drop: return try change("dropped")
    }
  }

  private func list() throws(CommandFailure) -> ExitCode {
    var after =
      try client.commandLine.argument(of: .after).map { text throws(CommandFailure) in
        try Self.number(text, of: OptionDefinition.after.flag)
      } ?? 0
    var entries: [JSON] = []
    while true {
      let result = try connection.ask("outbox_list", until: deadline) { output in
        output.append("\"after\":\(after),\"limit\":\(Self.page)")
        if client.commandLine.contains(.failed) { output.append(",\"failed\":true") }
      }
      if client.commandLine.contains(.json) {
        try client.print("\(result.text)\n")
        return .success
      }
      let page = result["entries"]?.elements ?? []
      entries += page
      guard page.count == Self.page, let last = page.last?["outbox_id"]?.integer, last > after else { break }
      after = last
    }
    try client.print(OutboxText.table(entries, now: WallClock.milliseconds))
    return .success
  }

  private func change(_ done: String) throws(CommandFailure) -> ExitCode {
    let result = try connection.ask("outbox_\(action.rawValue)", until: deadline) { output in
      if let id { output.append("\"outbox_id\":\(id)") }
      if client.commandLine.contains(.allCalls) { output.append("\"all\":true") }
    }
    let count = result["count"]?.integer ?? 0
    try client.print(
      client.commandLine.contains(.json) ? "\(result.text)\n" : "\(count) \(count == 1 ? "call" : "calls") \(done)\n")
    return id != nil && count == 0 ? .failure : .success
  }
}
