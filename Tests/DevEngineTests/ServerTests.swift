import Bytes
import TestSupport
import Testing
import WebSocket

@testable import DevEngine
@testable import Transport

@Suite("The server, over real sockets", .serialized)
struct ServerTests {
  /// A server and its clients on one loop, driven turn by turn.
  private final class Room {
    let loop: EventLoop
    let server: DevEngineServer
    var log: [String] { lines.lines }
    private let lines: Lines

    private final class Lines {
      var lines: [String] = []
    }

    init(testHooks: Bool = false, listeners: [ListenerOptions] = []) throws {
      loop = try EventLoop()
      var options = ServerOptions()
      options.listeners = [ListenerOptions(port: 0)] + listeners
      options.engine.testHooks = testHooks
      let lines = Lines()
      self.lines = lines
      server = try DevEngineServer(on: loop, options: options) { lines.lines.append("\($0.name): \($1)") }
    }

    deinit {
      server.close()
      loop.close()
    }

    func client(path: String = "/", listener: Int = 0) throws -> Client {
      try Client(on: loop, WebSocketURL("ws://127.0.0.1:\(server.ports[listener])\(path)"))
    }

    /// The next message to `client`.
    func next(_ client: Client) -> String? {
      loop.run { !client.messages.isEmpty || client.end != nil } && !client.messages.isEmpty
        ? client.messages.removeFirst() : nil
    }

    /// A client that has announced itself.
    func worker(_ name: String) throws -> Client {
      let client = try client()
      #expect(next(client)?.contains("workerregistered") == true)
      client.socket?.send(
        text: #"{"type":"invokefunction","invocation_id":"aaaaaaaa-0000-4000-8000-000000000000","#
          + #""function_id":"engine::workers::register","data":{"name":"\#(name)","pid":1}}"#)
      #expect(next(client)?.contains("success") == true)
      return client
    }
  }

  private final class Client: WebSocketConnectionOwner {
    var socket: WebSocketConnection?
    var messages: [String] = []
    var end: WebSocketCloseReason?

    init(on loop: EventLoop, _ url: WebSocketURL) {
      socket = WebSocketConnection(connectingTo: url, on: loop, owner: self)
    }

    func webSocketOpened(_ connection: WebSocketConnection) {}
    func webSocket(_ connection: WebSocketConnection, received kind: MessageKind, _ payload: Span<UInt8>) {
      messages.append(String(utf8: payload) ?? "no UTF-8")
    }
    func webSocketClosed(_ connection: WebSocketConnection, _ reason: WebSocketCloseReason) {
      end = reason
      socket = nil
    }
  }

