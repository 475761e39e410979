/// Why a TLS connection failed, told apart as far as a user can do something about it.
package struct TLSError: Error, Equatable, Sendable {
  /// What kind of failure it was.
  package enum Kind: Equatable, Sendable {
    /// The server's certificate, or one that it is signed with, has expired.
    case expired
    /// The same, not yet valid: often a wrong clock.
    case notYetValid
    /// The certificate is for other names.
    case wrongName
    /// No authority that we trust has signed it, or it has signed itself.
    case unknownAuthority
    /// Another fault of the certificate.
    case certificate
    /// Our own settings: a certificate file that cannot be read.
    case configuration
    /// No TLS, another version of it, an alert, an end in the middle.
    case connection
  }

  /// What kind of failure it was.
  package let kind: Kind
  /// The same in words, for people.
  package let text: String

  package init(kind: Kind, text: String) {
    self.kind = kind
    self.text = text
  }
}

extension TLSError: CustomStringConvertible {
  package var description: String { text }
}
