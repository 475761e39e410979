import Testing
import Transport
import WebSocket

@testable import III

extension LessonTests {
  // MARK: 8

  @Test func lesson08_noByteIsLostWhenCloseFollowsWrite() throws {
    let scene = try ChannelScene()
    let (sender, outcomes) = (scene.sender(), Outcomes())
    let written = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    sender.send(1, .bytes, written, outcomes.expect("written"))
    sender.close(2, outcomes.expect("closed"))
    sender.close(3, outcomes.expect("closed"))
    try scene.run { outcomes.words.count == 3 }
    #expect(outcomes.words == ["written", "closed", "closed"])
    let session = try #require(scene.sessions.first)
    #expect(session.bytes == written && session.items.count == 16, "in pieces of 64 KiB")
    #expect(session.end == .closedByPeer(.normal, ""))
    sender.close(4, outcomes.expect("again"))
    #expect(outcomes.words.last == "again" && scene.sessions.count == 1)
  }

  @Test func lesson08_whoNeverWroteTellsOfTheEnd() throws {
    let scene = try ChannelScene()
    let (sender, outcomes) = (scene.sender(), Outcomes())
    sender.close(1, outcomes.expect("closed"))
    try scene.run { outcomes.words == ["closed"] }
    #expect(scene.sessions.first?.items == [.bytes([])])
  }

  // MARK: 9

  @Test func lesson09_whatIsWrittenBeforeTheConnectionIsOpenKeepsItsOrder() throws {
    let scene = try ChannelScene()
    let (sender, outcomes) = (scene.sender(), Outcomes())
    for number in 0..<20 {
      sender.send(number, number % 2 == 0 ? .text : .bytes, Array("\(number)".utf8), outcomes.expect("\(number)"))
    }
    try scene.run { scene.sessions.first?.items.count == 20 }
    let expected = (0..<20).map { $0 % 2 == 0 ? ChannelItem.text("\($0)") : .bytes(Array("\($0)".utf8)) }
    #expect(scene.sessions.first?.items == expected)
    #expect(scene.sessions.count == 1, "an open or opening connection is used again")
    #expect(outcomes.words == (0..<20).map { "\($0)" })
    sender.finish(.success(()))
  }

  @Test func lesson09_nothingIsWrittenIntoAConnectionThatCloses() throws {
    let scene = try ChannelScene()
    let (sender, outcomes) = (scene.sender(), Outcomes())
    sender.close(1, outcomes.expect("closed"))
    sender.send(2, .text, Array("too late".utf8), outcomes.expect("written"))
    try scene.run { outcomes.words.count == 2 }
    #expect(outcomes.words == ["written: closed", "closed"])
    #expect(scene.sessions.first?.items == [.bytes([])])
  }

  @Test func lesson09_aFailedAttemptIsReplacedAtTheNextWrite() throws {
    let scene = try ChannelScene()
    let (sender, outcomes) = (scene.sender(), Outcomes())
    scene.away()
    sender.send(1, .text, [65], outcomes.expect("first"))
    try scene.run { outcomes.words == ["first: notConnected"] }
    try scene.listen()
    sender.send(2, .text, [66], outcomes.expect("second"))
    try scene.run { scene.sessions.first?.items == [.text("B")] }
    sender.finish(.success(()))
  }

  @Test func lesson09_aDeadConnectionIsNoticed() throws {
    let scene = try ChannelScene()
    let (sender, outcomes) = (scene.sender(), Outcomes())
    sender.send(1, .text, [65], outcomes.expect("first"))
    try scene.run { scene.sessions.first?.items.count == 1 }
    scene.sessions.first?.connection.abort()
    try scene.run { sender.hasEnded }
    sender.send(2, .text, [66], outcomes.expect("second"))
    sender.close(3, outcomes.expect("closed"))
    #expect(outcomes.words == ["first", "second: lost", "closed: lost"])
    #expect(scene.sessions.count == 1, "an end is taken once: connecting again would be of no use")
  }
}
