import CUV
import Glibc
import Synchronization

/// A result that one thread waits for, blocked, until another one has it: for what is called from outside of any task.
///
/// It owns an eventfd, which has one writer's call and no memory behind it.
package final class BlockingResult<Value: Sendable>: Sendable {
  private let descriptor: Descriptor
  private let value = Mutex<Value?>(nil)

  /// Without a value.
  ///
  /// The corresponding C function is `eventfd`.
  package init() throws(Errno) {
    descriptor = Descriptor(owning: try systemCall { eventfd(0, CInt(EFD_CLOEXEC)) })
  }

  /// Ends the wait. Without effect the second time.
  package func resolve(_ value: Value) {
    let isFirst = self.value.withLock { held in
      guard held == nil else { return false }
      held = value
      return true
    }
    if isFirst { _ = eventfd_write(descriptor.number, 1) }
  }

  /// Blocks the calling thread until there is a value; nil when it cannot wait. To be called once.
  ///
  /// The corresponding C function is `read`.
  package func wait() -> Value? {
    var count: eventfd_t = 0
    while unsafe eventfd_read(descriptor.number, &count) < 0 {
      guard errno == EINTR else { return nil }
    }
    return value.withLock { $0 }
  }
}
