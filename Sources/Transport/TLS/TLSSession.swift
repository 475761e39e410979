import Bytes

/// TLS over a socket stream.
final class TLSSession {
  var received = ByteBuffer()
  var pendingOutput: Int { 0 }
  func endOutput() {}
}

extension SocketStream {
  func decrypt(with tls: TLSSession) -> Bool { true }
  func flushEncrypted(_ tls: TLSSession) throws(Errno) {}
}
