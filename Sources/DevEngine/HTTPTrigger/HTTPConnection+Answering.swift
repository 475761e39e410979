import Bytes
import Transport
import WebSocket

extension HTTPConnection {
  /// Answers for the engine itself.
  func refuse(_ refusal: HTTPRefusal) {
    // Once the head of an answer was sent, ending the connection is the only way to say that the rest does not come.
    guard exchange?.framing == nil else { return close() }
    send(HTTPReply(refusal), endsConnection: refusal.endsConnection || exchange == nil)
  }

  /// What came of the call of a request's function.
  func answer(_ number: Int, _ outcome: HTTPTriggerOutcome) {
    guard let exchange, exchange.number == number, exchange.framing == nil else { return }
    switch outcome {
    case .conditionNotMet: send(.conditionNotMet)
    case .failure(let error): refuse(.failed(error))
    // Nothing returned: the answer comes, or has come, through the channel.
    case .result(.null): break
    case .result(let value): send(HTTPReply(returned: value))
    }
  }

  /// Sends a whole answer.
  private func send(_ reply: HTTPReply, endsConnection: Bool = false) {
    let isLast = endsConnection || exchange?.isLast != false
    reply.writeHead(
      into: &stream.output, framing: .length(reply.body.count), isLast: isLast, time: WallClock.milliseconds / 1000)
    if reply.mayHaveBody, exchange?.request.method != "HEAD" { stream.output.append(reply.body.span) }
    complete(isLast: isLast)
  }

  private func complete(isLast: Bool) {
    stream.markDirty()
    endExchange()
    guard isLast else { return prepareForNext() }
    stream.closeAfterFlush(limit: server.limits.idle)
    gone()
  }

  // MARK: - Through the channel

  /// The function has written something into its answer: control messages first, then the body.
  func received(_ item: HTTPChannels.Item) {
    guard let exchange else { return }
    switch item {
    case .text(let text): if exchange.framing == nil { exchange.reply.apply(control: text) }
    case .bytes(let bytes):
      if exchange.framing == nil { beginAnswer(exchange) }
      append(bytes, exchange)
    }
  }

  /// The function has closed its answer.
  func responseEnded() {
    guard let exchange else { return }
    guard let framing = exchange.framing else { return send(exchange.reply) }
    if framing == .chunked, hasBody(exchange) { stream.output.append("0\r\n\r\n") }
    complete(isLast: exchange.isLast || framing == .end)
  }

  private func hasBody(_ exchange: HTTPExchange) -> Bool {
    exchange.request.method != "HEAD" && exchange.reply.mayHaveBody
  }

  private func beginAnswer(_ exchange: HTTPExchange) {
    let framing: HTTPReply.Framing = exchange.request.isOld ? .end : .chunked
    exchange.framing = framing
    exchange.reply.writeHead(
      into: &stream.output, framing: framing, isLast: exchange.isLast, time: WallClock.milliseconds / 1000)
    wait(for: .client(taken: stream.bytesWritten))
  }

  private func append(_ bytes: [UInt8], _ exchange: HTTPExchange) {
    // A chunk without a byte would be the end.
    guard !bytes.isEmpty, hasBody(exchange) else { return stream.markDirty() }
    if exchange.framing == .chunked { stream.output.append("\(String(bytes.count, radix: 16))\r\n") }
    stream.output.append(bytes.span)
    if exchange.framing == .chunked { stream.output.append("\r\n") }
    stream.markDirty()
    if stream.pendingOutput > server.limits.pending { exchange.channels?.pauseReading() }
  }
}
