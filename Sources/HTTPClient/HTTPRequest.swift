package import WebSocket

/// A request as ``HTTPClient`` makes it.
package struct HTTPRequest: Equatable, Sendable {
  /// As it stands in the request line.
  package var method: String
  /// `http` or `https`, absolute.
  package var url: String
  /// Further headers, in this order. `Host`, `Content-Length` and `Accept` come by themselves. Neither a name nor a value
  /// may hold a line's end.
  package var headers: [HTTPHeader]
  /// What is sent, with every method.
  package var body: [UInt8]
  /// How long all of it may take, in milliseconds.
  package var timeout: Int
  /// How large the answer's body may be, in bytes.
  package var maximumResponse: Int
  /// Whether only `https` is spoken, and no address is connected to that the public network does not have.
  package var isStrict: Bool

  /// A request.
  package init(
    method: String, url: String, headers: [HTTPHeader], body: [UInt8], timeout: Int, maximumResponse: Int,
    isStrict: Bool
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.timeout = timeout
    self.maximumResponse = maximumResponse
    self.isStrict = isStrict
  }
}
