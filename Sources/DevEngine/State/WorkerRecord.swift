/// What the engine knows about one connected worker.
struct WorkerRecord {
  /// Whether the connection's namespace is known (engine protocol, section 4.1).
  enum Phase {
    /// Registrations wait for the announce until the deadline, in milliseconds.
    case awaitingAnnounce(deadline: Int, held: [RegistrationMessage])
    /// The namespace is decided, by the announce or because none came in time.
    case settled(namespace: String)
  }

  /// The server's number for the connection.
  let connection: Int
  /// The id that other workers see.
  let id: String
  /// What a later connection must show to take over from this one; nil when none can.
  let reattachToken: String?
  /// The peer's IP address.
  let address: String
  /// When it connected, in milliseconds since 1970.
  let connectedAt: Int
  /// What it may do.
  let session: Session
  var phase: Phase
  var announcement: Announcement?

  /// Where its functions live.
  var namespace: String {
    if case .settled(let namespace) = phase { namespace } else { FunctionKey.defaultNamespace }
  }

  /// How lists name it: by its announced name, else by its id.
  var displayName: String { announcement?.name ?? id }

  /// Whether a message of more than 1 MiB would cost the worker its connection: Python SDKs that do not declare the
  /// feature have a receive limit of 1 MiB, close with 1009 and lose their calls (engine protocol, section 1.6).
  var breaksOnLargeMessages: Bool {
    guard let announcement else { return false }
    return announcement.runtime == "python" && !announcement.features.contains(Announcement.largeMessages)
  }
}
