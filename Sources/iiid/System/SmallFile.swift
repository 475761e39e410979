import Glibc
import Transport

/// A small file, read whole: a configuration, or a secret.
struct SmallFile {
  /// What it holds.
  let content: [UInt8]
  /// Whether users other than its owner and group may read it.
  let isExposed: Bool
  /// Whether users other than its owner and group may write it.
  let isOpen: Bool

  /// Reads the file; never waits for a writer of a pipe.
  ///
  /// The corresponding C functions are `open`, `fstat` and `read`.
  ///
  /// - Parameters:
  ///   - path: Where it is; symbolic links are followed.
  ///   - limit: The most bytes that it may have.
  /// - Throws: Why it cannot be read, without the path.
  init(path: String, limit: Int) throws(SmallFileError) {
    let number = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard number >= 0 else { throw .system(Errno(code: errno)) }
    let descriptor = Descriptor(owning: number)
    var status = stat()
    guard unsafe fstat(descriptor.number, &status) == 0 else { throw .system(Errno(code: errno)) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw .directory }
    let isFile = status.st_mode & S_IFMT == S_IFREG
    isExposed = isFile && status.st_mode & S_IROTH != 0
    isOpen = isFile && status.st_mode & S_IWOTH != 0
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while bytes.count <= limit {
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor.number, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .system(Errno(code: errno)) }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    guard bytes.count <= limit else { throw .tooLong(limit: limit) }
    content = bytes
  }
}

/// Why a ``SmallFile`` cannot be read.
enum SmallFileError: Error, Equatable {
  /// The system refuses it.
  case system(Errno)
  /// It is a directory.
  case directory
  /// It goes on beyond what is read.
  case tooLong(limit: Int)
}

extension SmallFileError: CustomStringConvertible {
  var description: String {
    switch self {
    case .system(let error): "\(error)"
    case .directory: "is a directory"
    case .tooLong(let limit): "has more than \(limit) bytes"
    }
  }
}
