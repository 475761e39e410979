/// What a client asked for in its opening handshake, for the server that decides about it.
public struct HandshakeRequest: Equatable, Sendable {
  /// Always `GET`.
  public let method: String
  /// The path as it was written, percent escapes included; starts with a slash.
  public let path: String
  /// What stood behind the question mark, as it was written; empty when there was none.
  public let query: String
  /// All header lines in their order.
  public let headers: [HTTPHeader]
}
