import CUV
import Glibc
import Synchronization

/// The end of a ``WakeUp`` that any thread may hold: says that there is something to look at.
///
/// It owns an eventfd, which has one writer's call and no memory behind it; the lock keeps a late `send()` from writing
/// to a number that was closed and given out again.
package final class WakeUpSignal: Sendable {
  private let descriptor: Mutex<Descriptor?>

  /// The corresponding C function is `eventfd`.
  package init() throws(Errno) {
    let number = try systemCall { eventfd(0, CInt(EFD_NONBLOCK | EFD_CLOEXEC)) }
    descriptor = Mutex(Descriptor(owning: number))
  }

  /// Wakes the loop, once for any number of calls since it last looked. Without effect after the wake-up was closed.
  package func send() {
    descriptor.withLock { descriptor in
      guard let number = descriptor?.number else { return }
      // EAGAIN says that the counter is full, so that the loop is going to wake up anyway.
      _ = eventfd_write(number, 1)
    }
  }

  /// The number to poll, as long as it is open.
  var number: CInt? { descriptor.withLock { $0?.number } }

  /// Takes all calls so far as seen.
  func reset() {
    descriptor.withLock { descriptor in
      guard let number = descriptor?.number else { return }
      var count: eventfd_t = 0
      _ = unsafe eventfd_read(number, &count)
    }
  }

  func close() { descriptor.withLock { $0 = nil } }
}
