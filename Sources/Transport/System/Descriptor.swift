import CUV
import Glibc

/// One open file descriptor; closed when its owner lets it go.
package struct Descriptor: ~Copyable, Sendable {
  /// The number, for system calls; valid while this value lives.
  package let number: CInt

  /// Takes the ownership of an open descriptor.
  package init(owning number: CInt) { self.number = number }

  deinit { _ = Glibc.close(number) }

  /// Gives the number up without closing it.
  package consuming func release() -> CInt {
    let number = number
    discard self
    return number
  }
}

extension Descriptor {
  /// For a descriptor that another program has opened: calls do not wait, and programs that we start do not get it.
  ///
  /// The corresponding C function is `fcntl`.
  borrowing func becomeNonBlocking() {
    _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK)
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
  }
}

extension Descriptor {
  /// The reading and the writing end of a new pipe, closed at exec, as numbers that the caller is to own at once.
  ///
  /// The corresponding C function is `uv_pipe`.
  static func pipeNumbers() throws(Errno) -> (CInt, CInt) {
    var numbers: (CInt, CInt) = (-1, -1)
    try unsafe withUnsafeMutableBytes(of: &numbers) { (bytes) throws(Errno) in
      guard let start = bytes.baseAddress else { return }
      try libuv(unsafe uv_pipe(start.assumingMemoryBound(to: uv_file.self), 0, 0))
    }
    return numbers
  }
}
