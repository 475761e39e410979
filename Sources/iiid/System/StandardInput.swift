import Bytes
import Glibc
import Transport

/// Standard input as the commands use it: read to its end, when the user asks for that.
enum StandardInput {
  private static let readSize = 64 * 1024

  /// All that comes until the end of the input; nil when that is more than `limit` bytes.
  ///
  /// The corresponding C function is `read`.
  static func readAll(limit: Int) throws(Errno) -> [UInt8]? {
    var bytes = ByteBuffer()
    while true {
      var count = 0
      bytes.append(capacity: readSize) { output in
        unsafe output.withUnsafeMutableBufferPointer { free, initialized in
          count = unsafe read(STDIN_FILENO, free.baseAddress, free.count)
          initialized += max(0, count)
        }
      }
      let error = Errno(code: errno)
      if bytes.count > limit { return nil }
      if count == 0 { return Array(copying: bytes.span) }
      guard count < 0 else { continue }
      switch error {
      case .interrupted: continue
      case .wouldBlock: try Waiting.wait(STDIN_FILENO, until: .distantFuture)
      default: throw error
      }
    }
  }
}
