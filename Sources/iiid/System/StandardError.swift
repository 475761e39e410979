import Glibc
import Transport

/// Standard error as the log's destination.
///
/// A line is written whole or, when nobody takes it, dropped: the daemon serves on when its terminal is gone, its log's
/// pipe is full or its disk is.
final class StandardError: LogDestination {
  /// How long a line may wait for a reader of a pipe that does not block, in milliseconds in all.
  private static let patience: CInt = 100
  private let descriptor: CInt
  private let started = ContinuousClock.now

  init(descriptor: CInt = STDERR_FILENO) { self.descriptor = descriptor }

  /// `journal` when standard error is the journal's stream: `$JOURNAL_STREAM` then holds its device and inode
  /// (`systemd.exec(5)`).
  func format(_ environment: [String: String]) -> LogFormat {
    var status = stat()
    guard let stream = environment["JOURNAL_STREAM"], unsafe fstat(descriptor, &status) == 0 else { return .plain }
    return stream == "\(status.st_dev):\(status.st_ino)" ? .journal : .plain
  }

  var wallTime: WallTime { WallTime(milliseconds: Int64(WallClock.milliseconds)) }

  var monotonicTime: MonotonicTime {
    let passed = (ContinuousClock.now - started).components
    return MonotonicTime(milliseconds: passed.seconds * 1000 + passed.attoseconds / 1_000_000_000_000_000)
  }

  /// The corresponding C function is `write`. SIGPIPE is ignored by the process.
  func write(_ line: Span<UInt8>) {
    var rest = line
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.extracting(droppingFirst: count)
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN where waitUntilWritable(): continue
      default: return
      }
    }
  }

  /// The corresponding C function is `poll`.
  private func waitUntilWritable() -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return unsafe poll(&entry, 1, Self.patience) == 1 && entry.revents & Int16(POLLOUT) != 0
  }
}
