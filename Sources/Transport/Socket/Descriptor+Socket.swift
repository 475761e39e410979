import CUV
import Glibc

extension Descriptor {
  /// A new stream socket, non-blocking and closed at exec. The corresponding C function is `socket`.
  init(socketFor address: SocketAddress) throws(Errno) {
    let domain = address.domain
    self.init(owning: try systemCall { socket(domain, CInt(iiid_stream_socket), 0) })
    if address.family == .internet { sendsAtOnce() }
  }

  /// Connects to `address`.
  ///
  /// - Returns: Whether it is connected already; false while that is under way.
  borrowing func connect(to address: SocketAddress) throws(Errno) -> Bool {
    let number = number
    do throws(Errno) {
      _ = try unsafe address.withPointer { (pointer, length) throws(Errno) in
        try systemCall { unsafe Glibc.connect(number, pointer, length) }
      }
      return true
    } catch .inProgress {
      return false
    }
  }

  /// The corresponding C function is `bind`.
  borrowing func bind(to address: SocketAddress) throws(Errno) {
    let number = number
    _ = try unsafe address.withPointer { (pointer, length) throws(Errno) in
      try systemCall { unsafe Glibc.bind(number, pointer, length) }
    }
  }

  /// A socket that is connected to whoever listens on a Unix path, for ``SocketStream``.
  ///
  /// Connecting takes no time there: it succeeds or fails at once.
  package static func connected(toUnixPath path: String) throws(Errno) -> Descriptor {
    guard let address = SocketAddress(unixPath: path) else { throw .nameTooLong }
    let socket = try Descriptor(socketFor: address)
    _ = try socket.connect(to: address)
    return socket
  }

  /// Two sockets that are connected to each other, as numbers that the caller is to own at once.
  ///
  /// The corresponding C function is `socketpair`.
  static func pairNumbers() throws(Errno) -> (CInt, CInt) {
    var numbers: (CInt, CInt) = (-1, -1)
    try unsafe withUnsafeMutableBytes(of: &numbers) { (bytes) throws(Errno) in
      let pointer = unsafe bytes.baseAddress?.assumingMemoryBound(to: CInt.self)
      try systemCall { unsafe socketpair(AF_UNIX, CInt(iiid_stream_socket), 0, pointer) }
    }
    return numbers
  }

  /// Small messages are not held back until the peer has acknowledged earlier ones (TCP_NODELAY): the flush at the end of
  /// a turn has collected what belongs together.
  borrowing func sendsAtOnce() { setOption(CInt(IPPROTO_TCP), TCP_NODELAY, 1) }

  /// Has the kernel ask the peer's after a minute of silence whether it is still there, and end the connection when six
  /// questions in another minute were not answered (SO_KEEPALIVE). A peer that does not read answers, too.
  borrowing func keepsAlive() {
    setOption(SOL_SOCKET, SO_KEEPALIVE, 1)
    setOption(CInt(IPPROTO_TCP), TCP_KEEPIDLE, 60)
    setOption(CInt(IPPROTO_TCP), TCP_KEEPINTVL, 10)
    setOption(CInt(IPPROTO_TCP), TCP_KEEPCNT, 6)
  }

  /// The corresponding C function is `setsockopt`.
  borrowing func setOption(_ level: CInt, _ option: CInt, _ value: CInt) {
    var value = value
    _ = unsafe setsockopt(number, level, option, &value, socklen_t(MemoryLayout<CInt>.size))
  }

  /// The corresponding C function is `getsockopt`.
  borrowing func option(_ option: CInt) throws(Errno) -> CInt {
    let number = number
    var value: CInt = 0
    var length = socklen_t(MemoryLayout<CInt>.size)
    try systemCall { unsafe getsockopt(number, SOL_SOCKET, option, &value, &length) }
    return value
  }
}
