import CUV
import Glibc

extension SocketStream {
  /// The peer's IP address, without port and brackets; nil for a Unix socket or a peer that is gone.
  ///
  /// The corresponding C function is `getpeername`.
  package var peerAddress: String? {
    guard family == .internet, let number = descriptor?.number else { return nil }
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return unsafe withUnsafeMutableBytes(of: &storage) { bytes -> String? in
      guard let address = unsafe bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
        unsafe getpeername(number, address, &length) == 0
      else { return nil }
      return unsafe SocketAddress(address, length: length).host
    }
  }
}
