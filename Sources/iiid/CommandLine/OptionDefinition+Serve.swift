extension OptionDefinition {
  /// The options of `iiid serve`.
  static let serve: [OptionDefinition] = [
    engine, name, namespace, tokenFile, caFile, dev, devPort, devHTTPPort, devConfig, devCompat, socket, socketGroup,
    maxConnections,
    maxConnectionsPerUser,
    maxLineBytes, drainTimeout, logLevel,
  ]

  static let engine = OptionDefinition(
    "engine", "URL", variable: "III_URL", fallback: "ws://127.0.0.1:49134",
    summary: "the engine's address, ws:// or wss://")
  static let name = OptionDefinition(
    "name", "NAME", variable: "III_WORKER_NAME", fallback: "HOST:PID", summary: "the worker's name at the engine")
  static let namespace = OptionDefinition(
    "namespace", "NAME", variable: "III_NAMESPACE", fallback: "the engine's", summary: "the namespace to join")
  static let tokenFile = OptionDefinition(
    "token-file", "FILE", summary: "a file with the bearer token for the engine; else III_TOKEN")
  static let caFile = OptionDefinition(
    "ca-file", "FILE", fallback: "the system's", summary: "certificates (PEM) that a wss:// engine may be signed by")
  static let dev = OptionDefinition("dev", summary: "run a development engine beside it: not for production")
  static let devPort = OptionDefinition(
    "dev-port", "PORT", fallback: "49134", summary: "the development engine's port on 127.0.0.1; 0 for any free one")
  static let devHTTPPort = OptionDefinition(
    "dev-http-port", "PORT", fallback: "none",
    summary: "where the development engine serves the trigger type http, on 127.0.0.1")
  static let devConfig = OptionDefinition(
    "dev-config", "FILE", summary: "further listeners of the development engine, with access rules, as JSON")
  static let devCompat = OptionDefinition(
    "dev-compat", "VERSION", fallback: DevelopmentEngine.versions[0], choices: DevelopmentEngine.versions,
    summary: "the engine version that the development engine behaves like")
  static let socket = OptionDefinition(
    "socket", "PATH", variable: "IIID_SOCKET",
    fallback: "iiid.sock in RUNTIME_DIRECTORY, XDG_RUNTIME_DIR/iiid or, for root, /run/iiid",
    summary: "the Unix socket for local programs")
  static let socketGroup = OptionDefinition(
    "socket-group", "GROUP", fallback: "the daemon's own", summary: "the group whose members may use the socket")
  static let maxConnections = OptionDefinition(
    "max-connections", "N", fallback: "512", summary: "how many local programs may be connected")
  static let maxConnectionsPerUser = OptionDefinition(
    "max-connections-per-uid", "N", fallback: "64", summary: "how many of them may be one user's")
  static let maxLineBytes = OptionDefinition(
    "max-line-bytes", "N", fallback: "16777216", summary: "the longest line that a local program may send")
  static let drainTimeout = OptionDefinition(
    "drain-timeout-ms", "MS", fallback: "30000", summary: "how long work in flight may run on after SIGTERM")
  static let logLevel = OptionDefinition(
    "log-level", "LEVEL", variable: "IIID_LOG_LEVEL", fallback: "info", choices: LogLevel.allCases.map(\.rawValue),
    summary: "the least level that is logged")
}
