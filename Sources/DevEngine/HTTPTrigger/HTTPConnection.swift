import Bytes
import Transport
import WebSocket

/// One connection of an HTTP client: its requests one after the other, each read, handed to its function, and answered.
///
/// Owned by ``HTTPServer`` until the connection has ended. HTTP/1.1, RFC 9112; what is read and sent is decided by the pure
/// types ``HTTPServerRequest``, ``HTTPBodyReader`` and ``HTTPReply``.
final class HTTPConnection: SocketStreamOwner {
  /// What is waited for; its limit is the timer's.
  enum Waiting {
    case head
    case body
    case function
    /// The answer flows; the number is that of the bytes which the client had taken at the last look.
    case client(taken: Int)
  }

  let number: Int
  unowned let server: HTTPServer
  let stream: SocketStream
  private var head = HTTPHeadReader()
  /// The request under way; nil between two.
  var exchange: HTTPExchange?
  private var waiting = Waiting.head
  private var timer: Timer?

  init(number: Int, stream: SocketStream, server: HTTPServer) {
    self.number = number
    self.stream = stream
    self.server = server
    timer = Timer(on: stream.loop) { [unowned self] in limitReached() }
    stream.start(owner: self)
    wait(for: .head)
  }

  /// Ends the connection at once, and the request under way with it.
  func close() {
    stream.close()
    gone()
  }

  /// The connection has ended, or its stream ends by itself.
  func gone() {
    timer?.close()
    timer = nil
    endExchange()
    server.closed(self)
  }

  func endExchange() {
    guard let ended = exchange else { return }
    exchange = nil
    ended.channels?.close()
    server.ended(ended.number)
  }

  // MARK: - Limits

  func wait(for waiting: Waiting) {
    self.waiting = waiting
    let limits = server.limits
    let limit =
      switch waiting {
      case .head: limits.head
      case .body, .client: limits.idle
      case .function: limits.function
      }
    timer?.start(after: limit)
  }

  private func limitReached() {
    switch waiting {
    // A client that has not begun with a request is not told why it is sent away.
    case .head where stream.input.isEmpty: close()
    case .head, .body:
      refuse(
        HTTPRefusal(status: 408, code: "TIMEOUT", message: "The request did not come in time", endsConnection: true))
    case .function: refuse(.timeout)
    case .client(let taken):
      // A function that has nothing to say for a while is no reason to end; a client that takes nothing is one.
      if stream.pendingOutput > 0, stream.bytesWritten == taken { return close() }
      wait(for: .client(taken: stream.bytesWritten))
    }
  }

  // MARK: - Reading

  func streamReceived(_ stream: SocketStream) { advance() }

  func streamClosed(_ stream: SocketStream, _ error: Errno?) { gone() }

  func streamDrained(_ stream: SocketStream) { exchange?.channels?.resumeReading() }

  /// Goes on with what has arrived.
  func advance() {
    do throws(HTTPRefusal) {
      if exchange == nil {
        guard let head = try readHead() else { return }
        try begin(head)
      }
      try readBody()
    } catch {
      refuse(error)
    }
  }

  private func readHead() throws(HTTPRefusal) -> HTTPHead? {
    do throws(HTTPHeadError) {
      return try head.read(&stream.input)
    } catch {
      switch error {
      case .tooLarge: throw .headTooLarge
      case .malformed(let problem, let offset): throw .badRequest("\(problem) at byte \(offset)")
      }
    }
  }

  private func begin(_ head: HTTPHead) throws(HTTPRefusal) {
    let request = try HTTPServerRequest(head)
    let body = try HTTPBodyReader(head)
    let exchange = HTTPExchange(number: server.takeNumber(), request: request, body: body)
    self.exchange = exchange
    switch server.engine.state.httpTriggers.match(method: request.method, path: request.target.path) {
    case .nothing: throw .notFound
    case .otherMethods(let methods): throw .methodNotAllowed(methods)
    case .route(let binding, let route, let parameters): exchange.route = (binding, route.path, parameters)
    }
    if request.isJSON, let length = body.length, length > server.limits.json {
      throw .bodyTooLarge(limit: server.limits.json)
    }
    if request.expectsContinue, !body.isComplete {
      stream.output.append("HTTP/1.1 100 Continue\r\n\r\n")
      stream.markDirty()
    }
    // A JSON body is handed over with the call; any other flows while the function runs.
    if request.isJSON { wait(for: .body) } else { try call(exchange, body: .null) }
  }

  private func readBody() throws(HTTPRefusal) {
    // It may be answered already.
    guard let exchange else { return }
    if exchange.request.isJSON, !exchange.isCalled {
      let limit = server.limits.json
      var isTooLarge = false
      try exchange.body.read(&stream.input) { piece in
        isTooLarge = isTooLarge || exchange.json.count + piece.count > limit
        if !isTooLarge { exchange.json.append(piece) }
      }
      if isTooLarge { throw .bodyTooLarge(limit: limit) }
      guard exchange.body.isComplete else { return wait(for: .body) }
      let value = try? JSONValue(parsing: exchange.json.span)
      try call(exchange, body: value ?? .null)
      exchange.channels?.write(exchange.json.span)
      exchange.json = ByteBuffer()
    } else {
      try exchange.body.read(&stream.input) { exchange.channels?.write($0) }
    }
    guard exchange.body.isComplete else {
      if exchange.channels?.isFull == true { stream.pauseReading() }
      return
    }
    exchange.channels?.finish()
    stopReading()
  }

  /// Leaves what comes next where it is until this request is answered.
  private func stopReading() { stream.pauseReading() }

  private func call(_ exchange: HTTPExchange, body: JSONValue) throws(HTTPRefusal) {
    guard let route = exchange.route else { return }
    exchange.isCalled = true
    wait(for: .function)
    var payload = exchange.request.payload(path: route.path, parameters: route.parameters, body: body)
    try openChannels(for: exchange, &payload)
    server.call(exchange.number, of: route.binding, payload, exchange.request.trace, for: self)
  }

  private func openChannels(for exchange: HTTPExchange, _ payload: inout JSONObject) throws(HTTPRefusal) {
    let channels: HTTPChannels
    do throws(ErrorBody) {
      channels = try HTTPChannels(on: server.engine)
    } catch {
      throw .failed(error)
    }
    exchange.channels = channels
    payload["request_body"] = channels.requestBody
    payload["response"] = channels.response
    channels.drained = { [weak self] in
      self?.stream.resumeReading()
      self?.advance()
    }
    channels.received = { [weak self] in self?.received($0) }
    channels.ended = { [weak self] in self?.responseEnded() }
  }

  /// Makes the connection ready for its next request, which may have arrived already.
  func prepareForNext() {
    head = HTTPHeadReader()
    wait(for: .head)
    stream.resumeReading()
    guard !stream.input.isEmpty else { return }
    // In a turn of its own: the answer may have come out of the midst of other work.
    stream.loop.atEndOfTurn { [weak self] in
      guard let self, exchange == nil, stream.isOpen else { return }
      advance()
    }
  }
}
