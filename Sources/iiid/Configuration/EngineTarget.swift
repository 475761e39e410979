import Transport

/// The engine that the daemon is a worker of.
enum EngineTarget: Equatable, Sendable {
  /// One that runs somewhere.
  case existing(WebSocketURL)
  /// `iii-dev-engine`, started as a child on this port of 127.0.0.1, 0 for any free one, with these further arguments.
  case development(port: UInt16, arguments: [String] = [])

  /// The port that real engines have too.
  static let defaultPort: UInt16 = 49134
}
