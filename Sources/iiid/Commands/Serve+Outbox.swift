import Outbox

// The file of the outbox.
extension Serve {
  /// Opens the file of the configuration, or the one in the state directory. What is wrong with the place ends the start, for
  /// it is a setting; what is wrong with the content does not, and is told by `health` (decision 0019).
  func openOutbox() throws(StartFailure) {
    guard let (path, origin) = outboxPath else { return }
    do throws(OutboxError) {
      let store = try OutboxStore(path: path)
      outboxFile = .open(store, try store.load())
    } catch {
      switch error {
      case .place(let reason):
        throw StartFailure(
          "\(origin): \(path): \(reason); the folder must be there, and the daemon's own", .configuration)
      case .inUse:
        throw StartFailure("\(path): another process has it open; stop it, or give another file", .unavailable)
      case .content, .full, .failed, .tooMany, .tooMuch, .tooLarge:
        outboxFile = .unusable(path: path, reason: error.description)
        log.error("\(path): \(error); it is left as it is, and nothing is kept on disk: move it away, or mend it")
      }
    }
  }

  /// The file, and who says so.
  private var outboxPath: (path: String, origin: String)? {
    if let path = configuration.outboxPath { return (path, "\(configuration.origin(of: .outboxPath))") }
    // systemd joins several directories by colons; the first is the unit's main one.
    guard let folder = environment["STATE_DIRECTORY"]?.split(separator: ":").first else { return nil }
    return ("\(folder)/outbox.db", "environment variable STATE_DIRECTORY")
  }

  /// The relay's part of it.
  func service(for relay: Relay) -> OutboxService {
    switch outboxFile {
    case .none:
      .off(
        "the daemon has no state directory; give `path` in section [outbox], or STATE_DIRECTORY, as StateDirectory= does"
      )
    case .unusable(let path, let reason): .unusable(path: path, reason: reason)
    case .open(let store, let content): .ready(OutboxKeeper(relay, store, content))
    }
  }

  /// The file, before there is a relay.
  enum OutboxFile {
    case none
    case unusable(path: String, reason: String)
    case open(OutboxStore, (entries: [OutboxEntry], lastID: Int))
  }
}
