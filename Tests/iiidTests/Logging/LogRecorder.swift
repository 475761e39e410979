import Bytes
import Transport

@testable import iiid

/// A log's destination that remembers, with clocks that stand still until they are moved.
final class LogRecorder: LogDestination {
  var lines: [String] = []
  var now = 0

  var wallTime: WallTime { WallTime(milliseconds: Int64(now)) }
  var monotonicTime: MonotonicTime { MonotonicTime(milliseconds: Int64(now)) }

  func write(_ line: Span<UInt8>) { lines.append(String(utf8: line) ?? "not UTF-8") }

  /// What was written since the last call.
  func take() -> [String] {
    defer { lines = [] }
    return lines
  }
}
