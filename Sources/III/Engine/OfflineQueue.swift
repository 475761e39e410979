import Bytes

/// Void calls that wait for the next connection: their frames' texts one behind the other, in order.
///
/// Owned by an ``EngineLink``. Bounded in messages and in bytes; what does not fit is refused, not dropped.
struct OfflineQueue: ~Copyable {
  private let messageLimit: Int
  private let byteLimit: Int
  private var text = ByteBuffer()
  private var lengths: [Int] = []

  /// An empty queue for at most `messageLimit` messages of `byteLimit` bytes together.
  init(messageLimit: Int, byteLimit: Int) {
    self.messageLimit = messageLimit
    self.byteLimit = byteLimit
  }

  /// How many messages wait.
  var count: Int { lengths.count }

  /// Adds a message of `size` bytes that `body` appends; false when there is no room.
  mutating func append(size: Int, _ body: (inout ByteBuffer) -> Void) -> Bool {
    guard lengths.count < messageLimit, text.count + size <= byteLimit else { return false }
    let before = text.count
    body(&text)
    lengths.append(text.count - before)
    return true
  }

  /// Hands each message over, in order, and is empty afterwards.
  mutating func drain(_ body: (Span<UInt8>) -> Void) {
    var offset = 0
    for length in lengths {
      body(text.span.extracting(offset..<(offset + length)))
      offset += length
    }
    removeAll()
  }

  /// Forgets all messages.
  mutating func removeAll() {
    lengths = []
    text = ByteBuffer()
  }
}
