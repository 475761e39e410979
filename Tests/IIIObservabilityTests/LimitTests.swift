import Testing

@testable import IIIObservability

@Suite struct LimitTests {
  @Test func bucketKeepsAFifthForThoseThatMatter() {
    var bucket = TokenBucket(rate: 50, burst: 500, now: 0)
    let ordinary = (0..<1000).count { _ in bucket.take(isPreferred: false, now: 0) }
    #expect(ordinary == 400)
    let preferred = (0..<1000).count { _ in bucket.take(isPreferred: true, now: 0) }
    #expect(preferred == 100)
    let refused = [bucket.takeRefused(), bucket.takeRefused()]
    #expect(refused == [1500, 0])
  }

  @Test func bucketFillsUpAtItsRateAndNoFurther() {
    var bucket = TokenBucket(rate: 50, burst: 500, now: 0)
    while bucket.take(isPreferred: true, now: 0) {}
    let second = (0..<100).count { _ in bucket.take(isPreferred: true, now: 1000) }
    #expect(second == 50)
    let later = (0..<1000).count { _ in bucket.take(isPreferred: true, now: 1_000_000) }
    #expect(later == 500)
    let earlier = bucket.take(isPreferred: true, now: 500)
    #expect(!earlier, "a clock that went back fills nothing")
  }

  @Test func bucketOfNothingLetsNothingThrough() {
    var bucket = TokenBucket(rate: -1, burst: -5, now: 0)
    let isTaken = bucket.take(isPreferred: true, now: 1_000_000)
    #expect(!isTaken)
  }

  @Test(
    arguments: [
      ("always_on", nil, 1.0, false), ("always_off", nil, 0, false), ("traceidratio", "0.25", 0.25, false),
      ("parentbased_always_on", nil, 1, true), ("parentbased_always_off", nil, 0, true),
      ("parentbased_traceidratio", "7", 1, true), ("traceidratio", "x", 1, false), ("traceidratio", "nan", 1, false),
    ] as [(String, String?, Double, Bool)])
  func samplerByName(_ name: String, _ argument: String?, _ ratio: Double, _ followsParent: Bool) {
    let sampler = Sampler(name: name, argument: argument)
    #expect(sampler?.ratio == ratio)
    #expect(sampler?.followsParent == followsParent)
  }

  @Test func samplerDecidesByTheTrace() {
    #expect(Sampler(name: "never", argument: nil) == nil)
    var sampler = Sampler()
    sampler.ratio = 0.5
    #expect(sampler.samples(traceLow: 0, parentIsSampled: nil))
    #expect(!sampler.samples(traceLow: .max, parentIsSampled: nil))
    #expect(sampler.samples(traceLow: .max, parentIsSampled: true))
    #expect(!sampler.samples(traceLow: 0, parentIsSampled: false))
    sampler.followsParent = false
    #expect(sampler.samples(traceLow: 0, parentIsSampled: false))
  }

  @Test func batchIsDueByNumberBySizeOrByTime() {
    var batch = Batch<Int>(limit: 3, sizeLimit: 100, interval: 1000)
    batch.append(1, size: 1, now: 10)
    #expect(batch.deadline == 1010)
    let taken = [batch.take(now: 1009), batch.take(now: 1010)]
    #expect(taken == [[], [1]])
    #expect(batch.deadline == nil)
    for number in 1...3 { batch.append(number, size: 1, now: 20) }
    let full = batch.take(now: 20)
    #expect(full == [1, 2, 3])
    batch.append(4, size: 100, now: 30)
    let large = batch.take(now: 30)
    #expect(large == [4])
    batch.append(5, size: 1, now: 40)
    let forced = batch.take(now: 40, force: true)
    #expect(forced == [5])
  }

  @Test func frameQueueForgetsTheOldest() {
    var queue = FrameQueue()
    for number in 0..<2500 { queue.append([UInt8(truncatingIfNeeded: number)]) }
    #expect(queue.count == FrameQueue.maximumCount)
    #expect(queue.dropped == 1500)
    let oldest = queue.next()
    #expect(oldest == [UInt8(truncatingIfNeeded: 1500)])
    queue.append([UInt8](repeating: 0, count: FrameQueue.maximumSize))
    #expect(queue.count == 1)
    #expect(queue.size == FrameQueue.maximumSize)
    let rest = [queue.next() != nil, queue.next() != nil]
    #expect(rest == [true, false])
  }

  @Test func sinkIsBoundedAndWakesOnce() {
    let wakes = Counter()
    let sink = TelemetrySink()
    sink.onFirst { wakes.increment() }
    let entry = LogEntry(time: 0, level: .info, message: "m", logger: "l")
    for _ in 0..<(TelemetrySink.maximumCount + 5) { sink.append(entry) }
    #expect(wakes.count == 1)
    let content = sink.take()
    #expect(content.logs.count == TelemetrySink.maximumCount)
    #expect(content.droppedLogs == 5)
    sink.append(entry)
    #expect(wakes.count == 2)
    sink.close()
    _ = sink.take()
    sink.append(entry)
    #expect(sink.take().isEmpty)
  }
}
