import Transport

/// The engine that the daemon is a worker of.
enum EngineTarget: Equatable, Sendable {
  /// One that runs somewhere.
  case existing(WebSocketURL)
  /// `iii-dev-engine`, started as a child.
  case development(DevelopmentEngine)

  /// The port that real engines have too.
  static let defaultPort: UInt16 = 49134
}
