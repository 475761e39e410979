import Bytes
import COpenSSL

/// TLS between a socket's bytes and its owner's: OpenSSL over two memory BIOs, so that it never waits and never sees a
/// descriptor.
///
/// Owned by a ``SocketStream``. One for each connection, its certificates read anew each time, so that a renewed file is
/// used at the next attempt.
@safe final class TLSSession {
  /// How many bytes are encrypted at a time; more wait as plain text until these are written.
  private static let slice = 256 * 1024

  private let context: OpaquePointer
  private let session: OpaquePointer
  /// What arrived, for OpenSSL to take; belongs to the session.
  private let incoming: OpaquePointer
  /// What OpenSSL wants to send; belongs to the session.
  private let outgoing: OpaquePointer
  private let host: String
  private(set) var isEstablished = false
  /// Whether the peer has said that this is all (close_notify).
  private(set) var hasReachedEnd = false
  private var isEnding = false

  /// Encrypted bytes that arrived.
  var received = ByteBuffer()
  /// Encrypted bytes to be sent.
  var encrypted = ByteBuffer()

  /// The client's side.
  ///
  /// - Parameters:
  ///   - host: The server's name, or its IP address: what its certificate must be for.
  ///   - options: Whom to trust.
  /// - Throws: When the file of certificates cannot be read.
  convenience init(connectingTo host: String, options: TLSOptions) throws(TLSError) {
    unsafe try self.init(host: host, method: TLS_client_method())
    if let file = options.certificateFile {
      guard unsafe SSL_CTX_load_verify_file(context, file) == 1 else {
        let error = TLSError.connectionFailed(doing: "certificate file \(file)")
        throw TLSError(kind: .configuration, text: error.text)
      }
    } else {
      unsafe SSL_CTX_set_default_verify_paths(context)
    }
    unsafe SSL_set_verify(session, SSL_VERIFY_PEER, nil)
    // The store was given to the session when that was made, and is shared: what is loaded now is seen.
    let parameters = unsafe SSL_get0_param(session)
    if SocketAddress(ip: host, port: 0) != nil {
      // RFC 6066, section 3: no server name for an address.
      unsafe X509_VERIFY_PARAM_set1_ip_asc(parameters, host)
    } else {
      unsafe X509_VERIFY_PARAM_set_hostflags(parameters, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
      unsafe X509_VERIFY_PARAM_set1_host(parameters, host, host.utf8.count)
      unsafe iiid_ssl_set_server_name(session, host)
    }
    unsafe SSL_set_connect_state(session)
    _ = try shakeHands()
  }

  /// The server's side, with a certificate chain and its key in files (PEM): the counterpart for tests.
  convenience init(servingWith certificateFile: String, keyFile: String) throws(TLSError) {
    unsafe try self.init(host: "the client", method: TLS_server_method())
    guard unsafe SSL_use_certificate_chain_file(session, certificateFile) == 1,
      unsafe SSL_use_PrivateKey_file(session, keyFile, SSL_FILETYPE_PEM) == 1
    else { throw TLSError.connectionFailed(doing: "certificate file \(certificateFile)") }
    unsafe SSL_set_accept_state(session)
  }

  private init(host: String, method: OpaquePointer?) throws(TLSError) {
    guard let context = unsafe SSL_CTX_new(method) else { throw .connectionFailed(doing: "TLS") }
    unsafe iiid_ssl_require_tls_1_2(context)
    unsafe iiid_ssl_use_less_memory(context)
    guard let session = unsafe SSL_new(context), let incoming = unsafe BIO_new(BIO_s_mem()),
      let outgoing = unsafe BIO_new(BIO_s_mem())
    else { preconditionFailure("OpenSSL has no memory") }
    unsafe SSL_set_bio(session, incoming, outgoing)
    unsafe self.context = context
    unsafe self.session = session
    unsafe self.incoming = incoming
    unsafe self.outgoing = outgoing
    self.host = host
  }

  deinit {
    unsafe SSL_free(session)
    unsafe SSL_CTX_free(context)
  }
}

// MARK: - Receiving

extension TLSSession {
  /// Appends to `plain` what ``received`` holds, decrypted; goes on with the handshake before that.
  ///
  /// All records that are complete are taken. The corresponding C functions are `BIO_write` and `SSL_read_ex`.
  func decrypt(into plain: inout ByteBuffer) throws(TLSError) {
    defer { collect() }
    feed(received.span)
    received.removeAll()
    if !isEstablished, try !shakeHands() { return }
    while !hasReachedEnd {
      var count = 0
      var result: CInt = 0
      plain.append(capacity: 16 * 1024) { output in
        unsafe output.withUnsafeMutableBufferPointer { free, initialized in
          result = unsafe SSL_read_ex(session, free.baseAddress, min(free.count, 16 * 1024), &count)
          initialized += count
        }
      }
      if result == 1 { continue }
      switch unsafe SSL_get_error(session, result) {
      case SSL_ERROR_WANT_READ: return
      case SSL_ERROR_ZERO_RETURN: hasReachedEnd = true
      default: throw TLSError.connectionFailed(doing: "TLS with \(host)")
      }
    }
  }

