import Bytes
import Glibc
import Testing

@testable import Transport

@Suite struct SocketStreamTests {
  let loop: EventLoop
  let near: SocketStream
  let far: SocketStream
  let owner = RecordingOwner()
  let peer = RecordingOwner()

  init() throws {
    loop = try EventLoop()
    (near, far) = try SocketStream.pair(on: loop)
    near.start(owner: owner)
    far.start(owner: peer)
  }

  @Test func output_isWrittenOncePerTurn_afterItsEvents() {
    far.send("one ")
    far.send("two")
    #expect(far.pendingOutput == 7)
    run(loop) { !owner.events.isEmpty }
    #expect(owner.events == [.received("one two")])
    #expect(far.pendingOutput == 0)
    loop.close()
  }

  @Test func answer_inCallback_leavesAtEndOfThatTurn() {
    owner.onReceive = { stream in stream.send("answer") }
    far.send("question")
    run(loop) { !peer.events.isEmpty }
    #expect(peer.events == [.received("answer")])
    loop.close()
  }

  @Test func outputFromTimer_leavesBeforeWaiting() {
    let timer = Timer(on: loop) { near.send("tick") }
    loop.updateTime()
    timer.start(after: 20)
    // The first turn ends with the timer, the second one would wait for ever if it did not write first. On a machine that
    // stood still in between, the first turn begins with the timer and sees all of it.
    loop.runOnce()
    if peer.events.isEmpty { loop.runOnce() }
    #expect(peer.events == [.received("tick")])
    loop.close()
  }

  @Test func input_thatIsLeft_comesAgain() throws {
    let picky = PickyOwner()
    near.changeOwner(to: picky)
    far.send("ab")
    run(loop) { picky.seen.count == 1 }
    far.send("cd")
    run(loop) { picky.seen.count == 2 }
    #expect(picky.seen == ["ab", "abcd"])
    loop.close()
  }

  @Test func largeOutput_arrivesWhole_inReadsOf64KiB_andDrains() {
    peer.countsOnly = true
    var largest = 0
    var last = 0
    peer.onReceive = { _ in
      largest = max(largest, peer.bytes - last)
      last = peer.bytes
    }
    let size = 5_000_000
    near.output.append(capacity: size) { output in
      for index in 0..<size { output.append(UInt8(truncatingIfNeeded: index)) }
    }
    near.markDirty()
    run(loop) { peer.bytes == size && owner.events == [.drained] }
    peer.onReceive = nil
    #expect(largest <= SocketStream.readSize)
    #expect(near.pendingOutput == 0)
    loop.close()
  }

  @Test func smallOutput_doesNotDrain() {
    near.send("small")
    run(loop) { !peer.events.isEmpty }
    settle(loop)
    #expect(owner.events.isEmpty)
    loop.close()
  }

  // MARK: Half-close and close

  @Test func peerThatEndsItsOutput_stillGetsTheAnswer() {
    owner.onEnd = { stream in stream.send("late answer") }
    far.send("question")
    run(loop) { !owner.events.isEmpty }
    far.endOutputForTest()
    run(loop) { !peer.events.isEmpty }
    #expect(owner.events == [.received("question"), .end])
    #expect(peer.events == [.received("late answer")])
    loop.close()
  }

  @Test func peerThatEndedItsOutput_isSilent_untilItCloses() {
    far.endOutputForTest()
    run(loop) { owner.events == [.end] }
    // A turn that spun on the half-closed socket would not wait for the timer.
    var turns = 0
    var isOver = false
    let timer = Timer(on: loop) { isOver = true }
    loop.updateTime()
    timer.start(after: 50)
    while !isOver {
      loop.runOnce()
      turns += 1
    }
    #expect(turns <= 3)
    #expect(owner.events == [.end])
    far.close()
    run(loop) { owner.isClosed }
    #expect(owner.events == [.end, .closed(nil)])
    loop.close()
  }

  @Test func peerThatClosed_withOutputUnread_isClosed() {
    far.pauseReading()
    far.endOutputForTest()
    run(loop) { owner.events == [.end] }
    near.send("never read")
    settle(loop)
    far.close()
    run(loop) { owner.isClosed }
    #expect(owner.events == [.end, .closed(.connectionReset)])
    loop.close()
  }

