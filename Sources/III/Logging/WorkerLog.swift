import Transport

/// Where a worker writes what concerns people: refused registrations, dropped frames, errors that no caller hears of.
///
/// Never payloads, tokens or stack traces. At most twenty lines in ten seconds; how many were left out is said later.
public struct WorkerLog: Sendable {
  /// How much a line matters.
  public enum Level: String, Sendable, CaseIterable {
    /// Something is wrong, and was survived.
    case warning
    /// Something that was asked for cannot be done.
    case error
  }

  /// Takes one message, which is one line; called on the worker's own thread, so it must not block.
  public let write: @Sendable (Level, String) -> Void

  /// A log that hands each message to `write`, for a log of the program.
  public init(_ write: @escaping @Sendable (Level, String) -> Void) { self.write = write }

  /// Lines on standard error, as `iii: warning: …`.
  public static let standardError = WorkerLog { StandardStream.error.write("iii: \($0.rawValue): \($1)\n") }

  /// Nothing is written.
  public static let none = WorkerLog { _, _ in }
}

extension WorkerLog {
  /// The most bytes of a message.
  private static let limit = 4096

  /// `text` as one line: control characters are escaped, so that no peer's words can forge a line or move a terminal's
  /// cursor; cut at 4,096 bytes.
  static func line(_ text: String) -> String {
    var line = ""
    for scalar in text.unicodeScalars {
      guard line.utf8.count < limit else { return line + "…" }
      switch scalar.value {
      // C0, DEL and C1, and what makes a terminal show text in another order than it stands.
      case 0x00..<0x20, 0x7f..<0xa0, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069:
        line += "\\u{\(String(scalar.value, radix: 16))}"
      default: line.unicodeScalars.append(scalar)
      }
    }
    return line
  }
}
