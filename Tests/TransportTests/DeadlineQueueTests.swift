import Testing

@testable import Transport

@Suite struct DeadlineQueueTests {
  @Test func earliest_comesFirst() {
    var queue = DeadlineQueue()
    queue.insert(token: 3, at: MonotonicTime(milliseconds: 30))
    queue.insert(token: 1, at: MonotonicTime(milliseconds: 10))
    queue.insert(token: 2, at: MonotonicTime(milliseconds: 20))
    #expect(queue.earliest == MonotonicTime(milliseconds: 10))
    let popped = [9, 20, 20, 20].map { queue.popExpired(now: MonotonicTime(milliseconds: $0)) }
    #expect(popped == [nil, 1, 2, nil])
    #expect(queue.count == 1)
  }

  @Test func insert_ofKnownToken_moves() {
    var queue = DeadlineQueue()
    queue.insert(token: 0, at: MonotonicTime(milliseconds: 5))
    queue.insert(token: 1, at: MonotonicTime(milliseconds: 6))
    queue.insert(token: 0, at: MonotonicTime(milliseconds: 7))
    #expect(queue.count == 2)
    #expect(queue.deadline(of: 0) == MonotonicTime(milliseconds: 7))
    let popped = [queue.popExpired(now: .distantFuture), queue.popExpired(now: .distantFuture)]
    #expect(popped == [1, 0])
    #expect(queue.isEmpty && queue.earliest == nil)
  }

  @Test func remove_ofUnknownToken_doesNothing() {
    var queue = DeadlineQueue()
    var removed = [queue.remove(token: 7)]
    queue.insert(token: 7, at: MonotonicTime(milliseconds: 1))
    removed.append(queue.remove(token: 7))
    removed.append(queue.remove(token: 7))
    #expect(removed == [false, true, false])
    #expect(queue.isEmpty)
  }

  /// 20,000 random operations against a dictionary that is searched from end to end.
  @Test func randomOperations_agreeWithNaiveModel() {
    var generator = SplitMix(state: 42)
    var queue = DeadlineQueue()
    var model: [Int: MonotonicTime] = [:]
    for _ in 0..<20_000 {
      let token = Int.random(in: 0..<100, using: &generator)
      let time = MonotonicTime(milliseconds: Int64.random(in: 0..<50, using: &generator))
      switch Int.random(in: 0..<5, using: &generator) {
      case 0, 1:
        queue.insert(token: token, at: time)
        model[token] = time
      case 2:
        let removed = queue.remove(token: token)
        #expect(removed == (model.removeValue(forKey: token) != nil))
      default:
        let earliest = model.values.min()
        #expect(queue.earliest == earliest)
        let popped = queue.popExpired(now: time)
        if let earliest, earliest <= time {
          guard let popped else {
            Issue.record("an expired token was not given")
            return
          }
          #expect(model.removeValue(forKey: popped) == earliest)
        } else {
          #expect(popped == nil)
        }
      }
      #expect(queue.count == model.count)
      #expect(queue.deadline(of: token) == model[token])
    }
  }
}

/// A random generator that gives the same numbers in every run.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
