import DevEngine

/// One option of the command line: what the parser takes and what the help says.
struct OptionDefinition: Sendable {
  /// As it is typed.
  let flag: String
  /// What the help calls its argument; nil for a switch.
  let argument: String?
  /// What it does, and what holds without it.
  let summary: String

  static let all = [
    OptionDefinition(
      flag: "--host", argument: "H",
      summary: "listen on this address (default 127.0.0.1); nobody is asked there who he is"),
    OptionDefinition(flag: "--port", argument: "N", summary: "listen on this port (default 49134); 0 for any free one"),
    OptionDefinition(
      flag: "--config", argument: "FILE",
      summary: "listen further, with access rules, where this JSON file says: see docs/dev-engine.md"),
    OptionDefinition(
      flag: "--grace-ms", argument: "N",
      summary: "how long registrations wait for a worker's announce (default 5000); 0 applies them at once"),
    OptionDefinition(
      flag: "--queue", argument: "none|memory",
      summary: "who takes enqueued calls when no worker provides a queue: nobody (default), or a queue in memory"),
    OptionDefinition(
      flag: "--compat", argument: Compatibility.all.map(\.name).joined(separator: "|"),
      summary: "behave like an engine of that version (default \(Compatibility.current.name))"),
    OptionDefinition(
      flag: "--http-port", argument: "N",
      summary:
        "serve the trigger type http on this port (default: not at all; real engines use 3111); 0 for any free one"),
    OptionDefinition(
      flag: "--http-functions", argument: "off|strict|any",
      summary: "which functions may be called over HTTP: none, those with public https URLs (default), or all"),
    OptionDefinition(
      flag: "--test-hooks", argument: nil,
      summary: "provide the function dev::control, which breaks connections on purpose: see docs/dev-engine.md"),
    OptionDefinition(
      flag: "--exit-with-stdin", argument: nil, summary: "end when standard input ends: for a child of another program"),
    OptionDefinition(
      flag: "--log-level", argument: "LEVEL",
      summary: "the least level that is logged: debug, info (default), warning, error"),
    OptionDefinition(flag: "--version", argument: nil, summary: "tell the version"),
    OptionDefinition(flag: "--help", argument: nil, summary: "show this help"),
  ]

  /// The text of `--help`.
  static var help: String {
    let rows = all.map { option -> String in
      let name = "  " + option.flag + (option.argument.map { " \($0)" } ?? "")
      return name + String(repeating: " ", count: max(2, 24 - name.count)) + option.summary
    }
    return """
      Usage: iii-dev-engine [OPTION]...

      An iii engine for development and tests: it keeps nothing, and lets everybody in unless a configuration file says
      otherwise. Not for production.

      \(rows.joined(separator: "\n"))

      When it listens, it says so on standard output, in one line for each place; its log goes to standard error.

      Test hooks: with --test-hooks, a call of dev::control with one of these payloads does what it says
        {"do":"drop_all"}                            end every worker's connection, without a close frame
        {"do":"drop","worker":W}                     end one (W: id or name; absent: the caller)
        {"do":"close","worker":W,"code":1011}        close one with that code; absent: without a code
        {"do":"refuse","connections":N}              close the next N connections when they are made
        {"do":"refuse","ms":N}                       close all that are made within N ms
        {"do":"refuse","ms":N,"listener":true}       do not even listen for N ms
        {"do":"stall","worker":W}                    leave one open, read and send nothing any more
        {"do":"delay_replies","ms":N}                send results N ms late; 0 ends it
        {"do":"send_raw","worker":W,"text":T}        send a worker that text as a frame

      """
  }
}