  @Test func callCrosses() throws {
    let room = try Room()
    let executor = try room.worker("executor")
    let caller = try room.worker("caller")
    executor.socket?.send(text: #"{"type":"registerfunction","id":"f"}"#)
    executor.socket?.send(text: #"{"type":"ping"}"#)
    #expect(room.next(executor) == #"{"type":"pong"}"#)
    let id = "bbbbbbbb-0000-4000-8000-000000000000"
    // As a binary frame, and larger than a frame may be fragmented on the way out.
    let large = String(repeating: "x", count: 17 << 20)
    caller.socket?.send(.binary, sizeHint: large.utf8.count) {
      $0.append(#"{"type":"invokefunction","invocation_id":"\#(id)","function_id":"f","data":"\#(large)"}"#)
    }
    let received = room.next(executor)
    let expected = #"{"type":"invokefunction","invocation_id":"\#(id)","function_id":"f","data":"\#(large)"}"#
    #expect(received?.utf8.count == expected.utf8.count)
    #expect(received == expected)
    executor.socket?.send(text: #"{"type":"invocationresult","invocation_id":"\#(id)","function_id":"f","result":1e2}"#)
    #expect(
      room.next(caller) == #"{"type":"invocationresult","invocation_id":"\#(id)","function_id":"f","result":100.0}"#)
  }

  @Test(arguments: ["/nope", "/ws/channels/x?key=1&dir=read", "/otel/x"])
  func otherPathsAreNotFound(_ path: String) throws {
    let room = try Room()
    let client = try room.client(path: path)
    #expect(room.loop.run { client.end != nil })
    guard case .handshakeFailed(let error) = client.end else {
      Issue.record("\(String(describing: client.end))")
      return
    }
    #expect(error.status == 404)
  }

  @Test func telemetryIsNoWorker() throws {
    let room = try Room()
    let client = try room.client(path: "/otel?x=1")
    #expect(room.loop.run { client.socket?.isOpen == true })
    client.socket?.send(.binary, sizeHint: 6) { $0.append("OTLP{}") }
    client.socket?.send(text: #"{"type":"ping"}"#)
    let worker = try room.worker("w")
    #expect(client.messages.isEmpty)
    #expect(room.server.state.workers.count == 1)
    worker.socket?.send(.binary, sizeHint: 6) { $0.append("LOGS{}") }
    worker.socket?.send(text: "  ")
    worker.socket?.send(text: #"{"type":"ping"}"#)
    #expect(room.next(worker) == #"{"type":"pong"}"#)
    #expect(!room.log.contains { $0.contains("dropped") })
  }

  /// A channel's end in a reference: where to open it.
  private static func path(_ reference: JSONValue) throws -> String {
    let members = try #require(reference.object)
    let (id, key) = (members["channel_id"]?.string ?? "", members["access_key"]?.string ?? "")
    return "/ws/channels/\(id)?key=\(key)&dir=\(members["direction"]?.string ?? "")"
  }

  @Test func theEngineMayWriteAChannel() throws {
    let room = try Room()
    let (writer, reference) = try room.server.makeChannelToWrite()
    for number in 0..<64 { writer.write(.text, Array("\(number)".utf8)) }
    #expect(writer.isFull)
    var resumed = false
    writer.resumed = { resumed = true }
    let client = try room.client(path: Self.path(reference))
    #expect(room.loop.run { client.messages.count == 64 })
    #expect(resumed && !writer.isFull)
    writer.write(.text, Array("last".utf8))
    writer.finish()
    #expect(room.loop.run { client.end != nil })
    #expect(client.messages == (0..<64).map { "\($0)" } + ["last"])
    #expect(client.end == .closedByPeer(nil, ""))
  }

  @Test func theEngineMayReadAChannel() throws {
    let room = try Room()
    let (reader, reference) = try room.server.makeChannelToRead()
    var items: [ChannelReading] = []
    reader.readable = {
      while true {
        let item = reader.next()
        if item == .nothing { return }
        items.append(item)
        if item == .end { return reader.cancel() }
      }
    }
    let client = try room.client(path: Self.path(reference))
    #expect(room.loop.run { client.socket?.isOpen == true })
    client.socket?.send(text: "one")
    client.socket?.send(.binary, sizeHint: 1) { $0.append(2) }
    client.socket?.close()
    #expect(room.loop.run { items.last == .end })
    #expect(items == [.item(ChannelItem(.text, Array("one".utf8))), .item(ChannelItem(.binary, [2])), .end])
    #expect(room.server.state.channels.channels.isEmpty && room.server.channelEnds.isEmpty)
  }

  @Test func whoReadsNothingMakesTheWriterWait() throws {
    let room = try Room()
    let (reader, reference) = try room.server.makeChannelToRead()
    let client = try room.client(path: Self.path(reference))
    #expect(room.loop.run { client.socket?.isOpen == true })
    let piece = [UInt8](repeating: 7, count: 64 << 10)
    for _ in 0..<400 { client.socket?.send(.binary, sizeHint: piece.count) { $0.append(piece.span) } }
    // What the kernel holds is a few MiB; the channel has 64 messages.
    #expect(room.loop.run { client.socket?.bytesWritten ?? 0 > 64 * piece.count })
    for _ in 0..<20 { room.loop.runOnce(waiting: false) }
    #expect(client.socket?.pendingOutput ?? 0 > 0)
    var count = 0
    #expect(
      room.loop.run {
        while case .item = reader.next() { count += 1 }
        return count == 400
      })
    reader.cancel()
    for _ in 0...2 { client.socket?.send(text: "of no use") }
    #expect(room.loop.run { client.end != nil }, "the third message for nobody drops the writer")
  }

  @Test func droppedFrameIsLogged() throws {
    let room = try Room()
    let worker = try room.worker("w")
    worker.socket?.send(text: #"{"type":"nonsense"}"#)
    #expect(room.loop.run { room.log.contains { $0.hasPrefix("warning: ") && $0.contains("unknown type `nonsense`") } })
    #expect(worker.end == nil)
  }

  @Test func frameBeyondTheLimitEndsTheConnectionWithoutACloseFrame() throws {
    let room = try Room()
    let worker = try room.worker("w")
    // The header alone says it: its length, and a mask key.
    worker.socket?.send(.text, sizeHint: 0) { _ in }
    worker.socket?.stream?.output.append(0x81)
    worker.socket?.stream?.output.append(0xff)
    for byte: UInt8 in [0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0] { worker.socket?.stream?.output.append(byte) }
    #expect(room.loop.run { worker.end != nil })
    guard case .lost = worker.end else {
      Issue.record("\(String(describing: worker.end))")
      return
    }
    #expect(room.loop.run { room.server.connections.isEmpty })
    #expect(room.server.state.workers.isEmpty)
  }

  @Test func nameConflictClosesWithoutACode() throws {
    let room = try Room()
    let first = try room.worker("twin")
    let second = try room.client()
    _ = room.next(second)
    second.socket?.send(
      text: #"{"type":"invokefunction","function_id":"engine::workers::register","data":{"name":"twin","pid":1}}"#)
    #expect(room.next(second)?.contains("WORKER_NAMESPACE_CONFLICT") == true)
    #expect(room.loop.run { second.end != nil })
    #expect(second.end == .closedByPeer(nil, ""))
    #expect(first.end == nil)
  }

  /// A listener that asks the function `auth`.
  private static var guarded: ListenerOptions {
    var listener = ListenerOptions(port: 0)
    listener.rules.access = AccessRules()
    listener.rules.access?.authFunction = "auth"
    return listener
  }

  /// The invocation id in a frame.
  private static func invocation(_ text: String?) -> String {
    text?.split(separator: #""invocation_id":""#).last?.split(separator: "\"").first.map(String.init) ?? ""
  }

  @Test func framesWaitForTheAuthFunctionInOrder() throws {
    let room = try Room(listeners: [Self.guarded])
    let host = try room.worker("host")
    host.socket?.send(text: #"{"type":"registerfunction","id":"auth"}"#)
    host.socket?.send(text: #"{"type":"ping"}"#)
    _ = room.next(host)
    let guest = try room.client(path: "/?token=t", listener: 1)
    #expect(room.loop.run { guest.socket?.isOpen == true })
    guest.socket?.send(text: #"{"type":"nonsense"}"#)
    guest.socket?.send(text: #"{"type":"ping"}"#)
    let asked = room.next(host)
    #expect(asked?.contains(#""query_params":{"token":["t"]}"#) == true)
    host.socket?.send(text: #"{"type":"ping"}"#)
    _ = room.next(host)
    #expect(guest.messages.isEmpty && !room.log.contains { $0.contains("nonsense") })
    host.socket?.send(
      text:
        #"{"type":"invocationresult","invocation_id":"\#(Self.invocation(asked))","function_id":"auth","result":{}}"#)
    #expect(room.next(guest)?.contains("workerregistered") == true)
    #expect(room.next(guest) == #"{"type":"pong"}"#)
    #expect(room.log.contains { $0.contains("nonsense") })
  }

  @Test(arguments: ["/", "/otel"])
  func refusedGuestIsToldAndClosedWithoutACode(_ path: String) throws {
    let room = try Room(listeners: [Self.guarded])
    let guest = try room.client(path: path, listener: 1)
    #expect(
      room.next(guest)
        == #"{"type":"error","error":{"code":"AUTH_ERROR","message":"Function auth not found in namespace default."}}"#)
    #expect(room.loop.run { guest.end != nil })
    #expect(guest.end == .closedByPeer(nil, ""))
    #expect(room.loop.run { room.server.connections.isEmpty })
    #expect(room.server.state.workers.isEmpty)
  }

  @Test func closingTheServerDropsAll() throws {
    let room = try Room()
    let worker = try room.worker("w")
    room.server.close()
    #expect(room.loop.run { worker.end != nil })
    #expect(room.loop.run { room.server.connections.isEmpty })
  }
}
