package import Bytes

/// Collects the answers to one batch, which leave as one array on one line, in the order in which they came. Owned by
/// the connection until the last answer is in.
package struct BatchAnswer: ~Copyable {
  private var collected = ByteBuffer()

  /// How many answers are still to come.
  package private(set) var outstanding: Int

  /// The answer to a batch with so many requests, notifications not counted.
  package init(expecting count: Int = 0) { outstanding = count }

  /// Expects one more answer: for owners that count while they read.
  package mutating func expect() { outstanding &+= 1 }

  /// Takes one answer: the line that `body` writes with ``DaemonMessage``.
  package mutating func add(_ body: (inout ByteBuffer) -> Void) {
    collected.append(collected.isEmpty ? UInt8(ascii: "[") : UInt8(ascii: ","))
    body(&collected)
    // The line's LF.
    collected.truncate(to: collected.count &- 1)
    outstanding &-= 1
  }

  /// Whether all answers are in.
  package var isComplete: Bool { outstanding <= 0 }

  /// Appends the array as a line; nothing when there was nothing to answer.
  package consuming func finish(to output: inout ByteBuffer) {
    guard !collected.isEmpty else { return }
    output.append(collected.span)
    output.append("]\n")
  }
}
