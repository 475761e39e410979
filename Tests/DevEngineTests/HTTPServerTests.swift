import Bytes
import TestSupport
import Testing

@testable import DevEngine
@testable import Transport

@Suite("The HTTP server, over real sockets", .serialized)
struct HTTPServerTests {
  /// A server with one worker whose function `f` never answers, bound to GET and POST `/f`.
  private final class Room {
    let loop: EventLoop
    let server: DevEngineServer

    init(_ limits: (inout HTTPLimits) -> Void = { _ in }) throws {
      loop = try EventLoop()
      var options = ServerOptions()
      options.listeners[0].port = 0
      options.httpPort = 0
      server = try DevEngineServer(on: loop, options: options) { _, _ in }
      if let http = server.http { limits(&http.limits) }
      server.perform { state, now in
        state.connected(1000, Arrival(address: "127.0.0.1", wallClock: 0), now: now)
        state.settle(1000, in: "default", now)
        state.received(.registration(.registerFunction(FunctionDefinition(id: "f"))), from: 1000, now: now)
        for method in ["GET", "POST"] {
          let config: JSONValue = ["api_path": "/f", "http_method": .string(method)]
          let binding = TriggerBinding(
            id: method, triggerType: "http", functionID: "f", config: config, namespace: "default")
          #expect(state.bind(binding, binder: nil, home: "default", now) == nil)
        }
      }
    }

    deinit {
      server.close()
      loop.close()
    }

    func client(_ text: String = "") throws -> Client {
      let client = Client(on: loop, port: try #require(server.httpPort))
      client.send(text)
      return client
    }

    /// The request that waits for its function, once it does.
    func waiting() -> Int? {
      _ = loop.run { !server.state.httpTriggers.requests.isEmpty }
      return server.state.httpTriggers.requests.keys.first
    }
  }

  private final class Client: SocketStreamOwner {
    private(set) var text = ""
    private(set) var isOver = false
    private var stream: SocketStream?
    private var connector: Connector?
    private var unsent = ByteBuffer()

    init(on loop: EventLoop, port: UInt16) {
      let address = SocketAddress(ip: "127.0.0.1", port: port)
      connector = Connector(on: loop, addresses: [address].compactMap(\.self), deadline: loop.now + 5000) {
        [unowned self] in
        stream = try? SocketStream(on: loop, descriptor: $0, family: .internet)
        stream?.start(owner: self)
        send("")
      } failed: { [unowned self] _ in
        isOver = true
      }
    }

    func send(_ text: String) {
      unsent.append(text)
      guard let stream else { return }
      stream.output.append(unsent.span)
      unsent.removeAll()
      stream.markDirty()
    }

    func pause() { stream?.pauseReading() }
    func close() { stream?.close() }

    func streamReceived(_ stream: SocketStream) {
      text += String(utf8: stream.input.span) ?? ""
      stream.input.removeAll()
    }

    func streamClosed(_ stream: SocketStream, _ error: Errno?) { isOver = true }
  }

  private static let get = "GET /f HTTP/1.1\r\nHost: x\r\n\r\n"

  @Test func functionThatSaysNothingIsGivenUp() throws {
    let room = try Room { $0.function = 30 }
    let client = try room.client(Self.get)
    #expect(room.loop.run { client.isOver })
    #expect(client.text.hasPrefix("HTTP/1.1 504 Gateway Timeout\r\n"))
    #expect(client.text.hasSuffix(#"{"error":{"code":"TIMEOUT","message":"The function did not answer in time"}}"#))
    #expect(room.server.state.httpTriggers.requests.isEmpty)
  }

  @Test func bodyThatStopsIsGivenUp() throws {
    let room = try Room { $0.idle = 30 }
    let client = try room.client(
      "POST /f HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{")
    #expect(room.loop.run { client.isOver })
    #expect(client.text.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
  }

  @Test func clientThatTakesNothingIsDropped() throws {
    let room = try Room { $0.idle = 50 }
    let client = try room.client(Self.get)
    let number = try #require(room.waiting())
    client.pause()
    let body = String(repeating: "x", count: 32 << 20)
    room.server.perform { state, _ in state.httpAnswered(number, ["body": .string(body)], nil) }
    // The answer waits in the kernel and here; nobody takes it.
    #expect(room.loop.run { room.server.http?.connectionCount == 0 })
    client.close()
  }

  @Test func connectionsAreLimited() throws {
    let room = try Room { $0.connections = 2 }
    let first = try room.client(Self.get)
    let second = try room.client(Self.get)
    #expect(room.loop.run { room.server.state.httpTriggers.requests.count == 2 })
    let third = try room.client(Self.get)
    #expect(room.loop.run { third.isOver })
    #expect(third.text.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
    first.close()
    #expect(room.loop.run { room.server.http?.connectionCount == 1 })
    #expect(room.server.state.httpTriggers.requests.count == 1, "a client that has gone is not answered")
    let fourth = try room.client("GET /none HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(room.loop.run { fourth.text.contains("404 Not Found") })
    second.close()
  }

  @Test func answersOfEndedRequestsAreDropped() throws {
    let room = try Room()
    let client = try room.client(Self.get + Self.get)
    let first = try #require(room.waiting())
    room.server.perform { state, _ in state.httpAnswered(first, ["body": 1], nil) }
    #expect(room.loop.run { client.text.hasSuffix("\r\n\r\n1") })
    let second = try #require(room.waiting())
    #expect(second != first)
    room.server.http?.answer(first, .result(["body": 2]))
    room.server.perform { state, _ in state.httpAnswered(second, ["body": 3], nil) }
    #expect(room.loop.run { client.text.hasSuffix("\r\n\r\n3") })
    client.close()
  }
}
