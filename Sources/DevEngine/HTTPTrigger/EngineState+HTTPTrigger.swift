// Engine protocol, section 5.7.
extension EngineState {
  /// Begins to route requests to a binding. One whose route another binding has already is refused unless both spell the
  /// path alike: then the newer one counts, as with a real engine.
  mutating func provideHTTP(_ binding: TriggerBinding) throws(TriggerConfigError) {
    let route = try HTTPRoute(config: binding.config)
    for (id, other) in httpTriggers.routes where id != binding.id && other.collides(with: route) {
      guard other.path == route.path else {
        throw TriggerConfigError(
          "Route '\(route.method) \(route.path)' conflicts with already-registered route '\(other.method) \(other.path)'"
        )
      }
      httpTriggers.routes[id] = nil
    }
    httpTriggers.routes[binding.id] = route
  }

  /// A request came that ``HTTPTriggerTable/match(method:path:)`` has found a binding for: its condition is asked, or its
  /// function called at once.
  ///
  /// - Parameters:
  ///   - number: The server's number for it, which the outcome names.
  ///   - id: The binding.
  ///   - payload: What the function gets.
  ///   - trace: The request's trace context.
  ///   - now: The time.
  mutating func requested(_ number: Int, of id: String, _ payload: JSONObject, trace: TraceContext, now: Int) {
    guard let binding = bindings[id]?.binding else {
      return effects.append(.answerHTTP(number, .failure(.noBinding)))
    }
    let request = HTTPTriggerTable.Request(binding: binding, payload: .object(payload), trace: trace)
    httpTriggers.requests[number] = request
    guard let condition = binding.conditionFunctionID else { return callFunction(of: number, request, now) }
    // The condition decides about the request and has no part in its bodies.
    var asked = payload
    asked["request_body"] = nil
    asked["response"] = nil
    call(condition, for: binding, .object(asked), trace: trace, as: .httpCondition(number), now)
  }

  /// The request's connection has ended, or was answered: what its function still says is dropped.
  mutating func requestEnded(_ number: Int) { httpTriggers.requests[number] = nil }

  mutating func httpConditionAnswered(_ number: Int, _ result: JSONValue?, _ error: ErrorBody?, _ now: Int) {
    guard let request = httpTriggers.requests[number] else { return }
    if error == nil, result != false { return callFunction(of: number, request, now) }
    httpTriggers.requests[number] = nil
    effects.append(.answerHTTP(number, error.map { .failure($0) } ?? .conditionNotMet))
  }

  mutating func httpAnswered(_ number: Int, _ result: JSONValue?, _ error: ErrorBody?) {
    guard httpTriggers.requests.removeValue(forKey: number) != nil else { return }
    effects.append(.answerHTTP(number, error.map { .failure($0) } ?? .result(result ?? .null)))
  }

  private mutating func callFunction(of number: Int, _ request: HTTPTriggerTable.Request, _ now: Int) {
    let binding = request.binding
    call(
      binding.functionID, for: binding, request.payload, metadata: binding.metadata, trace: request.trace,
      as: .http(number), now)
  }
}

extension ErrorBody {
  /// The binding ended while its request was read.
  fileprivate static let noBinding = ErrorBody(code: "NOT_FOUND", message: "Not Found")
}
