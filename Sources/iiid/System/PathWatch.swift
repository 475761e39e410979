import Glibc
import Transport

/// Tells when something happens to a file that may not be there yet, nor the directories that it will be in: for who waits
/// for a daemon's socket.
///
/// Without inotify (whose watches a user may have used up) it tells nothing, and its owner looks now and then.
final class PathWatch {
  private static let events = UInt32(IN_CREATE | IN_MOVED_TO | IN_ATTRIB | IN_DELETE)
  private let path: String
  private var descriptor: Descriptor?

  /// The corresponding C function is `inotify_init1`.
  init(_ path: String) {
    self.path = path
    let number = inotify_init1(CInt(IN_CLOEXEC) | CInt(IN_NONBLOCK))
    descriptor = number >= 0 ? Descriptor(owning: number) : nil
  }

  /// Watches each directory on the way to the file that is there by now. To be called before each look at the file, so
  /// that nothing that happens behind the look is missed.
  ///
  /// The corresponding C function is `inotify_add_watch`.
  func arm() {
    guard let number = descriptor?.number else { return }
    if !path.hasPrefix("/") { _ = unsafe inotify_add_watch(number, ".", Self.events) }
    let bytes = Array(path.utf8)
    for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "/") {
      let directory = index == 0 ? "/" : String(decoding: bytes[..<index], as: UTF8.self)
      _ = unsafe inotify_add_watch(number, directory, Self.events)
    }
  }

  /// Waits until something happens there, or for the deadline.
  ///
  /// The corresponding C functions are `poll` and `read`.
  func wait(until deadline: MonotonicTime) {
    guard let number = descriptor?.number else { return Waiting.sleep(until: deadline) }
    guard (try? Waiting.wait(number, until: deadline)) != nil else { return }
    // What happened does not matter: the owner looks.
    var events = [UInt8](repeating: 0, count: 4096)
    while unsafe events.withUnsafeMutableBytes({ unsafe read(number, $0.baseAddress, $0.count) }) > 0 {}
  }
}
