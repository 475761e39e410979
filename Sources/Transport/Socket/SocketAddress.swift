import CUV
import Glibc

/// A socket address as system calls take it: a Unix path, or an IP address with a port.
package struct SocketAddress: Sendable {
  /// The most bytes of a Unix path: `sun_path` less its terminating zero.
  package static let maximumPathLength = 107

  private var storage: sockaddr_storage
  private var length: socklen_t

  /// The address that stands at `pointer`, of `length` bytes.
  init(_ pointer: UnsafePointer<sockaddr>, length: socklen_t) {
    storage = sockaddr_storage()
    self.length = min(length, socklen_t(MemoryLayout<sockaddr_storage>.size))
    unsafe withUnsafeMutableBytes(of: &storage) { bytes in
      unsafe bytes.copyMemory(from: UnsafeRawBufferPointer(start: pointer, count: Int(self.length)))
    }
  }

  /// A Unix path; nil when it is empty, holds a zero byte or has more than ``maximumPathLength`` bytes.
  package init?(unixPath path: String) {
    let bytes = Array(path.utf8)
    guard (1...Self.maximumPathLength).contains(bytes.count), !bytes.contains(0) else { return nil }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
    self.init(address)
  }

  /// An IPv4 or IPv6 address in its usual form; nil when `text` is another thing, as a name.
  ///
  /// The corresponding C functions are `uv_ip4_addr` and `uv_ip6_addr`.
  package init?(ip text: String, port: UInt16) {
    var four = sockaddr_in()
    var six = sockaddr_in6()
    if unsafe uv_ip4_addr(text, CInt(port), &four) == 0 {
      self.init(four)
    } else if unsafe uv_ip6_addr(text, CInt(port), &six) == 0 {
      self.init(six)
    } else {
      return nil
    }
  }

  private init<Address>(_ address: Address) {
    storage = sockaddr_storage()
    length = socklen_t(MemoryLayout<Address>.size)
    unsafe withUnsafeMutableBytes(of: &storage) { target in
      unsafe withUnsafeBytes(of: address) { unsafe target.copyMemory(from: $0) }
    }
  }

  /// The address family, as `AF_UNIX`.
  var domain: CInt { CInt(storage.ss_family) }

  /// What connections to it are.
  package var family: SocketFamily { domain == AF_UNIX ? .local : .internet }

  /// Calls `body` with the address as C takes it.
  func withPointer<Result, E: Error>(
    _ body: (UnsafePointer<sockaddr>, socklen_t) throws(E) -> Result
  ) throws(E) -> Result {
    let length = length
    return try unsafe withUnsafeBytes(of: storage) { (bytes) throws(E) -> Result in
      guard let start = bytes.baseAddress else { preconditionFailure("an address has bytes") }
      return try unsafe body(start.assumingMemoryBound(to: sockaddr.self), length)
    }
  }

  /// The port of an IP address.
  package var port: UInt16? {
    guard family == .internet else { return nil }
    // Both families have it right behind the family, most significant byte first.
    return unsafe withUnsafeBytes(of: storage) { unsafe UInt16($0[2]) << 8 | UInt16($0[3]) }
  }

  /// The path of a Unix socket; nil for an unnamed one.
  package var path: String? {
    guard domain == AF_UNIX else { return nil }
    let start = MemoryLayout<sa_family_t>.size
    let bytes = unsafe withUnsafeBytes(of: storage) { unsafe Array($0[start..<max(start, Int(length))]) }
    // An abstract name starts with a zero; no path is empty.
    let path = bytes.prefix { $0 != 0 }
    return path.isEmpty ? nil : String(decoding: path, as: UTF8.self)
  }
}

extension SocketAddress {
  /// The address that the socket `number` is bound to. The corresponding C function is `getsockname`.
  init(ofSocket number: CInt) throws(Errno) {
    storage = sockaddr_storage()
    length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    var length = length
    try unsafe withUnsafeMutableBytes(of: &storage) { (bytes) throws(Errno) in
      let address = unsafe bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self)
      try systemCall { unsafe getsockname(number, address, &length) }
    }
    self.length = length
  }
}

extension SocketAddress {
  /// The IP address, without its port; nil for a Unix path.
  ///
  /// The corresponding C function is `uv_ip_name`.
  var host: String? {
    guard family == .internet else { return nil }
    return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
      unsafe withPointer { address, _ in
        guard let start = buffer.baseAddress, unsafe uv_ip_name(address, start, buffer.count) == 0 else { return "?" }
        return unsafe String(cString: start)
      }
    }
  }
}

extension SocketAddress: CustomStringConvertible {
  package var description: String {
    guard let host, let port else { return path ?? "an unnamed Unix socket" }
    return domain == AF_INET6 ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}
