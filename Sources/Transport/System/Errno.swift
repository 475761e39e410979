import CUV
import Glibc

/// Why a system call failed: the number that it left in `errno`.
package struct Errno: Error, Hashable, Sendable {
  /// The C library's number, positive.
  package let code: CInt

  /// The error with the number `code`.
  package init(code: CInt) { self.code = code }

  /// The error that the calling thread met last.
  static var current: Errno { Errno(code: errno) }
}

extension Errno {
  package static let badDescriptor = Errno(code: EBADF)
  package static let wouldBlock = Errno(code: EAGAIN)
  package static let inProgress = Errno(code: EINPROGRESS)
  package static let interrupted = Errno(code: EINTR)
  package static let invalidArgument = Errno(code: EINVAL)
  package static let brokenPipe = Errno(code: EPIPE)
  package static let connectionReset = Errno(code: ECONNRESET)
  package static let connectionRefused = Errno(code: ECONNREFUSED)
  package static let connectionAborted = Errno(code: ECONNABORTED)
  package static let timedOut = Errno(code: ETIMEDOUT)
  package static let noSuchFile = Errno(code: ENOENT)
  package static let fileExists = Errno(code: EEXIST)
  package static let addressInUse = Errno(code: EADDRINUSE)
  package static let notPermitted = Errno(code: EPERM)
  package static let accessDenied = Errno(code: EACCES)
  package static let tooManyOpenFiles = Errno(code: EMFILE)
  package static let tooManyOpenFilesInSystem = Errno(code: ENFILE)
  package static let nameTooLong = Errno(code: ENAMETOOLONG)
}

extension Errno: CustomStringConvertible {
  /// The C library's words and the error's name, as "connection refused (ECONNREFUSED)".
  package var description: String { "\(uvText(of: -code)) (\(uvName(of: -code)))" }
}

/// libuv's words for one of its negative codes. The corresponding C function is `uv_strerror_r`, which needs no lock.
func uvText(of code: CInt) -> String {
  unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
    guard let start = buffer.baseAddress else { return "" }
    return unsafe String(cString: uv_strerror_r(code, start, buffer.count))
  }
}

/// libuv's name for one of its negative codes. The corresponding C function is `uv_err_name_r`.
func uvName(of code: CInt) -> String {
  unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
    guard let start = buffer.baseAddress else { return "" }
    return unsafe String(cString: uv_err_name_r(code, start, buffer.count))
  }
}

/// The one place that turns a result of −1 into the error of that call; a call that a signal interrupted is made again.
@discardableResult
@inline(__always)
func systemCall<Result: SignedInteger>(_ call: () -> Result) throws(Errno) -> Result {
  while true {
    let result = call()
    if result != -1 { return result }
    let error = Errno.current
    if error != .interrupted { throw error }
  }
}

/// The one place that turns a negative code of libuv, which is a negated `errno`, into an error.
@discardableResult
func libuv(_ code: CInt) throws(Errno) -> CInt {
  if code < 0 { throw Errno(code: -code) }
  return code
}
