import Bytes
import TestSupport
import Testing
import Transport
import WebSocket

@testable import III

/// The engine's end of channels under test, on the loop of what is tested.
final class ChannelScene: WebSocketConnectionOwner {
  /// One connection.
  final class Session {
    let connection: WebSocketConnection
    var items: [ChannelItem] = []
    var end: WebSocketCloseReason?

    init(_ connection: WebSocketConnection) { self.connection = connection }

    /// All bytes, one behind the other.
    var bytes: [UInt8] {
      items.flatMap { item -> [UInt8] in if case .bytes(let bytes) = item { bytes } else { [] } }
    }
  }

  let loop: EventLoop
  var sessions: [Session] = []
  /// What an engine answers to the request.
  var reply = HandshakeReply.accept
  /// Called when a connection is open.
  var opened: (WebSocketConnection) -> Void = { _ in }
  private var listener: Listener?
  private let place: OwnPort

  init() throws {
    loop = try EventLoop()
    place = try OwnPort()
    try listen()
  }

  func listen() throws {
    listener = try Listener(on: loop, inherited: place.listen()) { [unowned self] stream in
      let connection = WebSocketConnection(accepting: stream, owner: self) { [unowned self] _ in reply }
      sessions.append(Session(connection))
    }
  }

  /// Ends listening: connecting is refused from now on.
  func away() {
    place.refuse()
    listener?.close()
    listener = nil
  }

  deinit {
    away()
    loop.close()
  }

  func endpoint() -> ChannelEndpoint {
    let url = WebSocketURL(isSecure: false, host: "127.0.0.1", port: place.number)
    return ChannelEndpoint(loop: loop, options: LinkOptions(url: url, name: "w", version: "1"))
  }

  func sender() -> ChannelSender { ChannelSender(Self.ref(.write), endpoint()) }
  func receiver() -> ChannelReceiver { ChannelReceiver(Self.ref(.read), endpoint()) }

  static func ref(_ direction: StreamChannelRef.Direction) -> StreamChannelRef {
    StreamChannelRef(channelID: "c", accessKey: "k", direction: direction)
  }

  /// Runs turns of the loop until `condition` holds.
  func run(location: SourceLocation = #_sourceLocation, until condition: () -> Bool) throws {
    guard loop.run(until: condition) else {
      Issue.record("it did not happen", sourceLocation: location)
      throw LinkScene.Late()
    }
  }

  func webSocketOpened(_ connection: WebSocketConnection) { opened(connection) }

  func webSocket(_ connection: WebSocketConnection, received kind: MessageKind, _ payload: Span<UInt8>) {
    let bytes = [UInt8](copying: payload)
    let item = kind == .text ? ChannelItem.text(String(decoding: bytes, as: UTF8.self)) : .bytes(bytes)
    sessions.first { $0.connection === connection }?.items.append(item)
  }

  func webSocketClosed(_ connection: WebSocketConnection, _ reason: WebSocketCloseReason) {
    sessions.first { $0.connection === connection }?.end = reason
  }
}

/// The outcomes that were told, in order, in words.
final class Outcomes {
  private(set) var words: [String] = []

  func expect(_ name: String) -> ChannelSender.Completion {
    { result in
      switch result {
      case .success: self.words.append(name)
      case .failure(let error as ChannelError): self.words.append("\(name): \(error.code)")
      case .failure(let error): self.words.append("\(name): \(error)")
      }
    }
  }

  func expectItems(_ name: String) -> ChannelReceiver.Completion {
    { result in
      switch result {
      case .success(let items): self.words.append("\(name) \(items.count)")
      case .failure(let error as ChannelError): self.words.append("\(name): \(error.code)")
      case .failure(let error): self.words.append("\(name): \(error)")
      }
    }
  }
}
