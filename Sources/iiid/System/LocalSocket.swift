import Bytes
import CSystemd
import Glibc
import Transport

/// A command's end of a connection to the daemon: every call waits for what it wants, but not beyond a deadline.
///
/// Owned by a ``DaemonConnection``. The daemon's own streams never wait, and live in `Transport`.
struct LocalSocket: ~Copyable {
  private static let readSize = 64 * 1024
  private let descriptor: Descriptor

  /// Connects to whoever listens at `path`. While the listener's queue is full, which takes a busy or a restarting
  /// daemon, that takes as long as it takes.
  ///
  /// The corresponding C functions are `socket`, `setsockopt` with SO_SNDTIMEO, and `connect`.
  init(connectedTo path: String, until deadline: MonotonicTime) throws(Errno) {
    let number = socket(AF_UNIX, CInt(iiid_waiting_unix_stream_socket), 0)
    guard number >= 0 else { throw Errno(code: errno) }
    let descriptor = Descriptor(owning: number)
    if deadline != .distantFuture {
      let left = max(1, deadline - .now)
      var limit = timeval(tv_sec: left / 1000, tv_usec: left % 1000 * 1000)
      _ = unsafe setsockopt(number, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
    if let error = UnixSocketFile.connect(descriptor, to: path) { throw error == .wouldBlock ? .timedOut : error }
    self.descriptor = descriptor
  }

  /// Sends all of `bytes`.
  ///
  /// The corresponding C function is `send`, with MSG_NOSIGNAL: a daemon that is gone is an error, not the end of us.
  borrowing func send(_ bytes: Span<UInt8>, until deadline: MonotonicTime) throws(Errno) {
    try unsafe Waiting.write(bytes, to: descriptor.number, until: deadline) {
      unsafe Glibc.send($0, $1.baseAddress, $1.count, CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT))
    }
  }

  /// Appends what has come, once something has; nothing is appended at the end of what the daemon says.
  ///
  /// The corresponding C function is `recv`.
  borrowing func receive(into buffer: inout ByteBuffer, until deadline: MonotonicTime) throws(Errno) {
    let number = descriptor.number
    while true {
      try Waiting.wait(number, until: deadline)
      var error: Errno?
      buffer.append(capacity: Self.readSize) { output in
        unsafe output.withUnsafeMutableBufferPointer { free, initialized in
          let count = unsafe recv(number, free.baseAddress, free.count, CInt(MSG_DONTWAIT))
          if count >= 0 { initialized += count } else { error = Errno(code: errno) }
        }
      }
      guard let error else { return }
      if error != .interrupted && error != .wouldBlock { throw error }
    }
  }
}
