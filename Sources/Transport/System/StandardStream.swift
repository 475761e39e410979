import Glibc

/// One of the process's two outputs, written without a buffer: for small programs that say little.
package struct StandardStream: Sendable {
  private let number: CInt

  package static let output = StandardStream(number: STDOUT_FILENO)
  package static let error = StandardStream(number: STDERR_FILENO)

  private init(number: CInt) { self.number = number }

  /// Writes `text` whole; what nobody takes is lost.
  ///
  /// The corresponding C function is `write`.
  package func write(_ text: String) {
    var rest = text.utf8.span
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(number, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.extracting(droppingFirst: count)
    }
  }
}
