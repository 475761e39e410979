/// What has arrived for a reader and was not taken. Pure; part of a ``ChannelReceiver``.
struct ChannelInbox {
  /// With this many bytes waiting nothing more is read from the connection.
  static let byteMark = 1 << 20
  /// Likewise for messages, which may be small.
  static let itemMark = 1024

  private var items: [ChannelItem] = []
  private var byteCount = 0
  /// Whether the connection is to be left alone.
  private(set) var isFull = false

  var isEmpty: Bool { items.isEmpty }

  /// Takes a message in. One that was under way when it became full is taken too.
  mutating func received(_ item: ChannelItem) {
    items.append(item)
    byteCount += item.byteCount
    if byteCount >= Self.byteMark || items.count >= Self.itemMark { isFull = true }
  }

  /// Gives everything away.
  mutating func takeAll() -> [ChannelItem] {
    defer { self = ChannelInbox() }
    return items
  }
}