  @Test func peerThatClosed_withoutHalfClose_endsThenCloses() {
    far.send("bye")
    settle(loop)
    far.close()
    run(loop) { owner.isClosed }
    #expect(owner.events == [.received("bye"), .end, .closed(nil)])
    loop.close()
  }

  @Test func peerThatClosed_withInputAndOutputUnread_losesNoInput() {
    near.pauseReading()
    far.pauseReading()
    near.send("unread")
    far.send("important")
    settle(loop)
    near.resumeReading()
    far.close()
    run(loop) { owner.isClosed }
    #expect(owner.text == "important")
    #expect(owner.events.last == .closed(.connectionReset))
    loop.close()
  }

  @Test func write_toPeerThatIsGone_isAnErrorNotASignal() throws {
    near.pauseReading()
    far.close()
    near.send("into the void")
    run(loop) { owner.isClosed }
    #expect(owner.events.count == 1)
    loop.close()
  }

  // MARK: Pausing

  @Test func paused_readsNothing_resumed_readsAll() {
    near.pauseReading()
    far.send("waiting")
    settle(loop)
    #expect(owner.events.isEmpty)
    near.resumeReading()
    run(loop) { owner.text == "waiting" }
    loop.close()
  }

  @Test func paused_noticesThatThePeerIsGone_andKeepsItsBytes() {
    near.pauseReading()
    far.send("last words")
    settle(loop)
    far.close()
    run(loop) { owner.isClosed }
    #expect(owner.events == [.closed(nil)])
    #expect(takeText(near) == "last words")
    loop.close()
  }

  @Test func paused_inCallback_holdsFromTheNextRead() {
    owner.onReceive = { stream in stream.pauseReading() }
    far.output.append(String(repeating: "x", count: 100_000))
    far.markDirty()
    run(loop) { owner.bytes > 0 }
    settle(loop)
    #expect(owner.bytes == SocketStream.readSize)
    owner.onReceive = nil
    near.resumeReading()
    run(loop) { owner.bytes == 100_000 }
    loop.close()
  }

  // MARK: The end

  @Test func close_inOwnCallback_isTheLastEvent() {
    owner.onReceive = { stream in stream.close() }
    far.send("one")
    run(loop) { peer.isClosed }
    #expect(owner.events == [.received("one")])
    #expect(!near.isOpen)
    #expect(peer.events == [.end, .closed(nil)])
    loop.close()
  }

  @Test func closed_byTheOtherThatIsReady_doesNotFire() throws {
    let (third, fourth) = try SocketStream.pair(on: loop)
    let other = RecordingOwner()
    third.start(owner: other)
    let silent = RecordingOwner()
    fourth.start(owner: silent)
    var events = 0
    owner.onReceive = { _ in
      events += 1
      third.close()
    }
    other.onReceive = { _ in
      events += 1
      near.close()
    }
    far.send("a")
    fourth.send("b")
    run(loop) { events > 0 }
    settle(loop)
    #expect(events == 1)
    withExtendedLifetime(silent) { loop.close() }
  }

  @Test func letGo_inOwnCallback_isSafe() throws {
    let holder = Holder()
    let fourth = try holder.makePair(on: loop)
    fourth.start(owner: peer)
    fourth.send("x")
    run(loop) { peer.isClosed }
    #expect(holder.stream == nil)
    loop.close()
  }

  @Test func closeAfterFlush_writesAll_thenEnds() {
    peer.countsOnly = true
    near.output.append(String(repeating: "x", count: 1_000_000))
    near.markDirty()
    far.send("input that nobody wants")
    near.closeAfterFlush()
    run(loop) { peer.bytes == 1_000_000 && peer.events.last == .end }
    far.close()
    run(loop) { !near.isOpen }
    #expect(owner.events.isEmpty)
    loop.close()
  }

  @Test func closeAfterFlush_keepsTheStreamAlive_untilItIsDone() throws {
    try SocketStreamTests.sendAndForget(on: loop, peer)
    run(loop) { peer.text == "goodbye" }
    loop.close()
  }

  private static func sendAndForget(on loop: EventLoop, _ peer: RecordingOwner) throws {
    let (third, fourth) = try SocketStream.pair(on: loop)
    third.start(owner: RecordingOwner())
    fourth.start(owner: peer)
    third.send("goodbye")
    third.closeAfterFlush()
    peer.onEnd = { _ in fourth.close() }
  }

