import COpenSSL

extension TLSError {
  /// The fault that OpenSSL found in the certificate of `host`; nil when it found none.
  ///
  /// The corresponding C function is `SSL_get_verify_result`.
  init?(verifyResult code: Int, host: String) {
    switch Int32(truncatingIfNeeded: code) {
    case X509_V_OK: return nil
    case X509_V_ERR_CERT_HAS_EXPIRED:
      self.init(kind: .expired, text: "the certificate of \(host) has expired")
    case X509_V_ERR_CERT_NOT_YET_VALID:
      self.init(kind: .notYetValid, text: "the certificate of \(host) is not yet valid")
    case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
      self.init(kind: .wrongName, text: "the server's certificate is not for \(host)")
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      self.init(
        kind: .unknownAuthority, text: "the certificate of \(host) is self-signed, and not among the trusted ones")
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
      X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
      X509_V_ERR_CERT_UNTRUSTED:
      self.init(
        kind: .unknownAuthority, text: "the certificate of \(host) is signed by an authority that is not trusted")
    default:
      let words = unsafe String(cString: X509_verify_cert_error_string(code))
      self.init(kind: .certificate, text: "the certificate of \(host) is not accepted: \(words)")
    }
  }

  /// The oldest error on the calling thread's list, which is emptied.
  ///
  /// The corresponding C functions are `ERR_get_error` and `ERR_reason_error_string`.
  static func connectionFailed(doing action: String) -> TLSError {
    let error = ERR_get_error()
    ERR_clear_error()
    if error == 0 { return TLSError(kind: .connection, text: "\(action): closed by the server") }
    if iiid_ssl_reason(error) == SSL_R_WRONG_VERSION_NUMBER {
      return TLSError(kind: .connection, text: "\(action): the server does not speak TLS 1.2 or later")
    }
    let words = unsafe ERR_reason_error_string(error).map { unsafe String(cString: $0) } ?? "error \(error)"
    return TLSError(kind: .connection, text: "\(action): \(words)")
  }
}
