extension Command {
  /// What its help says beyond the summary: paragraphs, each one text that the help breaks into lines.
  var details: [String] {
    switch self {
    case .serve:
      [
        "Without a command, iiid does this. It becomes ready when the socket listens: the engine may be away.",
        "SIGTERM and SIGINT let work in flight finish (--drain-timeout-ms), a second one ends at once.",
      ]
    case .help, .version: []
    }
  }
}
