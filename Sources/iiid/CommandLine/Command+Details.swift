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
    case .help, .version: []
    }
  }
}
