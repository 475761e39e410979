import Testing
import Transport

@testable import Outbox

@Suite struct OutboxStateTests {
  static let refusal = OutboxFailure(code: "enqueue_error", message: "no queue")

  // MARK: - Accepting

  @Test func anAnswerComesWhenTheCallIsOnTheDisk() {
    let outbox = OutboxScript(connected: false)
    #expect(outbox.take(1) == [])
    #expect(outbox.effects() == [])
    let job = outbox.state.nextJob(now: outbox.now)
    #expect(job?.insertions.map(\.entry.id) == [1])
    #expect(outbox.effects() == [])
    outbox.state.finished(OutboxJobResult(), now: outbox.now)
    #expect(outbox.effects() == ["accepted 1 #1"])
  }

  @Test func whatCameMeanwhileIsOneJob() {
    let outbox = OutboxScript(connected: false)
    _ = outbox.take(1)
    let first = outbox.state.nextJob(now: outbox.now)
    for ticket in 2...9 { _ = outbox.take(ticket) }
    #expect(outbox.state.nextJob(now: outbox.now) == nil)
    outbox.state.finished(OutboxJobResult(), now: outbox.now)
    #expect(first?.insertions.count == 1)
    #expect(outbox.state.nextJob(now: outbox.now)?.insertions.count == 8)
  }

  @Test func aFullDiskRefusesAndForgets() {
    let outbox = OutboxScript()
    outbox.failure = .full
    #expect(outbox.accept(1) == ["refused 1: the disk is full"])
    #expect(outbox.state.records.isEmpty && outbox.state.bytes == 0 && outbox.state.users.isEmpty)
    #expect(outbox.state.trouble == .full)
    outbox.failure = nil
    #expect(outbox.accept(2) == ["accepted 2 #2", "send #2", "barrier"])
    #expect(outbox.state.trouble == nil)
  }

