import Bytes
import Glibc
import TestSupport
import Testing
import WebSocket

@testable import Transport

@Suite struct WebSocketConnectionTests {
  let loop: EventLoop
  let server: WebSocketServer
  let owner = WebSocketRecorder()

  init() throws {
    loop = try EventLoop()
    server = try WebSocketServer(on: loop)
  }

  private func connect(
    path: String = "/", headers: [(String, String)] = [], limits: FrameLimits = FrameLimits(), timeout: Int = 10_000
  ) -> WebSocketConnection {
    let url = WebSocketURL(isSecure: false, host: "127.0.0.1", port: server.port, target: path)
    let client = WebSocketConnection(
      connectingTo: url, on: loop, headers: headers, limits: limits, connectTimeout: timeout, owner: owner)
    server.clients.append(client)
    return client
  }

  private func connectOpen() -> (WebSocketConnection, WebSocketConnection) {
    let client = connect()
    run(loop) { owner.isOpen && server.connections.last?.isOpen == true }
    guard let accepted = server.connections.last else { preconditionFailure("no connection") }
    return (client, accepted)
  }

  // MARK: Opening

  @Test func handshake_carriesTargetAndHeaders() throws {
    let client = connect(path: "/a?b=c", headers: [("X-Test", "yes")])
    run(loop) { owner.isOpen }
    #expect(client.isOpen)
    let request = try #require(server.connections.first?.request)
    #expect(request.path == "/a")
    #expect(request.query == "b=c")
    #expect(request.headers.contains(HTTPHeader("X-Test", "yes")))
    #expect(request.headers.contains(HTTPHeader("Host", "127.0.0.1:\(server.port)")))
    loop.close()
  }

  @Test func messages_crossBothWays_inOrder() {
    let (client, accepted) = connectOpen()
    for number in 0..<100 { client.send(text: "c\(number)") }
    for number in 0..<100 { accepted.send(text: "s\(number)") }
    run(loop) { owner.messages.count == 100 && server.recorder.messages.count == 100 }
    #expect(owner.messages == (0..<100).map { "s\($0)" })
    #expect(server.recorder.messages == (0..<100).map { "c\($0)" })
    loop.close()
  }

