import Bytes
import Foundation
import Testing
import WebSocket

@testable import Transport

/// `wss` against a server of our own, with certificates that the `openssl` program makes.
@Suite struct TLSTests {
  let loop: EventLoop
  let server: WebSocketServer
  let owner = WebSocketRecorder()
  let certificates: Certificates

  init() throws {
    loop = try EventLoop()
    server = try WebSocketServer(on: loop)
    certificates = try Certificates.shared.get()
  }

  private func connect(
    to host: String = "localhost", serverCertificate: String, trusting authority: String? = "ca"
  ) -> WebSocketConnection {
    let pair = certificates.path(serverCertificate)
    server.secure = { stream in
      stream.tls = try TLSSession(servingWith: pair + ".pem", keyFile: pair + ".key")
    }
    let options = TLSOptions(certificateFile: authority.map { certificates.path($0) + ".pem" })
    return WebSocketConnection(
      connectingTo: WebSocketURL(isSecure: true, host: host, port: server.port), on: loop, tls: options, owner: owner)
  }

  private func failure(_ client: WebSocketConnection) -> String? {
    run(loop) { !owner.closed.isEmpty }
    #expect(!client.isOpen)
    #expect(owner.closed.count == 1)
    guard case .tls(let text) = owner.closed.first else { return nil }
    return text
  }

  @Test(arguments: ["localhost", "127.0.0.1"])
  func goodCertificate_forNameOrAddress(_ host: String) {
    let client = connect(to: host, serverCertificate: "good")
    run(loop) { owner.isOpen }
    client.send(text: "secret")
    run(loop) { server.recorder.messages == ["secret"] }
    client.close()
    run(loop) { !owner.closed.isEmpty && !server.recorder.closed.isEmpty }
    #expect(owner.closed == [.closedByUs])
    #expect(server.recorder.closed == [.closedByPeer(.normal, "")])
    loop.close()
  }

  @Test func largeMessages_bothWays() {
    let client = connect(serverCertificate: "good")
    owner.countsOnly = true
    server.recorder.countsOnly = true
    run(loop) { owner.isOpen && server.recorder.opened == 1 }
    let payload = String(repeating: "x", count: 3_000_000)
    client.send(text: payload)
    server.connections.first?.send(text: payload)
    run(loop) { owner.sizes == [3_000_000] && server.recorder.sizes == [3_000_000] }
    #expect(owner.drained == 1)
    #expect(client.pendingOutput == 0)
    loop.close()
  }

  @Test func expired_isSaid() {
    let text = failure(connect(serverCertificate: "expired"))
    #expect(text == "the certificate of localhost has expired")
    loop.close()
  }

  @Test func notYetValid_isSaid() {
    let text = failure(connect(serverCertificate: "future"))
    #expect(text == "the certificate of localhost is not yet valid")
    loop.close()
  }

  @Test func wrongName_isSaid() {
    let text = failure(connect(serverCertificate: "other"))
    #expect(text == "the server's certificate is not for localhost")
    loop.close()
  }

  @Test func wrongAddress_isSaid() {
    let text = failure(connect(to: "127.0.0.1", serverCertificate: "other"))
    #expect(text == "the server's certificate is not for 127.0.0.1")
    loop.close()
  }

  @Test func unknownAuthority_isSaid() {
    let text = failure(connect(serverCertificate: "good", trusting: "stranger"))
    #expect(text == "the certificate of localhost is signed by an authority that is not trusted")
    loop.close()
  }

  @Test func unknownAuthority_ofTheSystemsStore_isSaid() {
    let text = failure(connect(serverCertificate: "good", trusting: nil))
    #expect(text == "the certificate of localhost is signed by an authority that is not trusted")
    loop.close()
  }

  @Test func selfSigned_isSaid() {
    let text = failure(connect(serverCertificate: "stranger"))
    #expect(text == "the certificate of localhost is self-signed, and not among the trusted ones")
    loop.close()
  }

  @Test func missingCertificateFile_isSaid() {
    let text = failure(connect(serverCertificate: "good", trusting: "no-such"))
    #expect(text?.hasPrefix("certificate file \(certificates.path("no-such.pem")): ") == true)
    loop.close()
  }

  @Test func serverWithoutTLS_isSaid() {
    let client = WebSocketConnection(
      connectingTo: WebSocketURL(isSecure: true, host: "127.0.0.1", port: server.port), on: loop, owner: owner)
    let text = failure(client)
    #expect(text == "TLS handshake with 127.0.0.1: the server does not speak TLS 1.2 or later")
    loop.close()
  }

  @Test func endInTheHandshake_isSaid() {
    server.secure = { stream in stream.pauseReading() }
    let client = WebSocketConnection(
      connectingTo: WebSocketURL(isSecure: true, host: "127.0.0.1", port: server.port), on: loop, owner: owner)
    run(loop) { !server.connections.isEmpty }
    server.connections.first?.abort()
    let text = failure(client)
    #expect(text == "TLS handshake with 127.0.0.1: the server closed the connection")
    loop.close()
  }

  @Test func endWithoutCloseNotify_isALoss() {
    let client = connect(serverCertificate: "good")
    run(loop) { owner.isOpen && server.recorder.opened == 1 }
    server.connections.first?.abort()
    run(loop) { !owner.closed.isEmpty }
    guard case .lost = owner.closed.first else {
      Issue.record("\(owner.closed)")
      return
    }
    #expect(!client.isOpen)
    loop.close()
  }

  /// Records that arrive a byte at a time.
  @Test func session_takesAnySplit() throws {
    let client = try TLSSession(
      connectingTo: "localhost", options: TLSOptions(certificateFile: certificates.path("ca") + ".pem"))
    let server = try TLSSession(
      servingWith: certificates.path("good") + ".pem", keyFile: certificates.path("good") + ".key")
    var plain = ByteBuffer()
    func move(_ from: TLSSession, _ to: TLSSession) throws {
      while !from.encrypted.isEmpty {
        to.received.append(from.encrypted.span.extracting(first: 1))
        from.encrypted.consume(1)
        try to.decrypt(into: &plain)
      }
    }
    while !client.isEstablished || !server.isEstablished {
      try move(client, server)
      try move(server, client)
    }
    var message = ByteBuffer()
    message.append("hello")
    try client.encrypt(&message)
    try move(client, server)
    let got = text(plain.span)
    #expect(got == "hello")
    client.end()
    try move(client, server)
    #expect(server.hasReachedEnd)
    loop.close()
  }
}
