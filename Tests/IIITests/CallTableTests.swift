import Testing
import Transport

@testable import III

@Suite struct CallTableTests {
  static let time = MonotonicTime(milliseconds: 5)

  static func insert(_ table: inout CallTable, random: UInt64, context: Int = 0) throws -> (slot: Int, id: UUIDBits) {
    let taken = table.insert(random: (random, random), purpose: .owner, context: context, limit: 30)
    return try #require(taken)
  }

  @Test func idsAreVersionFourWithTheSlotBehind() throws {
    var table = CallTable()
    for slot in 0..<300 {
      let (taken, id) = try Self.insert(&table, random: .max)
      #expect(taken == slot)
      #expect(id.high >> 12 & 0xf == 4)
      #expect(id.low >> 62 == 0b10)
      #expect(id.low & 0xff_ffff == UInt64(slot))
    }
  }

  @Test func everyOtherBitIsRandom() throws {
    var table = CallTable()
    let (_, zeros) = try Self.insert(&table, random: 0)
    var other = CallTable()
    let (_, ones) = try Self.insert(&other, random: .max)
    #expect((zeros.high ^ ones.high).nonzeroBitCount == 60)
    #expect((zeros.low ^ ones.low).nonzeroBitCount == 38)
  }

  @Test func anAnswerFindsItsCallByAllBits() throws {
    var table = CallTable()
    let (slot, id) = try Self.insert(&table, random: 0x1234_5678_9abc_def0, context: 7)
    #expect(table.slot(of: id) == slot)
    for bit in 0..<64 {
      #expect(table.slot(of: UUIDBits(high: id.high ^ 1 << UInt64(bit), low: id.low)) == nil)
      #expect(table.slot(of: UUIDBits(high: id.high, low: id.low ^ 1 << UInt64(bit))) == nil)
    }
    #expect(table.slot(of: UUIDBits(high: 0, low: 0)) == nil)
    #expect(table.slot(of: UUIDBits(high: .max, low: .max)) == nil)
    let removed = table.remove(slot)
    let entry = try #require(removed)
    #expect(entry.context == 7 && entry.limit == 30)
    #expect(table.slot(of: id) == nil)
    let again = table.remove(slot)
    #expect(again == nil)
    #expect(table.count == 0)
  }

  @Test func slotsAreUsedAgain() throws {
    var table = CallTable()
    let first = try Self.insert(&table, random: 1)
    let second = try Self.insert(&table, random: 2)
    _ = table.remove(first.slot)
    let third = try Self.insert(&table, random: 3)
    #expect(third.slot == first.slot)
    #expect(table.slot(of: first.id) == nil, "the former call's answer must not find the next one")
    #expect(table.slot(of: second.id) == second.slot)
    #expect(table.slots == 0..<2)
    #expect(table.count == 2)
  }
}
