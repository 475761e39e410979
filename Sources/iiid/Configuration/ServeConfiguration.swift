import Transport

/// All settings of the daemon, checked; made at the start, before anything is opened, and again at each reload.
///
/// Its fields start out with the built-in defaults.
struct ServeConfiguration: Equatable, Sendable {
  /// The port that real engines have too.
  static let enginePort: UInt16 = 49134

  var engineURL = WebSocketURL(isSecure: false, host: "127.0.0.1", port: enginePort)
  /// The worker's name; nil for host and process.
  var name: String?
  /// The namespace to join; nil for the engine's default.
  var namespace: String?
  /// The file that holds the bearer token; read when the daemon starts and at each reload.
  var tokenFile: String?
  /// The token: of `III_TOKEN`, or of the file once that was read.
  var token: BearerToken?
  /// Certificates to trust instead of the system's.
  var certificateFile: String?
  /// The kind of container or sandbox that the worker says it runs in.
  var isolation: String?
  /// For look-up, connecting, TLS and handshake together, in milliseconds.
  var connectTimeout = 10_000
  /// From one ping to the next, in milliseconds.
  var pingInterval = 20_000
  /// Without any frame for this long the connection is given up, in milliseconds.
  var idleTimeout = 60_000
  /// The longest wait between two attempts to connect, in milliseconds.
  var longestReconnect = 30_000

  /// Whether an engine is started as a child, instead of looking for one.
  var isDevelopment = false
  var development = DevelopmentEngine()

  /// Empty until it is known.
  var socketPath = ""
  var socketGroup: String?
  /// The number of that group, once it was looked up.
  var socketGroupID: UInt32?
  /// The permission bits of the socket's file.
  var socketMode: UInt32 = 0o660

  /// The file in which calls are kept; nil for the one in the state directory, if there is one.
  var outboxPath: String?

  var limits = RelayLimits()
  var policy = Policy()

  /// In milliseconds.
  var drainTimeout = 30_000
  var logLevel = LogLevel.info
  var logForm = LogForm.auto

  /// Where the values come from that are no built-in defaults, by the settings' names.
  var origins: [String: SettingOrigin] = [:]
  /// The files that were read, in order.
  var files: [String] = []
  /// What is allowed but hardly meant; said once, when the log is there.
  var warnings: [String] = []

  /// Where the value of a setting comes from.
  func origin(of setting: SettingDefinition) -> SettingOrigin { origins[setting.name] ?? .builtIn }
}