  @Test func closeAfterFlush_towardsPeerThatNeverReads_endsAtItsLimit() {
    far.pauseReading()
    near.output.append(String(repeating: "x", count: 1_000_000))
    near.markDirty()
    near.closeAfterFlush(limit: 20)
    run(loop) { !near.isOpen }
    loop.close()
  }

  @Test func closeAfterFlush_afterThePeerEnded_closesAtOnce() {
    far.endOutputForTest()
    run(loop) { owner.events == [.end] }
    near.send("reply")
    near.closeAfterFlush()
    run(loop) { peer.isClosed }
    #expect(peer.events == [.received("reply"), .end, .closed(nil)])
    loop.close()
  }

  @Test func endInput_handsOverWhatWasWritten_andRefusesTheRest() {
    owner.onReceive = { stream in stream.send("answer") }
    // Written at once, and not yet read.
    far.send("taken")
    far.flush()
    near.endInput()
    #expect(owner.events == [.received("taken")])
    near.flush()
    far.send("not taken")
    far.flush()
    #expect(!far.isOpen)
    near.closeAfterFlush()
    run(loop) { !near.isOpen }
    #expect(peer.events == [.received("answer"), .closed(.brokenPipe)])
    #expect(owner.events == [.received("taken")])
    loop.close()
  }

  @Test func endInput_ofPausedStream_handsOverWhatItHolds() {
    owner.onReceive = { stream in stream.pauseReading() }
    far.output.append(String(repeating: "x", count: 100_000))
    far.flush()
    run(loop) { owner.bytes > 0 }
    owner.onReceive = nil
    near.endInput()
    #expect(owner.bytes == 100_000)
    loop.close()
  }

  @Test func endInput_thenClose_isNoResetForThePeer() {
    far.send("question")
    far.flush()
    near.endInput()
    near.send("last words")
    near.closeAfterFlush()
    run(loop) { peer.isClosed }
    #expect(peer.events == [.received("last words"), .end, .closed(nil)])
    loop.close()
  }

  // MARK: Memory

  @Test func idleStream_holdsNoBuffers() {
    far.send("hello")
    run(loop) { !owner.events.isEmpty }
    let input = near.input.capacity
    #expect(input == 0)
    let output = far.output.capacity
    #expect(output <= 1024)
  }

  @Test func partOfAMessage_isKeptInASmallBuffer() {
    let picky = PickyOwner()
    near.changeOwner(to: picky)
    far.send("part")
    run(loop) { !picky.seen.isEmpty }
    let capacity = near.input.capacity
    #expect(capacity <= 64)
  }

  @Test func outputMemory_isGivenBack_whenIdle() {
    peer.countsOnly = true
    near.output.append(String(repeating: "x", count: 100_000))
    near.markDirty()
    run(loop) { peer.bytes == 100_000 }
    run(loop) {
      let capacity = near.output.capacity
      return capacity == 0
    }
  }

  // MARK: Peer

  @Test func peerCredentials_areOurs() throws {
    let credentials = try near.peerCredentials()
    #expect(credentials.processID == getpid())
    #expect(credentials.userID == geteuid())
    #expect(credentials.groupID == getegid())
    let count = getgroups(0, nil)
    #expect(credentials.groups.count == Int(count))
    #expect(credentials.isMember(of: getegid()))
  }
}

/// An owner that takes nothing.
private final class PickyOwner: SocketStreamOwner {
  var seen: [String] = []

  func streamReceived(_ stream: SocketStream) {
    let input = stream.input.take()
    seen.append(text(input.span))
    stream.input.append(input.span)
  }
  func streamClosed(_ stream: SocketStream, _ error: Errno?) {}
}

/// The only one who holds a stream, until something arrives on it.
private final class Holder: SocketStreamOwner {
  var stream: SocketStream?

  func makePair(on loop: EventLoop) throws -> SocketStream {
    let (third, fourth) = try SocketStream.pair(on: loop)
    third.start(owner: self)
    stream = third
    return fourth
  }

  func streamReceived(_ stream: SocketStream) { self.stream = nil }
  func streamClosed(_ stream: SocketStream, _ error: Errno?) {}
}

extension SocketStream {
  /// What a peer does that only ends its output.
  func endOutputForTest() { shutdown(descriptor?.number ?? -1, CInt(SHUT_WR)) }
}
