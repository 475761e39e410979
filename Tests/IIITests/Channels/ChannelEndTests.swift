import Bytes
import Testing
import Transport
import WebSocket

@testable import III

@Suite("Ends of channels, over real sockets", .serialized)
struct ChannelEndTests {
  @Test(arguments: [(404, "notFound"), (400, "invalid"), (503, "notConnected"), (403, "notConnected")])
  func refusalsAreTold(_ status: Int, _ code: String) throws {
    let scene = try ChannelScene()
    scene.reply = .reject(status: status, body: "no")
    let (sender, receiver, outcomes) = (scene.sender(), scene.receiver(), Outcomes())
    sender.send(1, .text, [65], outcomes.expect("written"))
    try scene.run { outcomes.words.count == 1 }
    receiver.take(2, outcomes.expectItems("read"))
    try scene.run { outcomes.words.count == 2 }
    #expect(outcomes.words == ["written: \(code)", "read: \(code)"])
  }

  @Test func anEarlyCloseIsTheSecondTakers() throws {
    let scene = try ChannelScene()
    scene.opened = { $0.close(code: nil) }
    let (sender, receiver, outcomes) = (scene.sender(), scene.receiver(), Outcomes())
    receiver.take(1, outcomes.expectItems("read"))
    try scene.run { outcomes.words == ["read: taken"] }
    sender.close(2, outcomes.expect("closed"))
    try scene.run { outcomes.words.last == "closed: taken" }
  }

  @Test func anEmptyMessageTellsAnEndFromATakenOne() throws {
    let scene = try ChannelScene()
    scene.opened = { connection in
      connection.send(.binary, sizeHint: 0) { _ in }
      connection.close(code: nil)
    }
    let (receiver, outcomes) = (scene.receiver(), Outcomes())
    receiver.take(1, outcomes.expectItems("read"))
    receiver.take(2, outcomes.expectItems("read"))
    try scene.run { outcomes.words.count == 2 }
    #expect(outcomes.words == ["read 1", "read 0"])
  }

  @Test func aReaderThatNobodyReadsStopsReading() throws {
    let scene = try ChannelScene()
    let (receiver, outcomes) = (scene.receiver(), Outcomes())
    receiver.take(1, outcomes.expectItems("read"))
    try scene.run { scene.sessions.first?.connection.isOpen == true }
    let socket = try #require(scene.sessions.first?.connection)
    let piece = [UInt8](repeating: 7, count: 64 * 1024)
    for _ in 0..<640 { socket.send(.binary, sizeHint: piece.count) { $0.append(piece.span) } }
    try scene.run { outcomes.words.count == 1 }
    // As long as the kernel takes more, the reader has not stopped.
    var (before, quiet) = (-1, 0)
    while quiet < 50 {
      quiet = socket.bytesWritten == before ? quiet + 1 : 0
      before = socket.bytesWritten
      scene.loop.runOnce(waiting: false)
    }
    #expect(socket.pendingOutput > 16 << 20)
    var count = 1
    while count < 640 {
      var taken = 0
      receiver.take(2) { if case .success(let items) = $0 { taken = items.count } }
      try scene.run { taken > 0 }
      #expect(taken <= ChannelInbox.byteMark / piece.count + 1)
      count += taken
    }
    receiver.finish(.success(()))
  }

  @Test func aLostConnectionComesBehindWhatHadArrived() throws {
    let scene = try ChannelScene()
    let (receiver, outcomes) = (scene.receiver(), Outcomes())
    receiver.take(1, outcomes.expectItems("first"))
    try scene.run { scene.sessions.first?.connection.isOpen == true }
    let socket = try #require(scene.sessions.first?.connection)
    socket.send(text: "a")
    try scene.run { outcomes.words == ["first 1"] }
    socket.send(text: "b")
    try scene.run { socket.pendingOutput == 0 }
    socket.abort()
    try scene.run { receiver.hasEnded }
    receiver.take(2, outcomes.expectItems("second"))
    receiver.take(3, outcomes.expectItems("third"))
    #expect(outcomes.words == ["first 1", "second 1", "third: lost"])
  }

  @Test func aCancelledWriteTakesBackWhatWasNotBegun() throws {
    let scene = try ChannelScene()
    let (sender, outcomes) = (scene.sender(), Outcomes())
    sender.send(1, .text, [65], outcomes.expect("first"))
    sender.send(2, .text, [66], outcomes.expect("second"))
    sender.cancel(2)
    sender.close(3, outcomes.expect("closed"))
    try scene.run { outcomes.words.count == 3 }
    #expect(outcomes.words == ["second: CancellationError()", "first", "closed"])
    #expect(scene.sessions.first?.items == [.text("A")])
  }

  @Test func anEndThatNobodyHasSendsWhatItHas() throws {
    let scene = try ChannelScene()
    let (sender, outcomes) = (scene.sender(), Outcomes())
    sender.send(1, .text, [65], outcomes.expect("written"))
    try scene.run { outcomes.words == ["written"] }
    var isDone = false
    #expect(sender.abandon { isDone = true })
    try scene.run { isDone }
    #expect(scene.sessions.first?.items == [.text("A")])
    #expect(scene.sessions.first?.end == .closedByPeer(.goingAway, ""))
  }
}
