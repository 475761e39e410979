import Glibc
import Transport

/// The file as the file system has it: made for its owner alone before SQLite opens it.
enum OutboxFile {
  /// Makes the file when it is not there, and takes everybody else's rights away.
  ///
  /// The corresponding C functions are `open`, `fchmod` and `fsync`. SQLite gives its further files the rights of this one.
  static func prepare(_ path: String) throws(OutboxError) {
    let number = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
    guard number >= 0 else { throw .place("\(Errno(code: errno))") }
    let file = Descriptor(owning: number)
    var status = stat()
    guard unsafe fstat(file.number, &status) == 0 else { throw .place("\(Errno(code: errno))") }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .place("is no file") }
    if status.st_mode & 0o077 != 0, fchmod(file.number, 0o600) != 0 { throw .place("\(Errno(code: errno))") }
    if status.st_size == 0 { syncFolder(of: path) }
  }

  /// How many bytes the file system still takes from us; nil when it does not say.
  ///
  /// The corresponding C function is `statvfs`.
  static func freeBytes(at path: String) -> Int? {
    var status = statvfs()
    guard unsafe statvfs(path, &status) == 0 else { return nil }
    let (bytes, overflow) = Int(clamping: status.f_bavail).multipliedReportingOverflow(
      by: Int(clamping: status.f_frsize))
    return overflow ? nil : bytes
  }

  /// Makes the file's name last over a power failure.
  private static func syncFolder(of path: String) {
    let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? "."
    let number = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard number >= 0 else { return }
    _ = fsync(Descriptor(owning: number).number)
  }
}
