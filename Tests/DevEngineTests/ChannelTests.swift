import Testing
import WebSocket

@testable import DevEngine

/// A table with the channel `c`, whose key is `key`, made at 0.
private final class Script {
  private var table = ChannelTable()

  init(capacity: Int? = nil) { _ = table.create(id: "c", accessKey: "key", capacity: capacity, now: 0) }

  var channels: [String: ChannelState] { table.channels }
  var nextSweep: Int? { table.nextSweep }

  func admits(id: String, accessKey: String) -> Bool { table.admits(id: id, accessKey: accessKey) }

  @discardableResult
  func take(_ direction: ChannelDirection, of id: String, by number: Int) -> Bool {
    table.take(direction, of: id, by: number)
  }

  func written(_ item: ChannelItem, by number: Int) { table.written(item, by: number) }
  func next(for number: Int) -> ChannelReading { table.next(for: number) }
  func ended(_ number: Int) { table.ended(number) }
  func sweep(now: Int) { table.sweep(now: now) }
  func takeEffects() -> [ChannelEffect] { table.takeEffects() }

  /// What a reader takes, until there is nothing more.
  func read(_ number: Int) -> [String] {
    var texts: [String] = []
    while true {
      switch next(for: number) {
      case .item(let item): texts.append(String(decoding: item.bytes, as: UTF8.self))
      case .nothing: return texts
      case .end: return texts + ["end"]
      }
    }
  }
}

@Suite("Channels")
struct ChannelTests {
  private static func item(_ text: String) -> ChannelItem { ChannelItem(.text, Array(text.utf8)) }

  @Test func theWriterMayComeFirst() {
    let table = Script()
    #expect(table.take(.write, of: "c", by: 1))
    table.written(Self.item("a"), by: 1)
    table.written(ChannelItem(.binary, [0]), by: 1)
    #expect(table.takeEffects() == [])
    #expect(table.take(.read, of: "c", by: 2))
    #expect(table.takeEffects() == [.readable(2)])
    #expect(table.next(for: 2) == .item(Self.item("a")))
    #expect(table.next(for: 2) == .item(ChannelItem(.binary, [0])))
    #expect(table.next(for: 2) == .nothing)
  }

  @Test func theReaderMayComeFirst() {
    let table = Script()
    table.take(.read, of: "c", by: 2)
    table.take(.write, of: "c", by: 1)
    #expect(table.takeEffects() == [.readable(2)])
    table.written(Self.item("a"), by: 1)
    #expect(table.takeEffects() == [.readable(2)])
    #expect(table.read(2) == ["a"])
  }

  @Test func whatWasWrittenBeforeTheEndComesBeforeTheEnd() {
    let table = Script()
    table.take(.write, of: "c", by: 1)
    table.written(Self.item("last"), by: 1)
    table.ended(1)
    table.take(.read, of: "c", by: 2)
    #expect(table.read(2) == ["last", "end"])
    table.ended(2)
    #expect(table.channels.isEmpty)
  }

  @Test func aFullChannelPausesItsWriterUntilHalfIsRead() {
    let table = Script(capacity: 4)
    table.take(.write, of: "c", by: 1)
    for text in ["1", "2", "3"] { table.written(Self.item(text), by: 1) }
    #expect(table.takeEffects() == [])
    table.written(Self.item("4"), by: 1)
    #expect(table.takeEffects() == [.pause(1)])
    // One was under way.
    table.written(Self.item("5"), by: 1)
    #expect(table.takeEffects() == [])
    table.take(.read, of: "c", by: 2)
    _ = table.takeEffects()
    _ = (table.next(for: 2), table.next(for: 2))
    #expect(table.takeEffects() == [])
    _ = table.next(for: 2)
    #expect(table.takeEffects() == [.resume(1)])
    #expect(table.read(2) == ["4", "5"])
  }

  @Test func manyBytesFillAChannelToo() {
    let table = Script()
    table.take(.write, of: "c", by: 1)
    table.written(ChannelItem(.binary, [UInt8](repeating: 0, count: ChannelState.byteLimit)), by: 1)
    #expect(table.takeEffects() == [.pause(1)])
  }

  @Test(arguments: [(nil, 64), (0, 1), (1, 1), (1024, 1024), (100_000, 1024)] as [(Int?, Int)])
  func theNumberOfMessagesHasBounds(_ asked: Int?, _ held: Int) {
    #expect(Script(capacity: asked).channels["c"]?.capacity == held)
  }

  @Test func manyMessagesKeepTheirOrder() {
    let table = Script(capacity: 1024)
    table.take(.write, of: "c", by: 1)
    table.take(.read, of: "c", by: 2)
    var (written, read) = (0, [String]())
    for batch in 1...40 {
      for _ in 0..<batch {
        table.written(Self.item("\(written)"), by: 1)
        written += 1
      }
      for _ in 0..<(batch / 2) {
        if case .item(let item) = table.next(for: 2) { read.append(String(decoding: item.bytes, as: UTF8.self)) }
      }
    }
    read += table.read(2)
    #expect(read == (0..<written).map { "\($0)" })
  }

