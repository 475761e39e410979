import Bytes
import HTTPClient
import WebSocket

/// One call of a function over HTTP, for the server to make.
package struct HTTPFunctionCall: Equatable, Sendable {
  /// How large an answer's body may be, in bytes.
  static let maximumResponse = 16 << 20

  /// The state's number for it.
  let number: Int
  let endpoint: HTTPEndpoint
  let functionID: String
  /// Made for this call: it is not the caller's.
  let id: InvocationID
  let data: JSONValue
  /// The function that calls, when the call's baggage names it.
  let caller: String?
  /// The trace that the call belongs to.
  let traceID: String?
  let isStrict: Bool

  /// The request of that call (engine protocol, section 4.5).
  ///
  /// - Parameter time: Seconds since 1970.
  /// - Returns: The request, with a signature of that time if the function wants one.
  func request(at time: Int) -> HTTPRequest {
    var written = ByteBuffer()
    written.append(json: data)
    var body: [UInt8] = []
    body.reserveCapacity(written.count)
    let text = written.span
    for index in text.indices { body.append(text[index]) }

    var headers: [HTTPHeader] = []
    if !endpoint.headers.contains(where: { $0.name.equalsIgnoringCase("Content-Type") }) {
      headers.append(HTTPHeader("Content-Type", "application/json"))
    }
    headers.append(HTTPHeader("x-iii-Function-Path", functionID))
    headers.append(HTTPHeader("x-iii-Invocation-ID", id.description))
    headers.append(HTTPHeader("x-iii-Timestamp", String(time)))
    if let caller { headers.append(HTTPHeader("x-iii-Caller-Function", caller)) }
    if let traceID { headers.append(HTTPHeader("x-iii-Trace-ID", traceID)) }
    headers += endpoint.headers
    switch endpoint.credentials {
    case .bearer(let token): headers.append(HTTPHeader("Authorization", "Bearer \(token)"))
    case .apiKey(let header, let value): headers.append(HTTPHeader(header, value))
    case .hmac(let secret):
      let signature = Signature.hex(of: "\(time):\(Base64.encode(body))", key: secret)
      headers.append(HTTPHeader("x-iii-Signature", "sha256=\(signature)"))
    case nil: break
    }
    return HTTPRequest(
      method: endpoint.method.rawValue, url: endpoint.url,
      // A function's id or a caller's may be anything; a line's end in it would end the header.
      headers: headers.filter { $0.value.isHTTPFieldValue }, body: body, timeout: endpoint.timeout,
      maximumResponse: Self.maximumResponse, isStrict: isStrict)
  }
}