  private func feed(_ bytes: Span<UInt8>) {
    guard !bytes.isEmpty else { return }
    // A memory BIO takes everything.
    _ = unsafe bytes.withUnsafeBytes { unsafe BIO_write(incoming, $0.baseAddress, CInt($0.count)) }
  }

  /// - Returns: Whether the handshake is over.
  private func shakeHands() throws(TLSError) -> Bool {
    defer { collect() }
    ERR_clear_error()
    let result = unsafe SSL_do_handshake(session)
    if result == 1 {
      isEstablished = true
      return true
    }
    if unsafe SSL_get_error(session, result) == SSL_ERROR_WANT_READ { return false }
    if let fault = TLSError(verifyResult: unsafe SSL_get_verify_result(session), host: host) {
      ERR_clear_error()
      throw fault
    }
    throw TLSError.connectionFailed(doing: "TLS handshake with \(host)")
  }

  /// What an end of the connection means at this moment; nil when it is no failure of TLS.
  var unexpectedEnd: TLSError? {
    if isEstablished { return nil }
    return TLSError(kind: .connection, text: "TLS handshake with \(host): the server closed the connection")
  }
}

// MARK: - Sending

extension TLSSession {
  /// Encrypts a slice of `plain` once the handshake is over and the last slice is written.
  ///
  /// The corresponding C function is `SSL_write_ex`.
  func encrypt(_ plain: inout ByteBuffer) throws(TLSError) {
    guard isEstablished, !plain.isEmpty, encrypted.count < Self.slice else { return }
    let length = min(plain.count, Self.slice)
    var count = 0
    ERR_clear_error()
    let result = unsafe plain.span.withUnsafeBytes { bytes in
      unsafe SSL_write_ex(session, bytes.baseAddress, length, &count)
    }
    guard result == 1 else { throw TLSError.connectionFailed(doing: "TLS with \(host)") }
    plain.consume(count)
    collect()
  }

  /// Says that this is all (close_notify), once everything else is encrypted.
  ///
  /// The corresponding C function is `SSL_shutdown`.
  func end() {
    guard isEstablished, !isEnding else { return }
    isEnding = true
    unsafe SSL_shutdown(session)
    ERR_clear_error()
    collect()
  }

  /// Takes what OpenSSL wants to send. The corresponding C function is `BIO_read`.
  private func collect() {
    let length = unsafe BIO_ctrl_pending(outgoing)
    guard length > 0 else { return }
    encrypted.append(capacity: length) { output in
      unsafe output.withUnsafeMutableBufferPointer { free, initialized in
        initialized += Int(max(0, unsafe BIO_read(outgoing, free.baseAddress, CInt(min(free.count, length)))))
      }
    }
  }
}
