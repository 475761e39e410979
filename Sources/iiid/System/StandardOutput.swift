import Glibc
import Transport

/// Standard output as the commands use it: what was asked for is written whole, or the command fails.
enum StandardOutput {
  /// Writes all of `bytes`, however long a reader takes.
  ///
  /// The corresponding C function is `write`. SIGPIPE is ignored by the process.
  static func write(_ bytes: Span<UInt8>) throws(Errno) {
    try unsafe Waiting.write(bytes, to: STDOUT_FILENO, until: .distantFuture) {
      unsafe Glibc.write($0, $1.baseAddress, $1.count)
    }
  }
}
