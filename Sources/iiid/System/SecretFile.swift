import Glibc
import Transport

/// A small file with a secret in it.
struct SecretFile {
  /// A token that is longer than this is none.
  private static let limit = 64 * 1024

  /// What it holds.
  let content: String
  /// Whether users other than its owner and group may read it.
  let isExposed: Bool

  /// Reads the file.
  ///
  /// The corresponding C functions are `open`, `fstat` and `read`.
  init(path: String) throws(ConfigurationError) {
    let number = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard number >= 0 else { throw ConfigurationError("\(path): \(Errno(code: errno))") }
    let descriptor = Descriptor(owning: number)
    var status = stat()
    guard unsafe fstat(descriptor.number, &status) == 0 else {
      throw ConfigurationError("\(path): \(Errno(code: errno))")
    }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw ConfigurationError("\(path): is a directory") }
    isExposed = status.st_mode & S_IROTH != 0
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while bytes.count <= Self.limit {
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor.number, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw ConfigurationError("\(path): \(Errno(code: errno))") }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    guard bytes.count <= Self.limit else { throw ConfigurationError("\(path): too long for a token") }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ConfigurationError("\(path): is not a text")
    }
    content = text
  }
}
