import WebSocket

/// What the head of a request says, as far as a function or the connection has to know.
struct HTTPServerRequest: Equatable {
  let method: String
  let target: HTTPTarget
  /// Names in lower case; of two with one name the last one counts, as with a real engine.
  let headers: JSONObject
  /// Whether the client speaks HTTP/1.0, and knows no chunks.
  let isOld: Bool
  /// Whether the connection is to end behind the answer.
  let wantsClose: Bool
  /// Whether the client waits for a word before it sends the body. RFC 9110, section 10.1.1.
  let expectsContinue: Bool
  /// Whether the body is read and handed over as JSON.
  let isJSON: Bool
  /// The trace that the request belongs to.
  let trace: TraceContext

  /// Reads a head.
  ///
  /// - Throws: How a request without a meaning here is answered.
  init(_ head: HTTPHead) throws(HTTPRefusal) {
    guard let line = head.requestLine else { throw .badRequest("No request line") }
    guard line.version == "HTTP/1.1" || line.version == "HTTP/1.0" else {
      throw HTTPRefusal(
        status: 505, code: "VERSION_NOT_SUPPORTED", message: "Only HTTP/1.1 and HTTP/1.0 are spoken here",
        endsConnection: true)
    }
    guard let target = HTTPTarget(line.target) else { throw .badRequest("The target is no path") }
    isOld = line.version == "HTTP/1.0"
    guard isOld || head.onlyValue("Host") != nil else { throw .badRequest("There must be one Host header") }
    method = line.method
    self.target = target
    headers = JSONObject(
      head.headers.map { header in
        // As a real engine does with what is no ASCII.
        let value = header.value.utf8.allSatisfy { $0 < 0x80 } ? header.value : ""
        return JSONObject.Member(name: header.name.lowercased(), value: .string(value))
      })
    wantsClose = head.lists("close", in: "Connection") || (isOld && !head.lists("keep-alive", in: "Connection"))
    expectsContinue = !isOld && head.onlyValue("Expect")?.equalsIgnoringCase("100-continue") == true
    isJSON = headers["content-type"]?.string?.contains("application/json") == true
    trace = TraceContext(
      traceparent: head.onlyValue("traceparent"), baggage: head.onlyValue("baggage"))
  }

  /// What a function gets (engine protocol, section 5.7), but for the two channels.
  ///
  /// - Parameters:
  ///   - path: The path as the binding has it.
  ///   - parameters: The values of the path's parameters.
  ///   - body: The body when it is JSON, else null.
  /// - Returns: The payload's members.
  func payload(path: String, parameters: JSONObject, body: JSONValue) -> JSONObject {
    [
      "query_params": .object(target.query), "path_params": .object(parameters), "headers": .object(headers),
      "path": .string(path), "method": .string(method), "body": body,
      "trigger": ["type": "http", "path": .string(path), "method": .string(method)],
    ]
  }
}