  @Test(arguments: [0, 125, 126, 65_535, 65_536, 5_000_000, 20_000_000])
  func message_ofAnySize_arrives(_ size: Int) {
    let (client, accepted) = connectOpen()
    owner.countsOnly = true
    server.recorder.countsOnly = true
    let payload = String(repeating: "x", count: size)
    client.send(text: payload)
    accepted.send(text: payload)
    run(loop) { owner.sizes == [size] && server.recorder.sizes == [size] }
    #expect(client.pendingOutput == 0)
    if size > 64 * 1024 { #expect(owner.drained == 1) }
    loop.close()
  }

  @Test func messageWithTheAcceptingResponse_isNotLost() {
    server.recorder.onOpen = { $0.send(text: "first") }
    let client = connect()
    run(loop) { !owner.messages.isEmpty }
    #expect(owner.messages == ["first"])
    #expect(owner.opened == 1)
    client.abort()
    loop.close()
  }

  @Test func rejection_isToldWithItsStatus() {
    server.reply = .reject(status: 404, body: "nothing here")
    let client = connect()
    run(loop) { !owner.closed.isEmpty && !server.recorder.closed.isEmpty }
    guard case .handshakeFailed(let error) = owner.closed.first else {
      Issue.record("\(owner.closed)")
      return
    }
    #expect(error.status == 404)
    #expect(owner.opened == 0)
    #expect(!client.isOpen)
    #expect(owner.closed.count == 1)
    loop.close()
  }

  @Test func headerThatCannotBeSent_isToldLater() {
    let client = connect(headers: [("X-Bad", "a\r\nb")])
    #expect(owner.closed.isEmpty)
    run(loop) { !owner.closed.isEmpty }
    guard case .handshakeFailed(let error) = owner.closed.first else {
      Issue.record("\(owner.closed)")
      return
    }
    #expect(error.kind == .invalidRequest)
    client.abort()
    settle(loop)
    #expect(owner.closed.count == 1)
    loop.close()
  }

  @Test func nobodyListens_isRefused() throws {
    let port = try OwnPort()
    let url = WebSocketURL(isSecure: false, host: "localhost", port: port.number)
    let client = WebSocketConnection(connectingTo: url, on: loop, owner: owner)
    run(loop) { !owner.closed.isEmpty }
    #expect(owner.closed == [.connect(.connectionRefused)])
    #expect(!client.isOpen)
    withExtendedLifetime(port) { loop.close() }
  }

  @Test func unknownName_isToldInWords() {
    // The C library knows by itself that there is none: no name server is asked, who may take long.
    let url = WebSocketURL(isSecure: false, host: "no..host", port: 80)
    let client = WebSocketConnection(connectingTo: url, on: loop, owner: owner)
    run(loop) { !owner.closed.isEmpty }
    guard case .resolution(let text) = owner.closed.first else {
      Issue.record("\(owner.closed)")
      return
    }
    #expect(text.hasPrefix("no..host: "))
    client.abort()
    loop.close()
  }

  /// `localhost` may have ::1 first, where nobody listens.
  @Test func name_isLookedUp_andItsAddressesTriedInOrder() {
    let url = WebSocketURL(isSecure: false, host: "localhost", port: server.port)
    let client = WebSocketConnection(connectingTo: url, on: loop, owner: owner)
    run(loop) { owner.isOpen }
    client.abort()
    loop.close()
  }

  @Test func serverThatNeverAnswers_isTimedOut() throws {
    let mute = try rawServer { _ in }
    let url = WebSocketURL(isSecure: false, host: "127.0.0.1", port: mute.port ?? 0)
    let client = WebSocketConnection(connectingTo: url, on: loop, owner: owner)
    // Before it is connected, it would be connecting that took too long.
    run(loop) { !server.mute.events.isEmpty }
    client.startLimit(20)
    run(loop) { !owner.closed.isEmpty }
    #expect(owner.closed == [.timedOut(.handshake)])
    client.abort()
    loop.close()
  }

  @Test func clientThatNeverAsks_isTimedOut() throws {
    let (near, far) = try SocketStream.pair(on: loop)
    let silent = RecordingOwner()
    far.start(owner: silent)
    let connection = WebSocketConnection(accepting: near, handshakeTimeout: 20, owner: owner) { _ in .accept }
    run(loop) { !owner.closed.isEmpty && silent.isClosed }
    #expect(owner.closed == [.timedOut(.handshake)])
    #expect(!connection.isOpen)
    loop.close()
  }

  @Test func garbageInsteadOfARequest_isAnswered() throws {
    let (near, far) = try SocketStream.pair(on: loop)
    let client = RecordingOwner()
    far.start(owner: client)
    let connection = WebSocketConnection(accepting: near, owner: owner) { _ in .accept }
    far.send("hello?\r\n\r\n")
    run(loop) { client.events.contains(.end) && !owner.closed.isEmpty }
    #expect(client.text.hasPrefix("HTTP/1.1 400 "))
    #expect(!connection.isOpen)
    loop.close()
  }

  @Test func endInTheHandshake_isALoss() throws {
    let port = try rawServer { stream in stream.close() }
    let url = WebSocketURL(isSecure: false, host: "127.0.0.1", port: port.port ?? 0)
    let client = WebSocketConnection(connectingTo: url, on: loop, owner: owner)
    run(loop) { !owner.closed.isEmpty }
    guard case .lost = owner.closed.first else {
      Issue.record("\(owner.closed)")
      return
    }
    client.abort()
    loop.close()
  }

  private func rawServer(_ body: @escaping (SocketStream) -> Void) throws -> Listener {
    try Listener(on: loop, host: "127.0.0.1", port: 0) { stream in
      server.mute.onReceive = body
      stream.start(owner: server.mute)
      server.streams.append(stream)
    }
  }

  // MARK: Closing

  @Test func close_isAnswered_bothAreTold() {
    let (client, _) = connectOpen()
    client.send(text: "last")
    client.close(code: .goingAway, reason: "bye")
    #expect(!client.isOpen)
    client.send(text: "too late")
    client.close(code: .internalError)
    run(loop) { !owner.closed.isEmpty && !server.recorder.closed.isEmpty }
    #expect(owner.closed == [.closedByUs])
    #expect(client.closeAnswer == .echo)
    #expect(server.recorder.closed == [.closedByPeer(.goingAway, "bye")])
    #expect(server.recorder.messages == ["last"])
    loop.close()
  }

  @Test func close_withoutACode() {
    let (client, accepted) = connectOpen()
    accepted.close(code: nil)
    run(loop) { !owner.closed.isEmpty && !server.recorder.closed.isEmpty }
    #expect(owner.closed == [.closedByPeer(nil, "")])
    #expect(server.recorder.closed == [.closedByUs])
    #expect(!client.isOpen)
    loop.close()
  }

  @Test func close_fromBothAtOnce() {
    let (client, accepted) = connectOpen()
    client.close()
    accepted.close()
    run(loop) { !owner.closed.isEmpty && !server.recorder.closed.isEmpty }
    #expect(owner.closed == [.closedByUs])
    #expect(server.recorder.closed == [.closedByUs])
    loop.close()
  }

  @Test func close_thatCrossesOurs_isNoAnswer() {
    let (client, accepted) = connectOpen()
    client.close()
    accepted.close(code: nil)
    run(loop) { !owner.closed.isEmpty && !server.recorder.closed.isEmpty }
    #expect(owner.closed == [.closedByUs])
    #expect(client.closeAnswer == .crossing)
    loop.close()
  }

  @Test func close_hasItsLimit() {
    let (client, accepted) = connectOpen()
    accepted.pauseReading()
    client.closeLimit = 10
    client.close()
    run(loop) { !owner.closed.isEmpty }
    #expect(owner.closed == [.timedOut(.closing)])
    #expect(client.closeAnswer == nil)
    accepted.abort()
    loop.close()
  }

  @Test func changeOwner_handsTheConnectionOver() {
    let (client, accepted) = connectOpen()
    let next = WebSocketRecorder()
    accepted.changeOwner(to: next)
    client.send(text: "for the next")
    client.close()
    run(loop) { !next.closed.isEmpty }
    #expect(next.messages == ["for the next"] && next.closed == [.closedByPeer(.normal, "")])
    #expect(server.recorder.messages.isEmpty && server.recorder.closed.isEmpty)
    loop.close()
  }

  @Test func abort_isALossForThePeer_andToldLater() {
    let (client, _) = connectOpen()
    client.abort()
    #expect(owner.closed.isEmpty)
    run(loop) { !owner.closed.isEmpty && !server.recorder.closed.isEmpty }
    #expect(owner.closed == [.closedByUs])
    guard case .lost = server.recorder.closed.first else {
      Issue.record("\(server.recorder.closed)")
      return
    }
    loop.close()
  }

  @Test func abort_inAMessagesCallback_stopsTheRest() {
    let (client, accepted) = connectOpen()
    owner.onMessage = { $0.abort() }
    for number in 0..<5 { accepted.send(text: "\(number)") }
    run(loop) { !owner.closed.isEmpty }
    #expect(owner.messages == ["0"])
    #expect(!client.isOpen)
    loop.close()
  }

  @Test func letGo_inAMessagesCallback_isSafe() {
    var (client, accepted): (WebSocketConnection?, WebSocketConnection) = connectOpen()
    #expect(client?.isOpen == true)
    owner.onMessage = { _ in
      client = nil
      self.server.clients = []
    }
    accepted.send(text: "a")
    accepted.send(text: "b")
    run(loop) { !server.recorder.closed.isEmpty }
    owner.onMessage = nil
    #expect(owner.messages.first == "a")
    loop.close()
  }

  @Test func peerThatDoesNotAnswerTheClose_isTimedOut() {
    let (client, accepted) = connectOpen()
    // Stands for a peer that hangs.
    accepted.stream?.pauseReading()
    client.close()
    client.startLimit(20)
    run(loop) { !owner.closed.isEmpty }
    #expect(owner.closed == [.timedOut(.closing)])
    loop.close()
  }

  @Test func brokenFrame_endsTheConnection_andThePeerIsTold() {
    let (client, accepted) = connectOpen()
    // A masked frame, which a server must not send.
    accepted.stream?.send("\u{1}\u{7f}never a frame")
    run(loop) { !owner.closed.isEmpty && !server.recorder.closed.isEmpty }
    guard case .protocolViolation(let error) = owner.closed.first else {
      Issue.record("\(owner.closed)")
      return
    }
    #expect(server.recorder.closed == [.closedByPeer(error.code, error.reason)])
    #expect(!client.isOpen)
    loop.close()
  }

  @Test func messageBeyondTheLimit_isRefusedFromItsHeader() {
    let client = connect(limits: FrameLimits(maximumFrame: 1000, maximumMessage: 1000))
    run(loop) { owner.isOpen && server.connections.last?.isOpen == true }
    server.connections.last?.send(text: String(repeating: "x", count: 1001))
    run(loop) { !owner.closed.isEmpty && !server.recorder.closed.isEmpty }
    guard case .closedByPeer(.tooBig?, _) = server.recorder.closed.first else {
      Issue.record("\(server.recorder.closed)")
      return
    }
    #expect(owner.messages.isEmpty)
    #expect(!client.isOpen)
    loop.close()
  }

  // MARK: Life

  @Test func ping_isAnswered() {
    let (client, accepted) = connectOpen()
    usleep(3000)
    loop.updateTime()
    let before = accepted.lastReceived
    client.ping()
    run(loop) { accepted.lastReceived > before && client.lastReceived > before }
    loop.close()
  }

  @Test func paused_holdsMessagesBack_evenThoseThatWereRead() {
    let (client, accepted) = connectOpen()
    owner.onMessage = { $0.pauseReading() }
    for number in 0..<3 { accepted.send(text: "\(number)") }
    run(loop) { !owner.messages.isEmpty }
    settle(loop)
    #expect(owner.messages == ["0"])
    owner.onMessage = nil
    client.resumeReading()
    run(loop) { owner.messages == ["0", "1", "2"] }
    loop.close()
  }

  @Test func paused_whenThePeerIsGone_getsTheRestFirst() {
    let (client, accepted) = connectOpen()
    owner.onMessage = { $0.pauseReading() }
    for number in 0..<3 { accepted.send(text: "\(number)") }
    run(loop) { !owner.messages.isEmpty }
    owner.onMessage = nil
    accepted.abort()
    run(loop) { !owner.closed.isEmpty }
    #expect(owner.messages == ["0", "1", "2"])
    #expect(!client.isOpen)
    loop.close()
  }

  @Test func send_inEveryCallback() {
    owner.onOpen = { $0.send(text: "open") }
    owner.onMessage = { $0.send(text: "again") }
    server.recorder.onMessage = { connection in
      if self.server.recorder.messages.count < 3 { connection.send(text: "go on") } else { connection.close() }
    }
    let client = connect()
    run(loop) { !owner.closed.isEmpty }
    server.recorder.onMessage = nil
    #expect(server.recorder.messages == ["open", "again", "again"])
    #expect(!client.isOpen)
    loop.close()
  }
}
