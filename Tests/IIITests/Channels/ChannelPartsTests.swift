import Testing
import Transport
import WebSocket

@testable import III

@Suite("Parts of channels")
struct ChannelPartsTests {
  // MARK: Outbox

  @Test func bytesAreCutAndTextsAreNot() {
    var outbox = ChannelOutbox()
    let (bytes, text) = ([UInt8](repeating: 1, count: 150_000), [UInt8](repeating: 65, count: 100_000))
    outbox.append(1, .bytes, bytes)
    outbox.append(2, .text, text)
    outbox.append(3, .bytes, [])
    var pieces: [ChannelOutbox.Piece] = []
    while let piece = outbox.next() { pieces.append(piece) }
    #expect(pieces.map(\.range) == [0..<65_536, 65_536..<131_072, 131_072..<150_000, 0..<100_000, 0..<0])
    #expect(pieces.map(\.kind) == [.bytes, .bytes, .bytes, .text, .bytes])
    #expect(pieces.map(\.finished) == [nil, nil, 1, 2, 3])
    #expect(outbox.isEmpty)
  }

  @Test func onlyWhatWasNotBegunIsTakenBack() {
    var outbox = ChannelOutbox()
    outbox.append(1, .bytes, [UInt8](repeating: 1, count: 100_000))
    outbox.append(2, .bytes, [2])
    _ = outbox.next()
    let (begun, waiting, unknown) = (outbox.remove(1), outbox.remove(2), outbox.remove(3))
    #expect(!begun && waiting && unknown)
    let rest = outbox.next()
    #expect(rest?.range == 65_536..<100_000 && outbox.isEmpty)
  }

  // MARK: Inbox

  @Test func anInboxIsFullByBytesOrByMessages() {
    var inbox = ChannelInbox()
    inbox.received(.bytes([UInt8](repeating: 0, count: ChannelInbox.byteMark - 1)))
    #expect(!inbox.isFull)
    inbox.received(.text("ü"))
    #expect(inbox.isFull)
    let items = inbox.takeAll()
    #expect(items.count == 2 && inbox.isEmpty && !inbox.isFull)
    for _ in 0..<ChannelInbox.itemMark { inbox.received(.text("")) }
    #expect(inbox.isFull)
  }

  // MARK: References

  @Test func referencesAreFoundAnywhere() throws {
    let payload = try JSON(
      parsing: #"""
        {"reader":{"direction":"read","access_key":"k\u0031","channel_id":"c1","more":[1]},
         "list":[1,[{"channel_id":"c2","access_key":"k2","direction":"write"}],{"a":{"b":{}}}],
         "none":{"channel_id":"c3","access_key":"k3","direction":"both"},
         "neither":{"channel_id":4,"access_key":"k4","direction":"read"},
         "short":{"channel_id":"c5","access_key":"k5"}}
        """#)
    #expect(
      payload.channelRefs == [
        StreamChannelRef(channelID: "c1", accessKey: "k1", direction: .read),
        StreamChannelRef(channelID: "c2", accessKey: "k2", direction: .write),
      ])
    #expect(JSON.null.channelRefs.isEmpty)
  }

  @Test func aReferenceIsWrittenAsAnEngineDoes() throws {
    let ref = StreamChannelRef(channelID: "c", accessKey: "secret", direction: .write)
    #expect(ref.json.text == #"{"channel_id":"c","access_key":"secret","direction":"write"}"#)
    #expect(try JSON(encoding: ["end": ref]).channelRefs == [ref])
    #expect(try ref.json.decode(StreamChannelRef.self) == ref)
    #expect(!"\(ref)".contains("secret") && "\(ref)".contains("channel c"))
  }

  @Test func anEndIsDecodedOnlyForAWorker() throws {
    struct Argument: Decodable { var reader: ChannelReader }
    let payload: JSON = ["reader": ["channel_id": "c", "access_key": "k", "direction": "read"]]
    #expect(throws: DecodingError.self) { try payload.decode(Argument.self) }
  }

  // MARK: Addresses

  @Test(arguments: [
    ("ws://h:1", "/ws/channels/a?key=k&dir=read"),
    ("ws://h:1/", "/ws/channels/a?key=k&dir=read"),
    ("wss://h/engine//", "/engine/ws/channels/a?key=k&dir=read"),
    ("ws://h:1?token=x&y", "/ws/channels/a?token=x&y&key=k&dir=read"),
    ("ws://h:1/p/?", "/p/ws/channels/a?key=k&dir=read"),
  ])
  func theEnginesPathAndQueryStay(_ engine: String, _ target: String) throws {
    let options = LinkOptions(url: try WebSocketURL(engine), name: "w", version: "1")
    let url = options.channelURL(StreamChannelRef(channelID: "a", accessKey: "k", direction: .read))
    #expect(url.target == target && url.host == "h")
  }

  @Test func whatIsNotPlainIsEscaped() throws {
    let options = LinkOptions(url: try WebSocketURL("ws://h"), name: "w", version: "1")
    let url = options.channelURL(StreamChannelRef(channelID: "a/ü?", accessKey: "k&=%+ ~", direction: .write))
    #expect(url.target == "/ws/channels/a%2F%C3%BC%3F?key=k%26%3D%25%2B%20~&dir=write")
    #expect(try WebSocketURL(url.description).target == url.target)
  }
}
