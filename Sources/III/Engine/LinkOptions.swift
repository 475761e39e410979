package import Transport

/// What an ``EngineLink`` connects to, and as whom.
package struct LinkOptions: Sendable {
  /// The engine's address.
  package var url: WebSocketURL
  /// The worker's name: unique in its namespace among live workers.
  package var name: String
  /// A sentence about the worker, of which an engine keeps 280 characters.
  package var description: String?
  /// The namespace of the worker and of its calls; nil leaves it to the engine. Not blank.
  package var namespace: String?
  /// Further headers of the connection's request.
  package var headers: [(name: String, value: String)] = []
  /// Sent as `Authorization: Bearer`, unless `headers` has an Authorization of its own.
  package var token: String?
  /// How a `wss` server is checked.
  package var tls = TLSOptions()

  /// The announce's runtime.
  package var runtime = "swift"
  /// The announce's version: of the program that is the worker.
  package var version: String
  /// The announce's framework.
  package var framework = "iii-swift"
  /// The announce's isolation, as a container's kind.
  package var isolation: String?

  /// The waits between attempts.
  package var backoff = Backoff()
  /// From one ping to the next, in milliseconds.
  package var pingInterval = 20_000
  /// Without any frame for this long the connection is given up, in milliseconds.
  package var idleLimit = 60_000
  /// For look-up, connecting, TLS and handshake together, in milliseconds.
  package var connectLimit = 10_000
  /// How long the engine may take to answer the announce before we go on without, in milliseconds.
  package var announceLimit = 5_000
  /// How long the engine may take to answer a confirmation's question, in milliseconds.
  package var confirmationLimit = 10_000
  /// The most functions of one connection.
  package var functionLimit = 1000
  /// The most trigger types of one connection.
  package var triggerTypeLimit = 1000
  /// The most triggers of one connection.
  package var triggerLimit = 10_000
  /// The most void calls that wait for a connection.
  package var queuedCallLimit = 1000
  /// The most bytes of them.
  package var queuedByteLimit = 8 << 20
  /// The largest message, either way, in bytes.
  package var maximumMessage = 64 << 20

  /// The header lines of every connection that is made for the worker.
  var headerLines: [(String, String)] {
    var lines = headers.map { ($0.name, $0.value) }
    if let token, !lines.contains(where: { $0.0.lowercased() == "authorization" }) {
      lines.append(("Authorization", "Bearer \(token)"))
    }
    return lines
  }

  /// Options for a worker called `name` at the engine at `url`.
  package init(url: WebSocketURL, name: String, version: String) {
    self.url = url
    self.name = name
    self.version = version
  }
}
