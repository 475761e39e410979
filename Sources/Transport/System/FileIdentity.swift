import CUV
import Glibc

/// Which file stands at a path: two of them are equal when it is still the same one.
struct FileIdentity: Equatable {
  private let device: UInt64
  private let inode: UInt64
  /// Whether it is a socket; a link to one is none.
  let isSocket: Bool

  /// The corresponding C function is `lstat`.
  init(path: String) throws(Errno) {
    var status = stat()
    try systemCall { unsafe lstat(path, &status) }
    self.init(status)
  }

  /// The corresponding C function is `fstat`.
  init(of descriptor: borrowing Descriptor) throws(Errno) {
    let number = descriptor.number
    var status = stat()
    try systemCall { unsafe fstat(number, &status) }
    self.init(status)
  }

  private init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    isSocket = status.st_mode & S_IFMT == S_IFSOCK
  }
}
