extension Command {
  /// What its help says beyond the summary: paragraphs, each one text that the help breaks into lines.
  var details: [String] {
    switch self {
    case .serve:
      [
        "Without a command, iiid does this. It becomes ready when the socket listens: the engine may be away.",
        "SIGTERM and SIGINT let work in flight finish (--drain-timeout-ms), a second one ends at once.",
      ]
    case .config:
      [
        "Writes a configuration file that makes the same again. What is a default is a comment; tokens are not shown.",
        "It takes the daemon's options, and reads the files and variables that the daemon would: run it as the daemon's user.",
      ]
    case .status:
      [
        "The state is starting, ready, degraded (the engine is away, or has refused a function) or draining. The daemon "
          + "answers at once, whatever its engine does."
      ]
    case .health:
      [
        "Prints ok, or a line for each thing that is wrong. All is well when the engine is connected and has taken every "
          + "function."
      ]
    case .wait:
      [
        "Waits for the daemon's socket as well, and goes on waiting when the daemon is restarted. Without --engine and "
          + "--function it is enough that the daemon answers; with both, both must be."
      ]
    case .call:
      [
        "Prints the function's value as it came, JSON on one line. An error goes to standard error as CODE: text, with the "
          + "function's own code where it has one. Behind -- nothing is an option.",
        "A call that is interrupted (Ctrl-C) is given up; the function may run on.",
      ]
    case .list:
      ["What the engine knows, from all workers; with --local what this daemon's own clients have, and who they are."]
    case .outbox:
      [
        "Calls that were made with --durable wait on the daemon's disk until the engine has them. One that the engine refuses "
          + "for good is failed: it is not tried any more, and stays until somebody decides. For root and the daemon's own "
          + "user."
      ]
    case .reload:
      [
        "All or nothing: a file with a mistake changes nothing, and every mistake is named. Prints what has changed, and "
          + "what a restart would change. For root and the daemon's own user."
      ]
    case .shutdown:
      ["For root and the daemon's own user. Under a service manager stop the unit instead: it would start it again."]
    case .completion:
      [
        "bash: source <(iiid completion bash). zsh: the same, or put it into a file _iiid on fpath. fish: iiid completion "
          + "fish | source. The Debian package has installed all three."
      ]
    case .help, .version: []
    }
  }
}
