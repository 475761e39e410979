/// Frames that wait for a connection. Bounded: the oldest go first, and are counted (engine protocol, section 10, lesson
/// 18).
struct FrameQueue {
  /// The most frames.
  static let maximumCount = 1000
  /// The most bytes of them.
  static let maximumSize = 8 << 20

  private var frames: [[UInt8]] = []
  private var start = 0
  private(set) var size = 0
  /// How many were left out.
  private(set) var dropped = 0

  var count: Int { frames.count - start }
  var isEmpty: Bool { count == 0 }

  mutating func append(_ frame: [UInt8]) {
    frames.append(frame)
    size += frame.count
    while count > Self.maximumCount || size > Self.maximumSize {
      _ = next()
      dropped += 1
    }
  }

  /// Takes the oldest out.
  mutating func next() -> [UInt8]? {
    guard !isEmpty else { return nil }
    let frame = frames[start]
    frames[start] = []
    start += 1
    size -= frame.count
    if start == frames.count || start > Self.maximumCount {
      frames.removeFirst(start)
      start = 0
    }
    return frame
  }
}
