import Transport

/// All settings of the daemon, checked; made once at the start, before anything is opened.
struct ServeConfiguration: Equatable, Sendable {
  var engine: Setting<EngineTarget>
  /// The worker's name; nil for host and process.
  var name: Setting<String?>
  /// The namespace to join; nil for the engine's default.
  var namespace: Setting<String?>
  var token: Setting<TokenSource?>
  /// Certificates to trust instead of the system's.
  var certificateFile: Setting<String?>
  /// The kind of container or sandbox that the worker says it runs in: `III_ISOLATION`, as all SDKs have it.
  var isolation: Setting<String?>
  var socketPath: Setting<String>
  var socketGroup: Setting<String?>
  var connectionLimit: Setting<Int>
  var connectionLimitPerUser: Setting<Int>
  /// In bytes.
  var lineLimit: Setting<Int>
  /// In milliseconds.
  var drainTimeout: Setting<Int>
  var logLevel: Setting<LogLevel>
  /// What is allowed but hardly meant; said once, when the log is there.
  var warnings: [String] = []
}
