import CUV
import Glibc

/// The bytes of a small file, read at once; for what a program reads at its start.
package enum FileContent {
  /// Why a file was not read.
  package enum Failure: Error, Equatable, Sendable, CustomStringConvertible {
    case system(Errno)
    case directory
    /// It has more bytes than were wanted.
    case tooLong(limit: Int)

    package var description: String {
      switch self {
      case .system(let error): "\(error)"
      case .directory: "is a directory"
      case .tooLong(let limit): "has more than \(limit) bytes"
      }
    }
  }

  /// Reads the file at `path`, of at most `limit` bytes.
  ///
  /// The corresponding C functions are `open`, `fstat` and `read`.
  package static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
    do throws(Errno) {
      let descriptor = Descriptor(
        owning: try systemCall { unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) })
      var status = stat()
      try systemCall { unsafe fstat(descriptor.number, &status) }
      if status.st_mode & S_IFMT == S_IFDIR { throw .badDescriptor }
      var bytes: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 16 * 1024)
      while bytes.count <= limit {
        let count = try systemCall {
          unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(descriptor.number, $0.baseAddress, $0.count) }
        }
        if count == 0 { return bytes }
        bytes += chunk[..<count]
      }
    } catch {
      throw error == .badDescriptor ? .directory : .system(error)
    }
    throw .tooLong(limit: limit)
  }
}
