/// How a client checks the server of a `wss` address.
package struct TLSOptions: Equatable, Sendable {
  /// A file of certificates (PEM) to trust instead of the system's.
  package var certificateFile: String?

  /// Trusts what the system trusts, or only what stands in `certificateFile`.
  package init(certificateFile: String? = nil) { self.certificateFile = certificateFile }
}
