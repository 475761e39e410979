/// Why an ``HTTPRequest`` has no answer.
package enum HTTPFailure: Error, Equatable, Sendable {
  /// A strict request led to an address that the public network does not have.
  case privateAddress
  /// No answer came: libcurl's words.
  case request(String)
  /// An answer began and did not come to its end: libcurl's words.
  case response(String)
  /// The answer's body has more than so many bytes.
  case tooLarge(limit: Int)
}
