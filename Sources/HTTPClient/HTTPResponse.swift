/// The answer to an ``HTTPRequest``, read to its end.
package struct HTTPResponse: Equatable, Sendable {
  /// 200 to 599: interim responses are waited out.
  package let status: Int
  package let body: [UInt8]

  /// An answer.
  package init(status: Int, body: [UInt8]) {
    self.status = status
    self.body = body
  }
}
