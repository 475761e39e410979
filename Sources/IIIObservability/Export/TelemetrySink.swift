import Synchronization

/// Where log lines wait for the exporter, from whatever thread they come.
///
/// Bounded: what does not fit is left out and counted, so that nobody who logs ever waits (engine protocol, section 10,
/// lesson 18). Shared by a worker's tasks and its ``TelemetryExporter``.
package final class TelemetrySink: Sendable {
  /// What waits.
  struct Content: Sendable {
    var logs: [LogEntry] = []
    /// About how many bytes they take.
    var size = 0
    /// How many were left out.
    var droppedLogs = 0
    var isClosed = false
    var wake: (@Sendable () -> Void)?

    var isEmpty: Bool { logs.isEmpty }
  }

  /// The most lines that wait.
  static let maximumCount = 10_000
  /// About the most bytes of them.
  static let maximumSize = 8 << 20

  private let content = Mutex(Content())

  /// An empty one.
  package init() {}

  /// Calls `wake`, on any thread, whenever there is something after there was nothing.
  package func onFirst(_ wake: @escaping @Sendable () -> Void) {
    let isFilled = content.withLock { content in
      content.wake = wake
      return !content.isEmpty
    }
    if isFilled { wake() }
  }

  package func append(_ entry: LogEntry) {
    let size = entry.size
    let wake: (@Sendable () -> Void)? = content.withLock { content in
      if content.isClosed { return nil }
      guard content.logs.count < Self.maximumCount, content.size + size <= Self.maximumSize else {
        content.droppedLogs += 1
        return nil
      }
      content.size += size
      content.logs.append(entry)
      return content.logs.count == 1 ? content.wake : nil
    }
    wake?()
  }

  /// Takes everything out.
  func take() -> Content {
    content.withLock { content in
      let taken = content
      content = Content()
      content.isClosed = taken.isClosed
      content.wake = taken.wake
      return taken
    }
  }

  /// Nothing is taken any more.
  func close() { content.withLock { $0.isClosed = true } }
}
