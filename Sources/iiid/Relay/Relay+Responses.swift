import Bytes
import III
import LocalProtocol
import RawJSON

// How what the state orders becomes lines and frames.
extension Relay {
  /// Writes one line as the answer to a request: at once, or into the batch that the request came in.
  func write(to address: ReplyAddress, _ body: (inout ByteBuffer) -> Void) {
    guard let connection = connection(address.client) else { return }
    guard let slot = address.batch else { return connection.write(body) }
    guard let batch = batches[slot] else { return }
    batch.answer.add(body)
    finishBatch(slot)
  }

  /// Answers with what the daemon tells of itself.
  func reply(_ report: Report, to address: ReplyAddress) {
    guard let id = address.id else { return }
    write(to: address) { DaemonMessage.result(id, to: &$0) { report.write(to: &$0) } }
  }

  func respond(_ address: ReplyAddress, _ reply: RelayEffect.Reply, _ text: Span<UInt8>) {
    guard let id = address.id else { return }
    switch reply {
    case .raw(let range?, let flattening):
      write(to: address) { DaemonMessage.result(id, text.extracting(range), flattening: flattening, to: &$0) }
    case .raw(nil, _):
      write(to: address) { DaemonMessage.result(id, to: &$0) { $0.append("null") } }
    case .tokens(let code, let message, let stacktrace, let functionID, let invocation):
      write(to: address) {
        DaemonMessage.engineError(
          id, text, code: code, message: message, stacktrace: stacktrace, functionID: functionID,
          invocationID: invocation.map { ($0.high, $0.low) }, to: &$0)
      }
    case .error(let error):
      write(to: address) { DaemonMessage.error(id, error, to: &$0) }
    case .accepted(let isBuffered):
      self.reply(.object(["accepted": true, "buffered": .boolean(isBuffered)]), to: address)
    case .logged(let isBuffered):
      self.reply(.object(["delivered": .string(isBuffered ? "buffered" : "engine")]), to: address)
    case .registration(let function):
      self.reply(registrationReport(state.functions.at[function]), to: address)
    case .triggerType(let id, let registration):
      statusChanged?()
      self.reply(
        .object([
          "trigger_type": .string(id), "state": .string(Self.name(registration)),
          "reason": Self.reason(registration).map { .string($0) },
        ]), to: address)
    case .trigger(let id, let triggerState, let isDurable):
      self.reply(
        .object([
          "trigger_id": .string(id), "state": .string(triggerState.rawValue),
          "scope": isDurable ? "durable" : "connection",
        ]), to: address)
    case .unregistered(let isRemoved, let instances):
      self.reply(.object(["removed": .boolean(isRemoved), "instances": .integer(instances)]), to: address)
    case .cancelled(let isCancelled):
      self.reply(.object(["cancelled": .boolean(isCancelled)]), to: address)
    case .draining(let inFlight):
      self.reply(.object(["in_flight": .integer(inFlight)]), to: address)
    case .report(let report): self.reply(report, to: address)
    }
  }

  /// Writes an invocation to the worker that was chosen.
  func write(_ invoke: RelayEffect.Invoke, to client: ClientID, _ text: Span<UInt8>) {
    var members = DaemonMessage.Invocation(functionID: invoke.members.functionID, payload: invoke.members.payload)
    members.metadata = invoke.members.metadata
    members.traceparent = invoke.members.traceparent
    members.baggage = invoke.members.baggage
    let id = invoke.incoming.id
    guard let connection = connection(client) else { return }
    connection.resume()
    connection.write {
      DaemonMessage.invoke(
        invoke.serial, text, members, namespace: link.options.namespace ?? "default", invocationID: (id.high, id.low),
        deadline: invoke.timeoutMilliseconds, flattening: invoke.members.hasNewlines, to: &$0)
    }
  }

  func send(
    _ answer: RelayEffect.Answer, to invocation: IncomingInvocation, _ token: [UInt8], _ text: Span<UInt8>
  ) {
    switch answer {
    case .result(let range):
      answerWasTooLarge = !link.answer(invocation, functionToken: token.span, result: text.extracting(range))
    case .failure(let failure):
      guard let code = failure.code, let message = failure.message else {
        let code = failure.code.flatMap { String(jsonToken: text.extracting($0)) } ?? "invocation_failed"
        let message = failure.message.flatMap { String(jsonToken: text.extracting($0)) } ?? "the worker gave no message"
        let trace = failure.stacktrace.flatMap { String(jsonToken: text.extracting($0)) }
        link.answer(invocation, functionToken: token.span, code: code, message: message, stacktrace: trace)
        return
      }
      link.answer(
        invocation, functionToken: token.span, errorTokens: text, code: code, message: message,
        stacktrace: failure.stacktrace)
    case .error(let code, let message):
      link.answer(invocation, functionToken: token.span, code: code, message: message, stacktrace: nil)
    }
  }
}
