import Bytes
import WebSocket

// The client's way to an open connection: addresses, a socket, TLS, the request.

extension WebSocketConnection {
  func resolve(_ url: WebSocketURL) {
    if let address = SocketAddress(ip: url.host, port: url.port) { return connect([address]) }
    resolver = Resolver(on: loop, host: url.host, port: url.port) { [unowned self] result in
      resolver = nil
      switch result {
      case .success(let addresses): connect(addresses)
      case .failure(let error): finish(.resolution("\(url.host): \(error.text)"))
      }
    }
  }

  private func connect(_ addresses: [SocketAddress]) {
    connector = Connector(on: loop, addresses: addresses, deadline: deadline) { [unowned self] descriptor in
      connector = nil
      connected(descriptor)
    } failed: { [unowned self] error in
      connector = nil
      finish(error == .timedOut && loop.now >= deadline ? .timedOut(.connecting) : .connect(error))
    }
  }

  private func connected(_ descriptor: consuming Descriptor) {
    do throws(Errno) {
      let stream = try SocketStream(on: loop, descriptor: descriptor, family: .internet)
      try begin(on: stream)
    } catch {
      finish(.connect(error))
    }
  }

  private func begin(on stream: SocketStream) throws(Errno) {
    self.stream = stream
    stream.outputMark = outputMark
    if keepsAlive { stream.descriptor?.keepsAlive() }
    if let url, url.isSecure {
      do throws(TLSError) {
        try stream.startTLS(connectingTo: url.host, options: tls)
      } catch {
        return finish(.tls(error.text))
      }
    }
    // With TLS the request waits in the output until that is established.
    clientHandshake?.writeRequest(into: &stream.output)
    phase = .handshake
    stream.start(owner: self)
  }

  func startLimit(_ milliseconds: Int) {
    let timer = limit ?? Timer(on: loop) { [unowned self] in limitReached() }
    timer.start(after: milliseconds)
    limit = timer
  }

  private func limitReached() {
    switch phase {
    case .connecting: finish(.timedOut(.connecting))
    case .handshake: finish(.timedOut(stream?.isSecuring == true ? .connecting : .handshake))
    case .closing: finish(.timedOut(.closing))
    case .open, .closed: break
    }
  }
}
