/// A test hook: what `dev::control` asks for. Each shows a client one way in which an engine or its network can fail.
package enum ControlCommand: Equatable, Sendable {
  /// End TCP under every worker, the asking one included.
  case dropAll
  /// End TCP under one worker; a name, an id, or nil for the asking one.
  case drop(worker: String?)
  /// Refuse new connections: the next `connections`, or all for `milliseconds`. With `closesListener` nothing listens in
  /// that time, else connections are accepted and closed at once.
  case refuse(connections: Int?, milliseconds: Int?, closesListener: Bool)
  /// Leave a worker's connection open but read nothing from it and send it nothing: half-open.
  case stall(worker: String?)
  /// Send results that late, from now on; 0 ends it.
  case delayReplies(milliseconds: Int)
  /// Send a worker this text as a frame.
  case sendRaw(worker: String?, text: String)
  /// Close a worker's connection with that code; nil for a close frame without one.
  case close(worker: String?, code: Int?)
}

extension ControlCommand {
  /// Whether the asker may be out of reach once it is carried out.
  var endsConnections: Bool {
    switch self {
    case .dropAll, .drop, .stall, .close: true
    case .refuse, .delayReplies, .sendRaw: false
    }
  }
}
