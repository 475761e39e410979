import III
import Testing

@testable import iiid

@Suite struct ChannelPortionsTests {
  private func text(_ count: Int) -> ChannelItem { .text(String(repeating: "x", count: count)) }
  private func bytes(_ range: Range<UInt8>) -> ChannelItem { .bytes(Array(range)) }

  @Test func whatFitsComesWhole() {
    var portions = ChannelPortions()
    portions.add([bytes(0..<4), text(3)])
    portions.add([bytes(4..<6)])
    #expect(portions.next(upTo: 100) == [bytes(0..<4), text(3), bytes(4..<6)])
    #expect(portions.isEmpty)
    #expect(portions.next(upTo: 100) == [])
  }

  @Test func bytesAreCut() {
    var portions = ChannelPortions()
    portions.add([bytes(0..<10), bytes(10..<12)])
    #expect(portions.next(upTo: 4) == [bytes(0..<4)])
    #expect(portions.next(upTo: 4) == [bytes(4..<8)])
    #expect(portions.next(upTo: 3) == [bytes(8..<10), bytes(10..<11)])
    #expect(!portions.isEmpty)
    #expect(portions.next(upTo: 3) == [bytes(11..<12)])
    #expect(portions.isEmpty)
  }

  @Test func aTextIsNotCut() {
    var portions = ChannelPortions()
    portions.add([bytes(0..<2), text(5), text(1)])
    #expect(portions.next(upTo: 4) == [bytes(0..<2)])
    #expect(portions.next(upTo: 4) == [text(5)])
    #expect(portions.next(upTo: 4) == [text(1)])
  }

  @Test func emptyMessagesComeToo() {
    var portions = ChannelPortions()
    portions.add([.bytes([]), .text(""), bytes(0..<3)])
    #expect(portions.next(upTo: 2) == [.bytes([]), .text(""), bytes(0..<2)])
    #expect(portions.next(upTo: 2) == [bytes(2..<3)])
  }
}
