import Outbox

extension SettingDefinition {
  /// The engine, and who the daemon is for it.
  static let engine: [SettingDefinition] = [
    engineURL, workerName,
    SettingDefinition(
      "engine", "namespace", .text("NAME", \.namespace), variable: "III_NAMESPACE", option: "namespace",
      fallback: "the engine's", "the namespace to join"),
    tokenFile, certificateFile,
    SettingDefinition(
      "engine", "isolation", .text("KIND", \.isolation), variable: "III_ISOLATION", fallback: "none",
      "the kind of container or sandbox that the worker says it runs in"),
    SettingDefinition(
      "engine", "connect_timeout_ms", .integer("MS", 100...600_000, \.connectTimeout),
      "how long a connection to the engine may take to be made"),
    SettingDefinition(
      "engine", "reconnect_max_ms", .integer("MS", 1000...3_600_000, \.longestReconnect),
      "the longest wait before the next attempt to connect; the first is a second, and each doubles it"),
    pingInterval, idleTimeout,
  ]

  static let engineURL = SettingDefinition(
    "engine", "url", .address(\.engineURL), variable: "III_URL", option: "engine",
    "the engine's address, ws:// or wss://")
  static let workerName = SettingDefinition(
    "engine", "worker_name", .text("NAME", \.name), variable: "III_WORKER_NAME", option: "name", fallback: "HOST:PID",
    "the worker's name at the engine")
  static let tokenFile = SettingDefinition(
    "engine", "token_file", .text("FILE", \.tokenFile), option: "token-file",
    fallback: "III_TOKEN, else the credential iiid.engine-token", effect: .reconnect,
    "a file with the bearer token for the engine")
  static let certificateFile = SettingDefinition(
    "engine", "ca_file", .text("FILE", \.certificateFile), option: "ca-file", fallback: "the system's",
    effect: .reconnect, "certificates (PEM) that a wss:// engine may be signed by")

  static let pingInterval = SettingDefinition(
    "engine", "ping_interval_ms", .integer("MS", 1000...3_600_000, \.pingInterval),
    "how often the engine is asked for a sign of life")
  static let idleTimeout = SettingDefinition(
    "engine", "idle_timeout_ms", .integer("MS", 2000...7_200_000, \.idleTimeout),
    "how long the engine may be silent before the connection is given up")

  /// The engine that `--dev` starts: for the command line only.
  static let development: [SettingDefinition] = [
    isDevelopment,
    SettingDefinition(
      nil, "dev_port", .integer("PORT", 0...65535, \.development.port), option: "dev-port",
      "the development engine's port on 127.0.0.1; 0 for any free one"),
    SettingDefinition(
      nil, "dev_http_port", .integer("PORT", 0...65535, \.development.httpPort), option: "dev-http-port",
      fallback: "none", "where the development engine serves the trigger type http, on 127.0.0.1"),
    SettingDefinition(
      nil, "dev_config", .text("FILE", \.development.configurationFile), option: "dev-config",
      "further listeners of the development engine, with access rules, as JSON"),
    SettingDefinition(
      nil, "dev_compat",
      .choice("VERSION", "version of it", of: DevelopmentEngine.versions, \.development.version), option: "dev-compat",
      fallback: DevelopmentEngine.versions[0], "the engine version that the development engine behaves like"),
  ]

  static let isDevelopment = SettingDefinition(
    nil, "dev", .flag(\.isDevelopment), option: "dev", "run a development engine beside it: not for production")

  /// Where local programs find the daemon, and who may.
  static let socket: [SettingDefinition] = [
    socketPath,
    socketGroup,
    SettingDefinition("socket", "mode", .mode(\.socketMode), "the permission bits of the socket's file"),
  ]

  static let socketPath = SettingDefinition(
    "socket", "path", .socket(\.socketPath), variable: "IIID_SOCKET", option: "socket",
    fallback: "iiid.sock in RUNTIME_DIRECTORY, XDG_RUNTIME_DIR/iiid or, for root, /run/iiid",
    "the Unix socket for local programs")
  static let socketGroup = SettingDefinition(
    "socket", "group", .text("GROUP", \.socketGroup), option: "socket-group", fallback: "the daemon's own",
    "the group whose members may use the socket")

