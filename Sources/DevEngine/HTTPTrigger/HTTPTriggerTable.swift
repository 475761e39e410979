/// The bindings of the type `http`, and the requests that their functions have not answered. Owned by ``EngineState``.
struct HTTPTriggerTable {
  /// A request whose function or condition was called.
  struct Request {
    let binding: TriggerBinding
    let payload: JSONValue
    let trace: TraceContext
  }

  /// By the bindings' ids.
  var routes: [String: HTTPRoute] = [:]
  /// By the server's numbers.
  var requests: [Int: Request] = [:]

  /// What there is for a request.
  enum Match: Equatable {
    /// A binding, with the values of the path's parameters.
    case route(binding: String, HTTPRoute, parameters: JSONObject)
    /// The path exists, for those methods.
    case otherMethods([String])
    case nothing
  }

  /// The binding that a request is for. Where two are for one path, the one with the text further in front counts.
  func match(method: String, path: String) -> Match {
    let candidates = routes.filter { $0.value.match(path) != nil }
    let best = candidates.filter { $0.value.method == method }.min { $0.value.precedes($1.value) }
    if let best {
      let parameters = best.value.match(path) ?? []
      return .route(
        binding: best.key, best.value,
        parameters: JSONObject(parameters.map { JSONObject.Member(name: $0.name, value: .string($0.value)) }))
    }
    let methods = Set(candidates.map(\.value.method))
    // A real engine hands HEAD to the route of GET, which finds no function for it.
    return methods.isEmpty || (method == "HEAD" && methods.contains("GET")) ? .nothing : .otherMethods(methods.sorted())
  }
}
