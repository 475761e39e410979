import CUV
import Glibc

/// A lock file: one process at a time holds it, and the kernel frees it when that process ends, however it ends.
///
/// Owned by what it protects.
final class PathLock {
  private let path: String
  private var descriptor: Descriptor?

  /// Takes the lock; `wouldBlock` when another process (or object) has it.
  ///
  /// The corresponding C function is `flock`.
  init(path: String) throws(Errno) {
    self.path = path
    while true {
      let descriptor = Descriptor(
        owning: try systemCall { unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600) })
      let number = descriptor.number
      try systemCall { flock(number, LOCK_EX | LOCK_NB) }
      // Its last holder may have removed the file between our two calls; then somebody else may hold the new one.
      let ours = try FileIdentity(of: descriptor)
      if let there = try? FileIdentity(path: path), there == ours {
        self.descriptor = consume descriptor
        return
      }
    }
  }

  /// Removes the file and frees the lock, in this order: nobody else can hold it while it is removed.
  func remove() {
    guard descriptor != nil else { return }
    _ = unsafe unlink(path)
    descriptor = nil
  }

  deinit { remove() }
}
