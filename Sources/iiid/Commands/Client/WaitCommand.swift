import Bytes
import LocalProtocol
import RawJSON
import Transport

/// `iiid wait`: what it waits for is told by the daemon, and by the kernel while there is no daemon.
struct WaitCommand {
  /// How often something is looked at that nobody tells of, in milliseconds: that a socket which is there is listened to.
  private static let pause = 100
  /// The same where everything that happens is told, in case it was not.
  private static let longPause = 5000
  /// How long a socket may be closed to the user: a daemon makes it, then gives it to its group.
  private static let patienceWithGroup = 2000

  private let client: Client
  private let goal: WaitGoal
  private let deadline: MonotonicTime
  private let limit: Int
  /// What is wanting, for who waited in vain.
  private var missing = ""

  static func run(_ client: Client) throws(CommandFailure) -> ExitCode {
    var command = try WaitCommand(client)
    return try command.run()
  }

  private init(_ client: Client) throws(CommandFailure) {
    self.client = client
    let commandLine = client.commandLine
    goal = WaitGoal(
      engine: commandLine.contains(.waitEngine), functionID: commandLine.argument(of: .waitFunction),
      namespace: commandLine.argument(of: .waitNamespace))
    if goal.namespace != nil, goal.functionID == nil {
      throw CommandFailure("--namespace is where --function is looked for; give --function too", .usage)
    }
    limit = try client.settings.milliseconds(.waitTimeout, else: 30_000)
    deadline = .now + limit
  }

  private mutating func run() throws(CommandFailure) -> ExitCode {
    while true {
      let connection = try connect()
      if try reach(connection) { return .success }
      // The daemon has ended, or turned us away: the next one, a little later.
      Waiting.sleep(until: min(deadline, .now + Self.pause))
      if MonotonicTime.now >= deadline { throw late }
    }
  }

  private var late: CommandFailure {
    CommandFailure("not within \(limit) ms: \(missing)", .timedOut)
  }

  // MARK: - The socket

  /// Waits for a daemon that takes the connection.
  private mutating func connect() throws(CommandFailure) -> DaemonConnection {
    var closedSince: MonotonicTime?
    while true {
      let address = try client.address
      let watch = PathWatch(address.path)
      watch.arm()
      do throws(Errno) {
        // With no time left at all it is still looked once.
        return DaemonConnection(try LocalSocket(connectedTo: address.path, until: max(deadline, .now + Self.pause)))
      } catch {
        let failure = client.failure(error, of: address)
        missing = failure.lines.joined()
        let since = closedSince ?? .now
        closedSince = error == .accessDenied ? since : nil
        if error == .accessDenied, MonotonicTime.now - since >= Self.patienceWithGroup { throw failure }
        if MonotonicTime.now >= deadline { throw error == .accessDenied ? failure : late }
        // A file that is not there yet makes an event when it comes; that somebody listens does not.
        let pause = error == .noSuchFile ? Self.longPause : Self.pause
        watch.wait(until: min(deadline, .now + pause))
      }
    }
  }

  // MARK: - The daemon

  /// Listens to the daemon until the goal is reached.
  ///
  /// - Returns: False when the daemon has closed the connection.
  private mutating func reach(_ connection: DaemonConnection) throws(CommandFailure) -> Bool {
    var state = WaitState(goal)
    missing = state.missing
    let grace = max(deadline, .now + Self.pause)
    guard !goal.topics.isEmpty else {
      _ = try connection.send(Method.ping.name, until: grace)
      guard case .result? = try receive(connection, until: grace) else { return false }
      return true
    }
    let subscription = try connection.send(Method.subscribe.name, until: grace) { write(topics: goal.topics, to: &$0) }
    while true {
      let step: WaitState.Step
      switch try receive(connection, until: goal.functionID == nil ? grace : min(grace, .now + Self.longPause)) {
      case .result(subscription, _)?: step = state.subscribed()
      case .result?: step = state.answered(nil)
      // A daemon that is ending, or has no place for us.
      case .error(subscription, let error)?, .error(nil, let error)?:
        missing = error.message
        return false
      case .error(_, let error)?: step = state.answered(error)
      case .event(let topic, let fields)?: step = state.heard(topic, fields)
      case .other?: step = .wait
      case nil where connection.isAtEnd: return false
      case nil:
        if MonotonicTime.now >= grace { throw late }
        step = state.looked()
      }
      missing = state.missing
      switch step {
      case .wait: break
      case .ask: _ = try connection.send(Method.getFunction.name, until: grace) { writeFunction(to: &$0) }
      case .reached: return true
      case .failed(let failure): throw failure
      }
    }
  }

  /// The next line; nil when there is none by the deadline, or when there will be none.
  private func receive(
    _ connection: DaemonConnection, until deadline: MonotonicTime
  ) throws(CommandFailure) -> DaemonLine? {
    do throws(CommandFailure) {
      return try connection.receive(until: deadline)
    } catch  where error.status == .timedOut {
      return nil
    }
  }

  private func write(topics: [String], to output: inout ByteBuffer) {
    output.append("\"events\":[")
    for (index, topic) in topics.enumerated() {
      if index > 0 { output.append(",") }
      output.append(jsonString: topic)
    }
    output.append("]")
  }

  private func writeFunction(to output: inout ByteBuffer) {
    output.append("\"function_id\":")
    output.append(jsonString: goal.functionID ?? "")
    guard let namespace = goal.namespace else { return }
    output.append(",\"namespace\":")
    output.append(jsonString: namespace)
  }
}
