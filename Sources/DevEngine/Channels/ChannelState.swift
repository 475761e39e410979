/// One channel: its two ends, and the messages that wait between them (engine protocol, section 6). Pure; held by
/// ``ChannelTable``.
struct ChannelState {
  /// What became of an end. Each is taken once: there is no coming back.
  enum End: Equatable {
    case free
    case taken(Int)
    case gone
  }

  /// The most bytes that may wait, whatever the number of messages. A real engine counts messages alone, so that 1,024
  /// of the largest would fill its memory.
  static let byteLimit = 16 << 20
  /// How many messages are lost on a reader that is gone before the writer is dropped: a real engine notices it by its
  /// second failed write, and tells the writer at the next message.
  static let lossLimit = 2

  /// What who opens an end must show.
  let accessKey: String
  /// How many messages may wait.
  let capacity: Int
  /// In milliseconds.
  let createdAt: Int
  private(set) var writer = End.free
  private(set) var reader = End.free
  private var items: [ChannelItem] = []
  /// Where in `items` the next message is: removing it there would move all the others.
  private var head = 0
  private var waitingBytes = 0
  private var isPaused = false
  private var lossCount = 0

  init(accessKey: String, capacity: Int, createdAt: Int) {
    self.accessKey = accessKey
    self.capacity = capacity
    self.createdAt = createdAt
  }

  /// How many messages wait.
  var count: Int { items.count - head }

  /// Whether nobody can do anything with it any more.
  var isOver: Bool { writer == .gone && reader == .gone }

  /// Whether one of its ends was never taken.
  var isIncomplete: Bool { writer == .free || reader == .free }
}

// MARK: - Events

extension ChannelState {
  /// Somebody with the key comes to an end.
  ///
  /// - Returns: Whether the end is theirs.
  mutating func take(_ direction: ChannelDirection, by number: Int, _ effects: inout [ChannelEffect]) -> Bool {
    switch direction {
    case .write:
      guard writer == .free else { return false }
      writer = .taken(number)
    case .read:
      guard reader == .free else { return false }
      reader = .taken(number)
      effects.append(.readable(number))
    }
    return true
  }

  /// The writer has sent a message. One that was under way when it was paused is taken too.
  mutating func written(_ item: ChannelItem, by number: Int, _ effects: inout [ChannelEffect]) {
    if reader == .gone {
      lossCount += 1
      if lossCount > Self.lossLimit { effects.append(.drop(number)) }
      return
    }
    items.append(item)
    waitingBytes += item.bytes.count
    if case .taken(let reader) = reader { effects.append(.readable(reader)) }
    if !isPaused, count >= capacity || waitingBytes >= Self.byteLimit {
      isPaused = true
      effects.append(.pause(number))
    }
  }

  /// The reader takes the next message.
  mutating func next(_ effects: inout [ChannelEffect]) -> ChannelReading {
    guard head < items.count else { return writer == .gone ? .end : .nothing }
    let item = items[head]
    head += 1
    waitingBytes -= item.bytes.count
    // Not one by one: the array would be moved for each.
    if head == items.count || head >= 64 {
      items.removeFirst(head)
      head = 0
    }
    // Not for each message: a pause and its end are a system call each.
    if isPaused, count <= capacity / 2, waitingBytes <= Self.byteLimit / 2 { resume(&effects) }
    return .item(item)
  }

  /// An end's connection is over, however.
  mutating func ended(_ direction: ChannelDirection, _ effects: inout [ChannelEffect]) {
    switch direction {
    case .write:
      writer = .gone
      if case .taken(let reader) = reader { effects.append(.readable(reader)) }
    case .read:
      reader = .gone
      lossCount = min(count, Self.lossLimit)
      items = []
      head = 0
      waitingBytes = 0
      // It waits with its next message in hand, which is the one too many.
      if isPaused, case .taken(let writer) = writer { effects.append(.drop(writer)) }
    }
  }

  /// The channel is removed: who still holds an end loses it.
  mutating func remove(_ effects: inout [ChannelEffect]) {
    if case .taken(let reader) = reader { effects.append(.close(reader)) }
    if isPaused, case .taken(let writer) = writer { effects.append(.drop(writer)) }
  }

  private mutating func resume(_ effects: inout [ChannelEffect]) {
    isPaused = false
    if case .taken(let writer) = writer { effects.append(.resume(writer)) }
  }
}
