/// How the server of a `wss` address is checked.
public struct TLSConfiguration: Sendable, Hashable {
  /// A file of certificates (PEM) to trust instead of the system's.
  public var certificateFile: String?

  /// Trusts what the system trusts, or only what stands in `certificateFile`.
  public init(certificateFile: String? = nil) { self.certificateFile = certificateFile }
}