  /// The bounds within which local programs are served: ``RelayLimits``.
  static let limits: [SettingDefinition] = [
    SettingDefinition(
      "limits", "connections", .integer("N", 1...10_000, \.limits.connections), option: "max-connections",
      effect: .now, "how many local programs may be connected"),
    SettingDefinition(
      "limits", "connections_per_user", .integer("N", 1...10_000, \.limits.connectionsPerUser),
      option: "max-connections-per-uid", effect: .now, "how many of them may be one user's"),
    SettingDefinition(
      "limits", "line_bytes", .integer("N", 4096...(256 << 20), \.limits.lineBytes), option: "max-line-bytes",
      effect: .now, "the longest line that a local program may send"),
    SettingDefinition(
      "limits", "requests_per_connection", .integer("N", 1...100_000, \.limits.requestsPerConnection), effect: .now,
      "how many requests of one connection may wait for their response"),
    SettingDefinition(
      "limits", "registrations_per_connection", .integer("N", 1...10_000, \.limits.registrationsPerConnection),
      effect: .now, "how many functions one connection may register, and as many triggers and trigger types"),
    SettingDefinition(
      "limits", "subscriptions_per_connection", .integer("N", 1...1000, \.limits.subscriptionsPerConnection),
      effect: .now, "how many subscriptions to events one connection may have"),
    SettingDefinition(
      "limits", "functions", .integer("N", 1...1000, \.limits.functions), effect: .now,
      "how many functions may be registered in all"),
    SettingDefinition(
      "limits", "output_bytes", .integer("N", 65_536...(1 << 30), \.limits.outputBytes), effect: .now,
      "how much may wait for a program that does not read"),
    SettingDefinition(
      "limits", "output_stall_ms", .integer("MS", 1000...3_600_000, \.limits.outputStallMilliseconds), effect: .now,
      "how long such a program may take nothing before it is disconnected"),
    SettingDefinition(
      "limits", "engine_output_bytes", .integer("N", 65_536...(4 << 30), \.limits.engineOutputBytes), effect: .now,
      "how much may wait for the engine before calls are refused"),
    SettingDefinition(
      "limits", "message_bytes", .integer("N", 65_536...(64 << 20), \.limits.messageBytes),
      "the largest message to or from the engine"),
    SettingDefinition(
      "limits", "queued_calls", .integer("N", 0...100_000, \.limits.queuedCalls),
      "how many void calls wait while the engine is away"),
    SettingDefinition(
      "limits", "queued_bytes", .integer("N", 0...(1 << 30), \.limits.queuedBytes),
      "how large they may be together"),
    SettingDefinition(
      "limits", "bad_lines", .integer("N", 1...1_000_000, \.limits.badLines), effect: .now,
      "how many lines in a row may be no JSON before a program is disconnected"),
    SettingDefinition(
      "limits", "channels_per_connection", .integer("N", 1...1000, \.limits.channelsPerConnection), effect: .now,
      "how many channels one connection may use by requests"),
    SettingDefinition(
      "limits", "channels_per_user", .integer("N", 1...10_000, \.limits.channelsPerUser), effect: .now,
      "how many ends of channels one user may have open"),
    SettingDefinition(
      "limits", "channels", .integer("N", 1...10_000, \.limits.channels), effect: .now,
      "how many ends of channels may be open in all"),
    SettingDefinition(
      "limits", "channel_window_bytes", .integer("N", 4096...(64 << 20), \.limits.channelWindowBytes), effect: .now,
      "how much a channel's writer may be ahead of the engine, by requests"),
    SettingDefinition(
      "limits", "channel_message_bytes", .integer("N", 65_536...(64 << 20), \.limits.channelMessageBytes), effect: .now,
      "the largest message that a channel's reader takes"),
  ]

  /// The bounds of what is kept on disk: ``OutboxLimits``.
  static let outboxLimits: [SettingDefinition] = [
    SettingDefinition(
      "limits", "outbox_entries", .integer("N", 1...1_000_000, \.limits.outbox.entries),
      "how many calls may be kept on disk"),
    SettingDefinition(
      "limits", "outbox_entries_per_user", .integer("N", 1...1_000_000, \.limits.outbox.entriesPerUser),
      "how many of them may be one user's"),
    SettingDefinition(
      "limits", "outbox_bytes", .integer("N", 65_536...(64 << 30), \.limits.outbox.bytes),
      "how many bytes they may have"),
    SettingDefinition(
      "limits", "outbox_bytes_per_user", .integer("N", 65_536...(64 << 30), \.limits.outbox.bytesPerUser),
      "how many of those may be one user's"),
  ]

  /// The file in which calls are kept.
  static let outbox: [SettingDefinition] = [outboxPath]

  static let outboxPath = SettingDefinition(
    "outbox", "path", .text("FILE", \.outboxPath), fallback: "outbox.db in STATE_DIRECTORY, without that none",
    "the file in which calls are kept until the engine has them")

  /// What local programs may do beyond calling and serving functions: ``Policy``.
  static let policy: [SettingDefinition] = [
    SettingDefinition(
      "policy", "http_functions", .boolean(\.policy.httpFunctions), effect: .now,
      "whether local programs may register functions that the engine calls over HTTP")
  ]

  /// The orderly end.
  static let drain: [SettingDefinition] = [
    SettingDefinition(
      "drain", "timeout_ms", .integer("MS", 0...3_600_000, \.drainTimeout), option: "drain-timeout-ms", effect: .now,
      "how long work in flight may run on after SIGTERM")
  ]

  /// What is logged, and how.
  static let log: [SettingDefinition] = [
    SettingDefinition(
      "log", "level", .choice("LEVEL", "log level", \.logLevel), variable: "IIID_LOG_LEVEL", option: "log-level",
      effect: .now, "the least level that is logged"),
    SettingDefinition(
      "log", "format", .choice("FORMAT", "log format", \.logForm), variable: "IIID_LOG_FORMAT", option: "log-format",
      effect: .now, "how lines of the log are written"),
  ]
}
