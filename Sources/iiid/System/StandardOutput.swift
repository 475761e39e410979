import Glibc
import Transport

/// Standard output as the commands use it: what was asked for is written whole, or the command fails.
enum StandardOutput {
  /// Writes all of `bytes`, however long a reader takes.
  ///
  /// The corresponding C function is `write`. SIGPIPE is ignored by the process.
  static func write(_ bytes: Span<UInt8>) throws(Errno) {
    var rest = bytes
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.extracting(droppingFirst: count)
        continue
      }
      let error = Errno(code: errno)
      switch error {
      case .interrupted: continue
      case .wouldBlock: try Waiting.wait(STDOUT_FILENO, toWrite: true, until: .distantFuture)
      default: throw error
      }
    }
  }
}
