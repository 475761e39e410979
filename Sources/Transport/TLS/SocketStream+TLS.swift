import Bytes

extension SocketStream {
  /// Puts TLS between the socket and ``input`` and ``output``, as the client; before `start`. What is appended to the
  /// output waits until the handshake is over; ``tlsFailure`` says why a stream was closed.
  ///
  /// - Parameters:
  ///   - host: What the server's certificate must be for.
  ///   - options: Whom to trust.
  /// - Throws: When the options are no good.
  package func startTLS(connectingTo host: String, options: TLSOptions) throws(TLSError) {
    tls = try TLSSession(connectingTo: host, options: options)
  }

  /// Whether a TLS handshake is still under way.
  package var isSecuring: Bool { tls.map { !$0.isEstablished } ?? false }

  /// Moves what has arrived from the session to ``input``.
  ///
  /// - Returns: Whether the stream is still open.
  func decrypt(with tls: TLSSession) -> Bool {
    do throws(TLSError) {
      try tls.decrypt(into: &input)
    } catch {
      fail(error, tls)
      return false
    }
    if !tls.encrypted.isEmpty || (tls.isEstablished && !output.isEmpty) { markDirty() }
    return true
  }

  /// Encrypts and writes until nothing is left, or the kernel takes no more.
  func flushEncrypted(_ tls: TLSSession) throws(Errno) {
    repeat {
      do throws(TLSError) {
        try tls.encrypt(&output)
      } catch {
        return fail(error, tls)
      }
      if linger != nil, output.isEmpty { tls.end() }
      if tls.encrypted.isEmpty { return }
      try write(&tls.encrypted)
    } while !isBlocked && !output.isEmpty && isOpen
  }

  private func fail(_ error: TLSError, _ tls: TLSSession) {
    tlsFailure = error
    // The alert that tells the peer why, if the kernel takes it now.
    if !tls.encrypted.isEmpty { try? write(&tls.encrypted) }
    hasReachedEnd = true
    finish(nil)
  }
}