  @Test func boundsOfAllAndOfOneUser() {
    var limits = OutboxLimits()
    limits.entries = 4
    limits.entriesPerUser = 3
    limits.bytes = 60
    limits.bytesPerUser = 40
    let outbox = OutboxScript(limits, connected: false)
    #expect(
      outbox.accept(1, payload: "12345678901234567890123456789012345678") == [
        "refused 1: a call of 41 bytes does not fit into the outbox, which takes 40"
      ])
    #expect(outbox.accept(2, payload: "123456789012345678901234567") == ["accepted 2 #1"])
    #expect(outbox.accept(3, payload: "12345678") == ["refused 3: this user's calls in the outbox may have 40 bytes"])
    #expect(outbox.accept(4, payload: "1") == ["accepted 4 #2"])
    #expect(outbox.accept(5) == ["accepted 5 #3"])
    #expect(outbox.accept(6) == ["refused 6: this user has 3 calls in the outbox"])
    #expect(
      outbox.accept(7, payload: "123456789012345678901", uid: 2) == [
        "refused 7: the calls in the outbox may have 60 bytes"
      ])
    #expect(outbox.accept(8, uid: 2) == ["accepted 8 #4"])
    #expect(outbox.accept(9, uid: 3) == ["refused 9: there are 4 calls in the outbox"])
  }

  // MARK: - Sending

  @Test func aQueuesReceiptEndsAnEntry() {
    let outbox = OutboxScript()
    #expect(outbox.accept(1, queue: "q") == ["accepted 1 #1", "send #1"])
    #expect(outbox.file.count == 1)
    #expect(outbox.ended(1) == ["delivered #1"])
    #expect(outbox.file.isEmpty && outbox.state.records.isEmpty && outbox.state.inFlight == 0)
  }

  @Test func aBarriersAnswerEndsTheVoidCallsBeforeIt() {
    let outbox = OutboxScript()
    _ = outbox.take(1)
    _ = outbox.take(2, queue: "q")
    _ = outbox.take(3)
    #expect(
      outbox.run() == ["accepted 1 #1", "accepted 2 #2", "accepted 3 #3", "send #1", "send #2", "send #3", "barrier"])
    #expect(outbox.barrier() == ["delivered #1", "delivered #3"])
    #expect(outbox.ended(2) == ["delivered #2"])
  }

  @Test func whatAnEarlierDaemonLeftIsSentInOrder() {
    let outbox = OutboxScript(left: [(3, nil, nil), (5, "q", nil), (9, "q", nil)], connected: false)
    #expect(outbox.run() == [])
    #expect(outbox.link(true) == ["send #3", "send #5", "send #9", "barrier"])
    #expect(outbox.accept(1) == ["accepted 1 #10", "send #10", "barrier"])
  }

  @Test func atMostSoManyAreOnTheirWay() {
    let outbox = OutboxScript(left: (1...100).map { ($0, "q", nil) })
    #expect(outbox.run() == (1...32).map { "send #\($0)" })
    #expect(outbox.state.inFlight == 32)
    #expect(outbox.ended(7) == ["delivered #7", "send #33"])
    #expect(outbox.ended(1) == ["delivered #1", "send #34"])
  }

  @Test func bytesOnTheirWayAreBounded() {
    var limits = OutboxLimits()
    limits.inFlightBytes = 30
    let outbox = OutboxScript(limits, connected: false)
    let large = "\"\(String(repeating: "x", count: 40))\""
    for (ticket, payload) in [(1, "1234567890"), (2, "1234567890"), (3, large), (4, "1")] {
      _ = outbox.accept(ticket, queue: "q", payload: payload)
    }
    #expect(outbox.link(true) == ["send #1"])
    #expect(outbox.state.cachedBytes <= 30)
    #expect(outbox.ended(1) == ["delivered #1", "send #2"])
    #expect(outbox.ended(2) == ["delivered #2", "send #3"])
    #expect(outbox.ended(3) == ["delivered #3", "send #4"])
    #expect(outbox.state.cachedBytes == 0)
  }

  @Test func whileTheEngineIsAwayMessagesAreInTheFileOnly() {
    let outbox = OutboxScript(connected: false)
    for ticket in 1...40 { _ = outbox.accept(ticket, queue: "q") }
    #expect(outbox.state.cachedBytes == 0)
    #expect(outbox.link(true).count == 32)
    #expect(outbox.link(false) == [])
    #expect(outbox.state.cachedBytes == 0)
  }

  // MARK: - What may go wrong

  @Test func aLostConnectionPutsEverythingBackInOrder() {
    let outbox = OutboxScript()
    for ticket in 1...3 { _ = outbox.accept(ticket, queue: ticket == 2 ? nil : "q") }
    _ = outbox.link(false)
    #expect(outbox.ended(3, .lost(reason: "gone")) == [])
    #expect(outbox.barrier(.lost(reason: "gone")) == [])
    #expect(outbox.ended(1, .lost(reason: "gone")) == [])
    // One by one now: one of them may be why the connection ended.
    #expect(outbox.link(true) == ["send #1"])
    #expect(outbox.ended(1) == ["delivered #1", "send #2", "barrier"])
    #expect(outbox.barrier() == ["delivered #2", "send #3"])
    #expect(outbox.accept(4, queue: "q") == ["accepted 4 #4"])
    #expect(outbox.ended(3) == ["delivered #3", "send #4"])
    #expect(outbox.state.suspects == 0 && outbox.state.inFlight == 0 + 1)
  }

  @Test func aCallThatEndsConnectionsIsGivenUpAndOthersAreNot() {
    let outbox = OutboxScript()
    _ = outbox.accept(1, queue: "q")
    _ = outbox.accept(2, queue: "q")
    var lines: [String] = []
    for _ in 1...5 {
      _ = outbox.link(false)
      lines += outbox.ended(1, .lost(reason: "gone")) + outbox.ended(2, .lost(reason: "gone")) + outbox.link(true)
    }
    #expect(lines == ["send #1", "send #1", "send #1", "send #1", "failed #1 NOT_CONNECTED", "send #2"])
    #expect(outbox.state.records[1]?.phase == .failed)
    #expect(outbox.state.records[2]?.losses == 1)
  }

  @Test func aRefusalForGoodKeepsTheEntry() {
    let outbox = OutboxScript()
    _ = outbox.accept(1, queue: "q")
    #expect(outbox.ended(1, .refused(Self.refusal, isForNow: false)) == ["failed #1 enqueue_error"])
    #expect(outbox.state.failed == 1 && outbox.file.count == 1)
    #expect(outbox.pass(1_000_000) == [])
    #expect(outbox.retry() == ["retried #1", "counted 90 1", "send #1"])
    #expect(outbox.state.failed == 0 && outbox.state.records[1]?.entry.failure == nil)
    #expect(outbox.ended(1) == ["delivered #1"])
  }

  @Test func aRefusalForNowIsTriedTenTimes() {
    let outbox = OutboxScript()
    _ = outbox.accept(1, queue: "q")
    var pauses: [Int] = []
    for _ in 1...9 {
      #expect(outbox.ended(1, .refused(Self.refusal, isForNow: true)) == [])
      let pause = (outbox.state.nextDeadline ?? .distantFuture) - outbox.now
      pauses.append(pause)
      #expect(outbox.pass(pause - 1) == [])
      #expect(outbox.pass(1) == ["send #1"])
    }
    #expect(pauses == [1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000])
    #expect(outbox.ended(1, .refused(Self.refusal, isForNow: true)) == ["failed #1 enqueue_error"])
  }

  @Test func anEntryThatRestsHoldsUpNobody() {
    let outbox = OutboxScript()
    _ = outbox.accept(1, queue: "q")
    #expect(outbox.ended(1, .refused(Self.refusal, isForNow: true)) == [])
    #expect(outbox.accept(2, queue: "q") == ["accepted 2 #2", "send #2"])
    _ = outbox.link(false)
    #expect(outbox.pass(5000) == [])
    #expect(outbox.link(true) == ["send #1"])
  }

  @Test func whatTheLinkDoesNotTakeComesAgainWithTheNextConnection() {
    let outbox = OutboxScript(left: [(1, nil, nil), (2, nil, nil)])
    #expect(outbox.run() == ["send #1", "send #2", "barrier"])
    _ = outbox.link(false)
    #expect(outbox.barrier(.notSent) == [])
    #expect(outbox.state.records[1]?.losses == 0)
    #expect(outbox.link(true) == ["send #1", "send #2", "barrier"])
    outbox.state.undeliverable(1, OutboxFailure(code: "PAYLOAD_TOO_LARGE", message: ""), now: outbox.now)
    #expect(outbox.run() == ["failed #1 PAYLOAD_TOO_LARGE"])
    #expect(outbox.barrier() == ["delivered #2"])
  }

  @Test func whatTheFileDoesNotTakeIsToldToItLater() {
    let outbox = OutboxScript()
    _ = outbox.accept(1, queue: "q")
    outbox.failure = .full
    #expect(outbox.ended(1) == ["delivered #1"])
    #expect(outbox.file.count == 1 && outbox.state.lastJob?.removals == [1])
    #expect(outbox.state.nextDeadline == outbox.now + 1000)
    outbox.failure = nil
    #expect(outbox.pass(999) == [])
    #expect(outbox.file.count == 1)
    #expect(outbox.pass(1) == [])
    #expect(outbox.file.isEmpty && outbox.state.lastJob == nil)
  }

  @Test func aFullDiskHoldsUpNoSending() {
    let outbox = OutboxScript(left: (1...70).map { ($0, "q", nil) }, connected: false)
    outbox.failure = .full
    #expect(outbox.link(true).count == 32)
    for id in 1...70 { _ = outbox.ended(id) }
    #expect(outbox.state.records.isEmpty && outbox.file.count == 70 && outbox.state.trouble == .full)
    outbox.failure = nil
    #expect(outbox.pass(1000) == [])
    #expect(outbox.file.isEmpty && outbox.state.trouble == nil)
  }

  @Test func aFileThatCannotBeReadIsTriedOnceASecond() {
    let outbox = OutboxScript(left: [(1, "q", nil)], connected: false)
    outbox.readFailure = .failed("disk I/O error")
    let before = outbox.jobs
    #expect(outbox.link(true) == [])
    #expect(outbox.accept(1) == ["accepted 1 #2"])
    #expect(outbox.state.trouble == .failed("disk I/O error"))
    #expect(outbox.pass(999) == [])
    #expect(outbox.jobs == before + 2)
    outbox.readFailure = nil
    #expect(outbox.pass(1) == ["send #1", "send #2", "barrier"])
    #expect(outbox.state.trouble == nil)
  }

  @Test func aMessageThatIsNotInTheFileIsToldOf() {
    let outbox = OutboxScript(left: [(1, "q", nil), (2, "q", nil)], connected: false)
    outbox.file[1] = nil
    #expect(outbox.link(true) == ["lost #1", "send #2"])
  }

  // MARK: - Time

  @Test func anEntryExpiresWhereverItWaits() {
    let outbox = OutboxScript(connected: false)
    _ = outbox.accept(1, ttl: 100)
    _ = outbox.accept(2, queue: "q")
    #expect(outbox.pass(99) == [])
    #expect(outbox.pass(1) == ["expired #1"])
    #expect(outbox.file.keys.sorted() == [2])
    _ = outbox.accept(3, queue: "q", ttl: 100)
    _ = outbox.link(true)
    // The engine has it: its word comes first.
    #expect(outbox.pass(100) == [])
    #expect(outbox.ended(3, .refused(Self.refusal, isForNow: true)) == [])
    #expect(outbox.pass(0) == ["expired #3"])
    _ = outbox.accept(4, queue: "q", ttl: 100)
    _ = outbox.ended(4, .refused(Self.refusal, isForNow: false))
    #expect(outbox.pass(100) == ["expired #4"])
    #expect(outbox.state.failed == 0)
  }

  @Test func anEntryExpiresOverARestart() {
    let outbox = OutboxScript(left: [(1, nil, 1_001_500), (2, nil, 1), (3, nil, nil)], connected: false)
    #expect(outbox.pass(0) == ["expired #2"])
    #expect(outbox.pass(500) == ["expired #1"])
    #expect(outbox.state.records.keys.sorted() == [3])
  }

  // MARK: - Administration

  @Test func dropping() {
    let outbox = OutboxScript(connected: false)
    for ticket in 1...4 { _ = outbox.accept(ticket, queue: "q") }
    _ = outbox.link(true)
    _ = outbox.ended(2, .refused(Self.refusal, isForNow: false))
    #expect(outbox.drop(9) == ["counted 91 0"])
    #expect(outbox.drop() == ["dropped #2", "counted 91 1"])
    // The engine has it; its answer finds nothing.
    #expect(outbox.drop(1) == ["dropped #1", "counted 91 1"])
    #expect(outbox.ended(1) == [])
    #expect(outbox.drop(all: true) == ["dropped #3", "dropped #4", "counted 91 2"])
    #expect(
      outbox.state.records.isEmpty && outbox.file.isEmpty && outbox.state.bytes == 0 && outbox.state.inFlight == 0)
  }

  @Test func aDropIsAnsweredWhenItIsOnTheDisk() {
    let outbox = OutboxScript(connected: false)
    _ = outbox.accept(1)
    outbox.state.drop(1, all: false, ticket: 91, now: outbox.now)
    #expect(outbox.effects() == ["dropped #1"])
    outbox.failure = .full
    #expect(outbox.run() == ["refused 91: the disk is full"])
    #expect(outbox.state.lastJob?.removals == [1])
  }

  @Test func listing() {
    let outbox = OutboxScript(connected: false)
    for ticket in 1...5 { _ = outbox.accept(ticket, queue: "q") }
    _ = outbox.take(6)
    #expect(outbox.state.list(after: 0, onlyFailed: false, limit: 3).map(\.entry.id) == [1, 2, 3])
    #expect(outbox.state.list(after: 3, onlyFailed: false, limit: 3).map(\.entry.id) == [4, 5])
    #expect(outbox.state.list(after: 0, onlyFailed: true, limit: 3).isEmpty)
  }

  @Test func aDaemonThatEndsSendsNothingMore() {
    let outbox = OutboxScript(left: [(1, "q", nil), (2, "q", nil)], connected: false)
    outbox.state.end()
    #expect(outbox.link(true) == [])
    #expect(outbox.file.count == 2)
  }
}
