import III

/// What was taken off a channel and does not stand in an answer yet. Pure; part of a ``ReadingEnd``.
struct ChannelPortions {
  /// The next one last.
  private var items: [ChannelItem] = []
  /// How much of the next item, if it is bytes, was given away.
  private var offset = 0

  var isEmpty: Bool { items.isEmpty }

  /// Puts what has arrived behind what is there.
  mutating func add(_ arrived: [ChannelItem]) { items.insert(contentsOf: arrived.reversed(), at: 0) }

  /// Gives away what fits into `maximum` bytes: bytes are cut, a text is not, but the first one comes whatever its size.
  mutating func next(upTo maximum: Int) -> [ChannelItem] {
    var portion: [ChannelItem] = []
    var room = maximum
    while room > 0, let item = items.last {
      switch item {
      case .text:
        guard item.byteCount <= room || portion.isEmpty else { return portion }
        portion.append(item)
        room -= item.byteCount
      case .bytes(let bytes):
        let count = min(room, bytes.count - offset)
        room -= count
        if count < bytes.count {
          portion.append(.bytes(Array(bytes[offset..<(offset + count)])))
          offset += count
          if offset < bytes.count { return portion }
          offset = 0
        } else {
          portion.append(item)
        }
      }
      items.removeLast()
    }
    return portion
  }
}
