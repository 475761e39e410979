/// All channels of an engine. Pure: events are method calls, what has to be done is collected as ``ChannelEffect``s, time
/// is an argument. Part of ``EngineState``.
struct ChannelTable {
  /// The most channels at a time.
  static let limit = 10_000
  /// From one look for channels that nobody wants to the next, in milliseconds.
  static let sweepInterval = 60_000
  /// How long a channel may have an end that was never taken, in milliseconds.
  static let longestWait = 5 * 60_000
  /// How many messages a channel holds unless it is asked for another number.
  static let defaultCapacity = 64
  static let capacities = 1...1024

  /// By the channel's id.
  private(set) var channels: [String: ChannelState] = [:]
  /// Who holds which end.
  private var ends: [Int: (channel: String, direction: ChannelDirection)] = [:]
  private var effects: [ChannelEffect] = []
  /// When ``sweep(now:)`` is to be called; nil for never.
  private(set) var nextSweep: Int?

  /// What the events since the last call ask for.
  mutating func takeEffects() -> [ChannelEffect] {
    guard !effects.isEmpty else { return [] }
    defer { effects.removeAll(keepingCapacity: true) }
    return effects
  }

  /// Makes a channel; both ends are free.
  ///
  /// - Returns: False when there are too many.
  mutating func create(id: String, accessKey: String, capacity: Int?, now: Int) -> Bool {
    guard channels.count < Self.limit else { return false }
    let capacity = min(max(capacity ?? Self.defaultCapacity, Self.capacities.lowerBound), Self.capacities.upperBound)
    channels[id] = ChannelState(accessKey: accessKey, capacity: capacity, createdAt: now)
    if nextSweep == nil { nextSweep = now + Self.sweepInterval }
    return true
  }

  /// Whether there is that channel, and the key is its own. All bytes of the key are compared, so that the time that
  /// takes tells nothing about them.
  func admits(id: String, accessKey: String) -> Bool {
    guard let channel = channels[id] else { return false }
    let (left, right) = (channel.accessKey.utf8, accessKey.utf8)
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }

  /// Somebody who was admitted comes to an end. When it was taken before, the newcomer is closed at once.
  ///
  /// - Returns: Whether the end is theirs.
  @discardableResult
  mutating func take(_ direction: ChannelDirection, of id: String, by number: Int) -> Bool {
    guard channels[id]?.take(direction, by: number, &effects) == true else {
      effects.append(.close(number))
      return false
    }
    ends[number] = (id, direction)
    return true
  }

  /// A message of the end `number`; of one that reads, or was closed at once, it means nothing.
  mutating func written(_ item: ChannelItem, by number: Int) {
    guard let end = ends[number], end.direction == .write else { return }
    guard channels[end.channel]?.written(item, by: number, &effects) != nil else {
      // Its channel was removed.
      return effects.append(.drop(number))
    }
  }

  /// The next message for the reader `number`.
  mutating func next(for number: Int) -> ChannelReading {
    guard let end = ends[number], end.direction == .read else { return .end }
    return channels[end.channel]?.next(&effects) ?? .end
  }

  /// The connection of an end is over, however.
  mutating func ended(_ number: Int) {
    guard let end = ends.removeValue(forKey: number) else { return }
    channels[end.channel]?.ended(end.direction, &effects)
    if channels[end.channel]?.isOver == true { channels[end.channel] = nil }
  }

  /// Removes the channels that have waited too long for somebody.
  mutating func sweep(now: Int) {
    for (id, channel) in channels where channel.isIncomplete && now - channel.createdAt > Self.longestWait {
      channels[id]?.remove(&effects)
      channels[id] = nil
    }
    nextSweep = channels.isEmpty ? nil : now + Self.sweepInterval
  }
}
