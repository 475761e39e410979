import Bytes
import Foundation
import Testing
import Transport
import WebSocket

@testable import III

/// What real engines and SDKs said to each other (Tests/Fixtures/recorded): every frame of an engine is understood, and
/// what we send for the same call has the members that the SDKs send. Differences: docs/engine-frames.md.
@Suite struct RecordingTests {
  struct Line {
    var file: String
    var toWorker: Bool
    var text: String
    var frame: [String: Any]
    var type: String { frame["type"] as? String ?? "" }
  }

  static func lines() throws -> [Line] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../Fixtures/recorded").standardizedFileURL
    var lines: [Line] = []
    let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    for case let url as URL in files where url.pathExtension == "jsonl" {
      for text in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") {
        let line = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        guard let line, line["path"] as? String == "/", let text = line["text"] as? String,
          let frame = FakeEngine.decode(text)
        else { continue }
        lines.append(Line(file: url.path, toWorker: line["dir"] as? String == "e2w", text: text, frame: frame))
      }
    }
    return lines
  }

  static func value(_ text: String, _ range: Range<Int>?) -> NSObject? {
    guard let range else { return nil }
    let part = Data(Array(text.utf8)[range])
    return (try? JSONSerialization.jsonObject(with: part, options: .fragmentsAllowed)) as? NSObject
  }

  static func expect(_ line: Line, _ members: [String: Range<Int>?]) {
    for (name, range) in members {
      #expect(value(line.text, range) == line.frame[name] as? NSObject, "\(name) of \(line.text)")
    }
  }

  @Test func everyTypeOfAFrameHasAName() throws {
    let types = try Set(Self.lines().map(\.type))
    #expect(types.count >= 10)
    for type in types { #expect(MessageType(rawValue: type) != nil, "\(type)") }
    #expect(Set(MessageType.allCases.map(\.rawValue)).count == 26)
  }

  @Test func everyFrameOfAnEngineIsUnderstood() throws {
    var reader = EngineMessageReader()
    var types: [String: Int] = [:]
    for line in try Self.lines() where line.toWorker {
      types[line.type, default: 0] += 1
      let id = (line.frame["invocation_id"] as? String).flatMap { UUIDBits($0.utf8.span) }
      switch reader.read(line.text.utf8.span) {
      case .workerRegistered(let workerID, let token, let features):
        #expect(line.type == "workerregistered" && workerID == line.frame["worker_id"] as? String)
        #expect(
          token == line.frame["reattach_token"] as? String && features == line.frame["features"] as? [String] ?? [])
      case .invocation(let read, let members):
        #expect(line.type == "invokefunction" && read == id)
        Self.expect(
          line,
          [
            "function_id": members.functionID, "data": members.payload, "metadata": members.metadata,
            "traceparent": members.traceparent, "baggage": members.baggage, "namespace": members.namespace,
          ])
      case .result(let read, .result(let range)):
        #expect(line.type == "invocationresult" && read == id && line.frame["error"] == nil)
        Self.expect(line, ["result": range])
      case .result(let read, .error(let code, let message, let stacktrace)):
        let error = try #require(line.frame["error"] as? [String: Any])
        #expect(line.type == "invocationresult" && read == id)
        #expect(Self.value(line.text, code) == error["code"] as? NSObject)
        #expect(Self.value(line.text, message) == error["message"] as? NSObject)
        #expect(Self.value(line.text, stacktrace) == error["stacktrace"] as? NSObject)
      case .registrationRejected(let rejection):
        #expect(line.type == "registrationrejected" && rejection.code == line.frame["code"] as? String)
        #expect(rejection.functionID == line.frame["function_id"] as? String)
        #expect(rejection.owner == line.frame["owner_worker_id"] as? String)
        #expect(rejection.namespace == line.frame["namespace"] as? String)
      case .trigger(let members):
        #expect(line.type == "registertrigger")
        Self.expect(
          line,
          [
            "id": members.id, "trigger_type": members.triggerType, "function_id": members.functionID,
            "config": members.config, "metadata": members.metadata, "namespace": members.namespace,
          ])
      case .triggerRemoved(let members):
        #expect(line.type == "unregistertrigger")
        Self.expect(line, ["id": members.id, "trigger_type": members.triggerType])
      case .triggerResult(let id, let failure):
        let error = line.frame["error"] as? [String: String]
        #expect(line.type == "triggerregistrationresult" && id == line.frame["id"] as? String)
        #expect(failure?.code == error?["code"] && failure?.message == error?["message"])
      case let other: Issue.record("\(other): \(line.text)")
      }
    }
    #expect(
      types["invocationresult"] ?? 0 > 50 && types["invokefunction"] ?? 0 > 50 && types["workerregistered"] ?? 0 > 50)
  }

  /// What we send for a call that an SDK has sent, decoded.
  static func call(_ frame: [String: Any]) throws -> [String: Any] {
    var text: [UInt8] = []
    func place(_ name: String) throws -> Range<Int>? {
      guard let value = frame[name] else { return nil }
      let start = text.count
      text += Array(try JSONSerialization.data(withJSONObject: value, options: .fragmentsAllowed))
      return start..<text.count
    }
    var members = InvocationMembers(functionID: try place("function_id") ?? 0..<0)
    members.payload = try place("data")
    members.metadata = try place("metadata")
    members.namespace = try place("namespace")
    members.traceparent = try place("traceparent")
    members.baggage = try place("baggage")
    let action = frame["action"] as? [String: Any]
    if let queue = action?["queue"] as? String {
      let start = text.count
      text += EngineLink.token(queue)
      members.queue = start..<text.count
    }
    let kinds: [String: CallAction] = ["void": .void, "enqueue": .enqueue]
    var call = OutgoingCall(
      id: nil, members: members, action: kinds[action?["type"] as? String ?? ""] ?? .synchronous,
      inheritedNamespace: nil)
    if call.action != .void {
      let id = frame["invocation_id"] as? String ?? ""
      call.id = UUIDBits(id.utf8.span)
    }
    var buffer = ByteBuffer()
    call.append(text.span, to: &buffer)
    let count = buffer.count
    #expect(count == call.size, "the size is told before the frame is written")
    let written = String(utf8: buffer.span) ?? ""
    return try #require(FakeEngine.decode(written), "\(written)")
  }

  @Test func ourCallsHaveTheMembersOfTheirs() throws {
    var count = 0
    for line in try Self.lines()
    where !line.toWorker && line.type == "invokefunction"
      && line.frame["function_id"] as? String != "engine::workers::register"
    {
      count += 1
      var theirs = line.frame
      // We always send it; engines drop a call without (section 2.10).
      if theirs["data"] == nil { theirs["data"] = NSNull() }
      let ours = try Self.call(line.frame)
      #expect(ours as NSDictionary == theirs as NSDictionary)
    }
    #expect(count > 100)
  }

  @Test func ourAnswersHaveTheMembersOfTheirs() throws {
    var count = 0
    for line in try Self.lines() where !line.toWorker && line.type == "invocationresult" {
      count += 1
      var theirs = line.frame
      // Engines throw both away (section 3.1), so we leave them out.
      theirs["traceparent"] = nil
      theirs["baggage"] = nil
      if theirs["error"] == nil, theirs["result"] == nil { theirs["result"] = NSNull() }
      let idText = theirs["invocation_id"] as? String ?? ""
      let id = UUIDBits(idText.utf8.span)
      let answer = OutgoingAnswer(id: try #require(id))
      let token = EngineLink.token(theirs["function_id"] as? String ?? "")
      var buffer = ByteBuffer()
      var size = 0
      if let error = theirs["error"] as? [String: String] {
        let code = EngineLink.token(error["code"] ?? "")
        let message = EngineLink.token(error["message"] ?? "")
        let stacktrace = error["stacktrace"].map(EngineLink.token)
        let text = code + message + (stacktrace ?? [])
        let trace = stacktrace.map { _ in (code.count + message.count)..<text.count }
        answer.append(
          functionToken: token.span, errorTokens: text.span, code: 0..<code.count,
          message: code.count..<(code.count + message.count), stacktrace: trace, to: &buffer)
        size = answer.size(
          functionToken: token.span, code: code.count, message: message.count, stacktrace: stacktrace?.count)
        var copy = ByteBuffer()
        answer.append(
          functionToken: token.span, code: error["code"] ?? "", message: error["message"] ?? "",
          stacktrace: error["stacktrace"], to: &copy)
        let same = String(utf8: copy.span) == String(utf8: buffer.span)
        #expect(same)
      } else {
        let result = try JSONSerialization.data(
          withJSONObject: theirs["result"] ?? NSNull(), options: .fragmentsAllowed)
        let text = Array(result)
        answer.append(functionToken: token.span, result: text.span, to: &buffer)
        size = answer.size(functionToken: token.span, result: text.count)
      }
      let count = buffer.count
      #expect(count == size)
      let ours = FakeEngine.decode(String(utf8: buffer.span) ?? "") ?? [:]
      #expect(ours as NSDictionary == theirs as NSDictionary)
    }
    #expect(count > 50)
  }

  @Test func ourRegistrationsAreTheirs() throws {
    let scene = try LinkScene()
    try scene.connect()
    let session = try scene.session()
    var theirs: [String: [String: Any]] = [:]
    for line in try Self.lines() where !line.toWorker && line.type == "registerfunction" {
      let id = line.frame["id"] as? String ?? ""
      theirs[id] = line.frame
      #expect(Set(line.frame.keys).isSubset(of: ["type", "id", "description", "metadata"]))
      let metadata = try line.frame["metadata"].map { metadata in
        try JSON(parsing: Array(JSONSerialization.data(withJSONObject: metadata)))
      }
      let definition = try FunctionDefinition(
        of: id, description: line.frame["description"] as? String, metadata: metadata, requestFormat: nil,
        responseFormat: nil)
      scene.link.registerFunction(id, definition: definition.utf8)
    }
    #expect(theirs.count > 10)
    try scene.run { Set(session.frames("registerfunction").map { $0["id"] as? String ?? "" }).count == theirs.count }
    for frame in session.frames("registerfunction") {
      let id = frame["id"] as? String ?? ""
      let same = session.frames("registerfunction").last { $0["id"] as? String == id }
      #expect(same as NSDictionary? == theirs[id] as NSDictionary?)
    }
  }

  @Test func theAnnounceDiffersAsWritten() throws {
    var options = LinkOptions(
      url: WebSocketURL(isSecure: false, host: "h", port: 1), name: "w", version: "1")
    options.namespace = "shop"
    options.description = "a worker"
    let ours = try #require(
      FakeEngine.decode(String(decoding: Announce(options).data, as: UTF8.self)) as [String: Any]?)
    var names: Set<String> = []
    var telemetry: Set<String> = []
    for line in try Self.lines() where line.frame["function_id"] as? String == "engine::workers::register" {
      guard !line.toWorker, let data = line.frame["data"] as? [String: Any] else { continue }
      names.formUnion(data.keys)
      telemetry.formUnion((data["telemetry"] as? [String: Any] ?? [:]).keys)
    }
    #expect(Set(ours.keys).symmetricDifference(names) == ["description"], "the recorded workers had none")
    let ourTelemetry = Set((ours["telemetry"] as? [String: Any] ?? [:]).keys)
    #expect(ourTelemetry.symmetricDifference(telemetry) == ["amplitude_api_key", "project_name"])
    #expect(ours["pid"] as? Int == Int(ProcessInfo.processInfo.processIdentifier))
    #expect((ours["os"] as? String)?.hasPrefix("Linux ") == true && (ours["os"] as? String)?.hasSuffix(")") == true)
  }

  @Test func ourReattachIsTheirs() throws {
    let scene = try LinkScene()
    try scene.connect()
    try scene.run { scene.link.status.workerID != nil }
    try scene.session().connection.abort()
    try scene.run { scene.engine.sessions.count == 2 && scene.link.state == .connected }
    let ours = try Set(scene.session().frames[0].keys)
    let recorded = try Self.lines().filter {
      !$0.toWorker && $0.type == "reattach" && $0.frame["reattach_token"] != nil
    }
    #expect(!recorded.isEmpty)
    for line in recorded { #expect(Set(line.frame.keys) == ours) }
  }
}
