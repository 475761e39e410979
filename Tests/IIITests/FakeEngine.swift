import Bytes
import Foundation
import TestSupport
import Transport
import WebSocket

@testable import III

/// The engine's end of links under test, in the same process on the same loop: it notes what it is sent, and answers
/// what a real engine answers, unless told otherwise.
final class FakeEngine: WebSocketConnectionOwner {
  /// One connection.
  final class Session {
    let connection: WebSocketConnection
    var texts: [String] = []
    var end: WebSocketCloseReason?

    init(_ connection: WebSocketConnection) { self.connection = connection }

    func send(_ text: String) { connection.send(text: text) }

    /// The frames that were received, decoded.
    var frames: [[String: Any]] { texts.compactMap(FakeEngine.decode) }
    /// The frames of a type.
    func frames(_ type: String) -> [[String: Any]] { frames.filter { $0["type"] as? String == type } }
    /// What was called, without the link's own calls.
    var calls: [[String: Any]] {
      frames("invokefunction").filter { !FakeEngine.isOwnCall($0["function_id"] as? String ?? "") }
    }
    /// A word for each frame, in order.
    var words: [String] {
      frames.map { frame in
        let type = frame["type"] as? String ?? "?"
        guard let name = (frame["function_id"] ?? frame["id"]) as? String else { return type }
        return "\(type) \(name)"
      }
    }
  }

  /// What becomes of a connection.
  enum Reception {
    case accept
    case refuse(status: Int)
    case drop
  }

  let loop: EventLoop
  private(set) var listener: Listener?
  private let place: OwnPort
  var sessions: [Session] = []
  var reception = Reception.accept
  /// How many connections came, whatever became of them.
  var arrivals = 0
  private var dropped: [SocketStream] = []
  /// Whether the greeting, announces, barriers and questions are answered.
  var greets = true
  var announceAnswer: String? = #""result":{"success":true}"#
  var barrierAnswer: String? = #""result":{"value":null}"#
  /// The answer to a question, from its argument; nil says nothing.
  var informationAnswer: ([String: Any], Session) -> String? = FakeEngine.rows
  /// The answer to the question which functions a worker has; nil says nothing.
  var listAnswer: String? = #""result":{"functions":[]}"#
  var token = "token"
  /// Told of each text that comes.
  var heard: (String) -> Void = { _ in }
  /// Whether calls go to the connection that registered the function, and results back.
  var routes = false
  private var callers: [String: Session] = [:]
  var port: UInt16 { place.number }

  static func decode(_ text: String) -> [String: Any]? {
    (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any]
  }

  static func isOwnCall(_ function: String) -> Bool {
    ["engine::workers::register", "engine::baggage::get", "engine::functions::info", "engine::functions::list"]
      .contains(function)
  }

  /// What a newer engine knows about the functions that were registered on the connection.
  static func rows(_ data: [String: Any], _ session: Session) -> String? {
    let known = Set(session.frames("registerfunction").compactMap { $0["id"] as? String })
    func row(_ id: String) -> String {
      known.contains(id)
        ? #"{"function_id":"\#(id)","worker_name":"w"}"# : #"{"function_id":"\#(id)","error":"not_found"}"#
    }
    if let ids = data["function_ids"] as? [String] {
      return #""result":{"functions":[\#(ids.map(row).joined(separator: ","))]}"#
    }
    let id = data["function_id"] as? String ?? ""
    return known.contains(id) ? #""result":\#(row(id))"# : #""error":{"code":"NOT_FOUND","message":"no"}"#
  }

  init(on loop: EventLoop) throws {
    self.loop = loop
    place = try OwnPort()
    try listen()
  }

  func listen() throws {
    listener = try Listener(on: loop, inherited: place.listen()) { [unowned self] in accept($0) }
  }

  /// Ends listening: connecting is refused from now on.
  func away() {
    place.refuse()
    listener?.close()
    listener = nil
  }

  private func accept(_ stream: SocketStream) {
    arrivals += 1
    if case .drop = reception {
      stream.close()
      return
    }
    let connection = WebSocketConnection(
      accepting: stream, limits: FrameLimits(maximumFrame: 80 << 20, maximumMessage: 80 << 20), owner: self
    ) { [unowned self] _ in
      if case .refuse(let status) = reception { return .reject(status: status, body: "") }
      return .accept
    }
    sessions.append(Session(connection))
  }

  private func session(_ connection: WebSocketConnection) -> Session? {
    sessions.first { $0.connection === connection }
  }

  /// The connection that was made last.
  var last: Session? { sessions.last }

  func webSocketOpened(_ connection: WebSocketConnection) {
    guard greets else { return }
    session(connection)?.send(
      #"{"type":"workerregistered","worker_id":"worker-\#(sessions.count)","reattach_token":"\#(token)-\#(sessions.count)"}"#
    )
  }

  func webSocket(_ connection: WebSocketConnection, received kind: MessageKind, _ payload: Span<UInt8>) {
    guard let session = session(connection), let text = String(utf8: payload) else { return }
    session.texts.append(text)
    heard(text)
    if routes { route(text, session) }
    guard let frame = Self.decode(text), frame["type"] as? String == "invokefunction",
      let id = frame["invocation_id"] as? String, let function = frame["function_id"] as? String
    else { return }
    let data = frame["data"] as? [String: Any] ?? [:]
    let answer: String?
    switch function {
    case "engine::workers::register": answer = announceAnswer
    case "engine::baggage::get": answer = barrierAnswer
    case "engine::functions::info": answer = informationAnswer(data, session)
    case "engine::functions::list": answer = listAnswer
    default: return
    }
    if let answer { reply(session, id, answer, function: function) }
  }

  private func route(_ text: String, _ session: Session) {
    guard let frame = Self.decode(text), let function = frame["function_id"] as? String, !Self.isOwnCall(function)
    else { return }
    let id = frame["invocation_id"] as? String ?? UUID().uuidString.lowercased()
    switch frame["type"] as? String {
    case "invocationresult": callers.removeValue(forKey: id)?.send(text)
    case "invokefunction":
      let action = (frame["action"] as? [String: Any])?["type"] as? String
      if action == "enqueue" { return reply(session, id, #""result":{"messageReceiptId":"r1"}"#, function: function) }
      if action == nil { callers[id] = session }
      let owner = sessions.last { session in
        session.end == nil && session.frames("registerfunction").contains { $0["id"] as? String == function }
      }
      guard let owner else {
        return reply(session, id, #""error":{"code":"function_not_found","message":"no"}"#, function: function)
      }
      var forwarded = frame
      forwarded["invocation_id"] = id
      forwarded["action"] = nil
      forwarded["namespace"] = nil
      guard let data = try? JSONSerialization.data(withJSONObject: forwarded) else { return }
      owner.send(String(decoding: data, as: UTF8.self))
    default: break
    }
  }

  /// Sends an `invocationresult`.
  func reply(_ session: Session, _ id: String, _ members: String, function: String = "f") {
    session.send(#"{"type":"invocationresult","invocation_id":"\#(id)","function_id":"\#(function)",\#(members)}"#)
  }

  func webSocketClosed(_ connection: WebSocketConnection, _ reason: WebSocketCloseReason) {
    session(connection)?.end = reason
  }
}