  @Test func anEndIsTakenOnce() {
    let table = Script()
    table.take(.read, of: "c", by: 1)
    _ = table.takeEffects()
    #expect(!table.take(.read, of: "c", by: 2))
    #expect(table.takeEffects() == [.close(2)])
    table.written(Self.item("of nobody"), by: 2)
    table.ended(2)
    table.ended(1)
    #expect(!table.take(.read, of: "c", by: 3), "nor again by another")
    #expect(table.takeEffects() == [.close(3)])
  }

  @Test func aWriterWhoseReaderIsGoneIsDroppedAtTheThirdMessage() {
    let table = Script()
    table.take(.write, of: "c", by: 1)
    table.take(.read, of: "c", by: 2)
    table.ended(2)
    _ = table.takeEffects()
    table.written(Self.item("lost"), by: 1)
    table.written(Self.item("lost"), by: 1)
    #expect(table.takeEffects() == [])
    table.written(Self.item("one too many"), by: 1)
    #expect(table.takeEffects() == [.drop(1)])
    table.ended(1)
    #expect(table.channels.isEmpty)
  }

  @Test func aPausedWriterWhoseReaderGoesIsDroppedAtOnce() {
    let table = Script(capacity: 1)
    table.take(.read, of: "c", by: 2)
    table.take(.write, of: "c", by: 1)
    table.written(Self.item("unread"), by: 1)
    _ = table.takeEffects()
    table.ended(2)
    #expect(table.takeEffects() == [.drop(1)])
  }

  @Test func aChannelThatNobodyCompletesEndsAfterFiveMinutes() {
    let table = Script()
    table.take(.read, of: "c", by: 2)
    _ = table.takeEffects()
    #expect(table.nextSweep == 60_000)
    table.sweep(now: 300_000)
    #expect(table.channels.count == 1 && table.nextSweep == 360_000)
    table.sweep(now: 360_000)
    #expect(table.takeEffects() == [.close(2)])
    #expect(table.channels.isEmpty && table.nextSweep == nil)
    #expect(table.next(for: 2) == .end)
  }

  @Test func theWriterOfAChannelThatWasSweptIsDropped() {
    let table = Script()
    table.take(.write, of: "c", by: 1)
    table.sweep(now: 300_001)
    #expect(table.takeEffects() == [])
    table.written(Self.item("too late"), by: 1)
    #expect(table.takeEffects() == [.drop(1)])
  }

  @Test func aChannelInUseIsNotSwept() {
    let table = Script()
    table.take(.write, of: "c", by: 1)
    table.take(.read, of: "c", by: 2)
    table.sweep(now: 3_600_000)
    #expect(table.channels.count == 1)
  }

  @Test func theWholeKeyIsCompared() {
    let table = Script()
    #expect(table.admits(id: "c", accessKey: "key"))
    for wrong in ["", "k", "kez", "Key", "keyy"] { #expect(!table.admits(id: "c", accessKey: wrong)) }
    #expect(!table.admits(id: "d", accessKey: "key"))
  }

  @Test func channelsAreBounded() {
    var table = ChannelTable()
    var made = 0
    for number in 0..<ChannelTable.limit {
      if table.create(id: "\(number)", accessKey: "", capacity: nil, now: 0) { made += 1 }
    }
    let oneMore = table.create(id: "one more", accessKey: "", capacity: nil, now: 0)
    #expect(made == ChannelTable.limit && !oneMore)
  }
}

@Suite("Requests for channels")
struct ChannelRequestTests {
  @Test func idAndKeyArePercentDecoded() {
    let request = ChannelRequest(path: "/ws/channels/a%2Db%zz+c", query: "token=x&key=a%20b+c%3D&dir=read")
    #expect(request?.channelID == "a-b%zz+c" && request?.accessKey == "a b c=" && request?.direction == .read)
    #expect(ChannelRequest(path: "/ws/channels/a", query: "dir=write&key=")?.direction == .write)
  }

  @Test(arguments: [
    "", "key=k", "dir=read", "key=k&dir=both", "key=k&dir=read&dir=read", "key=k&key=k&dir=read", "key=k&dir",
  ])
  func keyAndDirectionAreNeededOnce(_ query: String) {
    #expect(ChannelRequest(path: "/ws/channels/a", query: query) == nil)
  }

  @Test func aChannelHasOneSegment() {
    #expect(ChannelRequest.isChannel(path: "/ws/channels/a"))
    for path in ["/ws/channels/", "/ws/channels", "/ws/channels/a/b", "/x/ws/channels/a", "/"] {
      #expect(!ChannelRequest.isChannel(path: path))
    }
  }
}
