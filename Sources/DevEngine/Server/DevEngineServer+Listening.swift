import Transport

extension DevEngineServer {
  /// Listens everywhere; after a test hook had ended that, on the same ports again.
  func listen() throws(ListenerError) {
    var opened: [Listener] = []
    for (index, listener) in options.listeners.enumerated() {
      let port = ports.isEmpty ? listener.port : ports[index]
      let socket = try Listener(on: loop, host: listener.host, port: port) { [weak self] stream in
        self?.accept(stream, at: listener)
      }
      socket.acceptFailed = { [log] in log(.warning, "cannot accept a connection: \($0)") }
      opened.append(socket)
    }
    if ports.isEmpty { ports = zip(opened, options.listeners).map { $0.port ?? $1.port } }
    listeners = opened
  }

  /// Listens nowhere any more.
  func stopListening() {
    for listener in listeners { listener.close() }
    listeners = []
  }

  private func accept(_ stream: SocketStream, at listener: ListenerOptions) {
    if hooks.refuses(at: now) { return stream.close() }
    let limit = options.engine.compatibility.limitsHandshake ? Self.handshakeTimeout : nil
    let connection = EngineConnection(
      number: nextNumber, stream: stream, rules: listener.rules, handshakeTimeout: listener.handshakeTimeout ?? limit,
      server: self)
    connections[nextNumber] = connection
    nextNumber += 1
  }
}
