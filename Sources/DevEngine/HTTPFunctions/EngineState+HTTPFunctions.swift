package import HTTPClient

extension EngineState {
  /// Keeps a function that is called over HTTP. One that is refused is as good as not registered: its worker is not told,
  /// as by a real engine (engine protocol, section 4.5).
  mutating func registerFunction(
    _ definition: FunctionDefinition, calledBy invocation: HTTPInvocation, as key: FunctionKey, of worker: WorkerRecord
  ) {
    if let objection = options.httpFunctions.objection(to: invocation.url) {
      return log(
        .warning, "function \(key.id) of worker \(worker.displayName): url_validation_failed: \(objection), ignoring")
    }
    do throws(ErrorBody) {
      let endpoint = try HTTPEndpoint(invocation, environment: environment)
      functions[key] = FunctionRecord(definition: definition, owner: worker.connection, endpoint: endpoint)
    } catch {
      log(.warning, "function \(key.id) of worker \(worker.displayName): \(error.code): \(error.message), ignoring")
    }
  }

  /// Calls a function over HTTP; its worker has no part in it.
  mutating func callOverHTTP(
    _ endpoint: HTTPEndpoint, _ invocation: OutgoingInvocation, as call: PendingInvocation, _ now: Int
  ) {
    guard let number = httpFunctions.insert(call) else {
      let message = "\(HTTPFunctionTable.maximumCalls) calls over HTTP are under way already"
      return conclude(call, result: nil, error: ErrorBody(code: "http_request_failed", message: message), now)
    }
    effects.append(
      .callOverHTTP(
        HTTPFunctionCall(
          number: number, endpoint: endpoint, functionID: invocation.functionID, id: makeID(), data: invocation.data,
          caller: invocation.trace.function, traceID: invocation.trace.traceID,
          isStrict: options.httpFunctions != .any)))
  }

  /// A call over HTTP has come to its end.
  package mutating func calledOverHTTP(_ number: Int, _ answer: Result<HTTPResponse, HTTPFailure>, now: Int) {
    guard let call = httpFunctions.remove(number) else { return }
    let outcome =
      switch answer {
      case .success(let response): HTTPFunctionOutcome(response)
      case .failure(let failure): HTTPFunctionOutcome(failure)
      }
    conclude(call, result: outcome.result, error: outcome.error, now)
  }
}

extension TraceContext {
  /// The function within which the call was made, by its baggage.
  fileprivate var function: String? { Baggage(baggage)["iii.function.id"] }

  /// The second part of `traceparent`. W3C Trace Context, section 3.2.
  fileprivate var traceID: String? {
    let parts = traceparent?.split(separator: "-", omittingEmptySubsequences: false) ?? []
    return parts.count >= 4 ? String(parts[1]) : nil
  }
}
