import III

/// A worker and what was made with it, each by the name that the commands know it by.
actor Program {
  /// How a command is carried out: what it returns is told.
  typealias Action = @Sendable (Program, Command) async throws -> JSON

  /// Every command, by its name: each part of the SDK has a table of its own.
  static let commands: [String: Action] = [
    lifeCommands, functionCommands, registrationCommands, callCommands, triggerCommands, channelCommands,
    discoveryCommands,
  ]
  .reduce(into: [:]) { all, part in all.merge(part) { first, _ in first } }

  let worker: Worker
  var functions: [String: FunctionRef] = [:]
  var triggers: [String: Trigger] = [:]
  var readers: [String: ChannelReader] = [:]
  var writers: [String: ChannelWriter] = [:]
  /// Who listens to events, until the end.
  var watching: [Task<Void, Never>] = []
  var served: [String: TriggerConfig<JSON>] = [:]

  init(worker: Worker) { self.worker = worker }

  /// Connects, and carries out what the lines say until they end.
  static func run(url: String, name: String, _ lines: AsyncStream<String>) async throws {
    var options = InitOptions()
    options.workerName = name
    let program = Program(worker: try await registerWorker(url, options: options))
    Output.tell(["ready": true])
    for await line in lines {
      let command = try Command(line)
      Task.detached { await program.carryOut(command) }
    }
    await program.worker.shutdown()
  }

  /// Carries out one command, and tells how it went.
  nonisolated func carryOut(_ command: Command) async {
    do {
      guard let action = Self.commands[command.name] else { throw Problem(description: "no command \(command.name)") }
      let value = try await action(self, command)
      Output.tell(["n": command.number, "ok": value])
    } catch {
      Output.tell(["n": command.number, "error": Output.error(error)])
    }
  }

  /// `state`: what the connection is doing; `shutdown`: ends the worker.
  static let lifeCommands: [String: Action] = [
    "state": { program, _ in JSON("\(await program.worker.state)") },
    "shutdown": { program, _ in
      await program.worker.shutdown()
      return true
    },
  ]
}
