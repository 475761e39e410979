import Bytes

/// How a line of the log is written.
enum LogFormat: Equatable, Sendable {
  /// `<6>message`: the journal stamps it, and takes the number as its priority (`sd-daemon(3)`).
  case journal
  /// `2026-11-24T06:10:01.123Z info: message`: for terminals and files.
  case plain

  /// The most bytes of a message; the rest is cut, so that no peer's words can fill a disk in one line.
  static let messageLimit = 4096

  /// The line of `message`, with its end. A message is one line whatever it holds: control characters are escaped, so
  /// that no name of a client can forge a line or move a terminal's cursor.
  func line(_ level: LogLevel, _ message: String, at time: WallTime) -> ByteBuffer {
    var line = ByteBuffer(capacity: message.utf8.count + 48)
    switch self {
    case .journal:
      line.append(UInt8(ascii: "<"))
      line.append(UInt8(ascii: "0") + level.priority)
      line.append(UInt8(ascii: ">"))
    case .plain:
      line.append(time.description)
      line.append(" \(level.rawValue): ")
    }
    append(message, to: &line)
    line.append(UInt8(ascii: "\n"))
    return line
  }

  private func append(_ message: String, to line: inout ByteBuffer) {
    var taken = 0
    for scalar in message.unicodeScalars {
      taken += scalar.utf8.count
      if taken > Self.messageLimit {
        line.append("…")
        return
      }
      switch scalar.value {
      case 0x0a: line.append("\\n")
      case 0x0d: line.append("\\r")
      case 0x09: line.append("\\t")
      // C0, DEL and C1, and what makes a terminal show text in another order than it stands.
      case 0x00..<0x20, 0x7f..<0xa0, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069:
        line.append("\\u{\(String(scalar.value, radix: 16))}")
      default:
        for byte in scalar.utf8 { line.append(byte) }
      }
    }
  }
}
