/// Why a text is no ``WebSocketURL``.
package enum WebSocketURLError: Error, Equatable, Sendable {
  /// Blanks, control characters or bytes beyond ASCII, which must be percent-encoded.
  case unprintable
  /// No `://`.
  case noScheme
  /// Another scheme than `ws` and `wss`.
  case scheme(String)
  /// No host, or a broken IPv6 address.
  case host
  /// A port that is no number from 1 to 65535.
  case port
  /// `user:password@`, which WebSocket servers do not get to see; a token goes into a header.
  case userInformation
  /// A part behind `#`.
  case fragment
}

extension WebSocketURLError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unprintable: "the address holds a blank, a control character or a character beyond ASCII"
    case .noScheme: "the address does not start with ws:// or wss://"
    case .scheme(let scheme): "the scheme \(scheme):// is neither ws:// nor wss://"
    case .host: "the address has no host, or an IPv6 address without brackets"
    case .port: "the port is not a number from 1 to 65535"
    case .userInformation: "the address holds a user name; use a token instead"
    case .fragment: "the address holds a #, which is never sent"
    }
  }
}
