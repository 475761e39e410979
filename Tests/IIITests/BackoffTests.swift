import Testing
import Transport

@testable import III

@Suite struct BackoffTests {
  /// The random bits that give neither more nor less.
  static func middle(_ wait: Int) -> UInt64 { UInt64(wait * 30 / 100) }

  @Test func doublesUpToThirtySecondsForEver() {
    var backoff = Backoff()
    let waits = [1000, 2000, 4000, 8000, 16_000] + [Int](repeating: 30_000, count: 10_000)
    #expect(waits.map { backoff.next(random: Self.middle($0)) } == waits)
    backoff.reset()
    let first = backoff.next(random: Self.middle(1000))
    #expect(first == 1000)
  }

  @Test func growsAsItIsTold_andIsSpentAtItsLimit() {
    var backoff = Backoff(initial: 100, maximum: 250, multiplier: 1.5, jitter: 0, limit: 4)
    let waits = (0..<4).map { _ in
      #expect(!backoff.isSpent)
      return backoff.next(random: 0)
    }
    #expect(waits == [100, 150, 225, 250])
    #expect(backoff.isSpent)
    backoff.reset()
    #expect(!backoff.isSpent)
    var large = Backoff(initial: .max / 2, maximum: .max / 2, multiplier: 10, jitter: 100)
    let first = large.next(random: 0)
    let second = large.next(random: .max)
    #expect(first >= 0 && second >= 0, "the largest numbers do not overflow")
  }

  @Test func straysByThirtyPercent() {
    var waits: Set<Int> = []
    for random in 0..<601 as Range<UInt64> {
      var backoff = Backoff()
      waits.insert(backoff.next(random: random))
    }
    #expect(waits == Set(700...1300))
    var backoff = Backoff()
    let wait = backoff.next(random: .max)
    #expect((700...1300).contains(wait))
  }
}
