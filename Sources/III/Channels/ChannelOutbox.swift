/// What waits to be sent by a writer, cut into messages. Pure; part of a ``ChannelSender``.
struct ChannelOutbox {
  /// The size of the binary messages that bytes are cut into (engine protocol, section 6); also what fits the buffers on
  /// the way.
  static let pieceSize = 64 * 1024

  /// One message to be sent.
  struct Piece: Equatable {
    var kind: ChannelItem.Kind
    var bytes: [UInt8]
    /// The message's part of `bytes`.
    var range: Range<Int>
    /// Whose bytes these are, when they are the last.
    var finished: Int?
  }

  private struct Entry {
    var number: Int
    var kind: ChannelItem.Kind
    var bytes: [UInt8]
    var offset = 0
  }

  private var entries: [Entry] = []

  var isEmpty: Bool { entries.isEmpty }

  /// Puts something at the end. Bytes are cut into pieces, none at all is one empty message; a text stays whole.
  mutating func append(_ number: Int, _ kind: ChannelItem.Kind, _ bytes: [UInt8]) {
    entries.append(Entry(number: number, kind: kind, bytes: bytes))
  }

  /// The next message.
  mutating func next() -> Piece? {
    guard let entry = entries.first else { return nil }
    let rest = entry.bytes.count - entry.offset
    let length = entry.kind == .bytes ? min(rest, Self.pieceSize) : rest
    let range = entry.offset..<(entry.offset + length)
    let isLast = length == rest
    if isLast { entries.removeFirst() } else { entries[0].offset += length }
    return Piece(kind: entry.kind, bytes: entry.bytes, range: range, finished: isLast ? entry.number : nil)
  }

  /// Takes back what was not begun.
  ///
  /// - Returns: False when a part of it was sent.
  mutating func remove(_ number: Int) -> Bool {
    guard let index = entries.firstIndex(where: { $0.number == number }) else { return true }
    guard entries[index].offset == 0 else { return false }
    entries.remove(at: index)
    return true
  }
}
