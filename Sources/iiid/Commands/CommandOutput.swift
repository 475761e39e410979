import Transport

/// What a command says: its answer on standard output, why there is none on standard error.
enum CommandOutput {
  /// Says what a command throws, and makes its exit status of it.
  static func ending(_ command: () throws(CommandFailure) -> ExitCode) -> ExitCode {
    do throws(CommandFailure) {
      return try command()
    } catch {
      for line in error.lines { ThisProcess.complain(line.printable) }
      return error.status
    }
  }

  /// Writes to standard output. A reader that has gone away is no error to speak of: it has what it wanted.
  static func print(_ bytes: Span<UInt8>) throws(CommandFailure) {
    ThisProcess.ignoreBrokenPipes()
    do throws(Errno) {
      try StandardOutput.write(bytes)
    } catch .brokenPipe {
      throw CommandFailure([], .signal(Signals.brokenPipe))
    } catch {
      throw CommandFailure("standard output: \(error)", .inputOutput)
    }
  }

  /// Writes text that nobody had to be asked for.
  ///
  /// - Parameter text: What is written.
  /// - Returns: The exit status that this comes to.
  static func show(_ text: String) -> ExitCode {
    ending { () throws(CommandFailure) in
      try print(text.utf8.span)
      return .success
    }
  }
}
