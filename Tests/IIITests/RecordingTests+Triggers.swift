import Bytes
import Foundation
import Testing

@testable import III

extension RecordingTests {
  /// The member `name` of a recorded frame as its JSON text.
  private static func text(_ frame: [String: Any], _ name: String) throws -> [UInt8]? {
    try frame[name].map { Array(try JSONSerialization.data(withJSONObject: $0, options: .fragmentsAllowed)) }
  }

  private static func expectEqual(_ ours: borrowing ByteBuffer, _ theirs: [String: Any], _ location: String) {
    let text = String(utf8: ours.span) ?? ""
    #expect(FakeEngine.decode(text) as NSDictionary? == theirs as NSDictionary, "\(text) in \(location)")
  }

  @Test func ourTriggerTypesAreTheirs() throws {
    var count = 0
    for line in try Self.lines() where !line.toWorker && line.type == "registertriggertype" {
      count += 1
      var definition = TriggerTypeDefinition(description: line.frame["description"] as? String ?? "")
      definition.triggerRequestFormat = try Self.text(line.frame, "trigger_request_format")
      definition.callRequestFormat = try Self.text(line.frame, "call_request_format")
      definition.namespace = line.frame["namespace"] as? String
      var buffer = ByteBuffer()
      definition.append(id: line.frame["id"] as? String ?? "", to: &buffer)
      Self.expectEqual(buffer, line.frame, line.file)
    }
    #expect(count >= 11)
  }

  @Test func ourTriggersAreTheirs() throws {
    var count = 0
    for line in try Self.lines() where !line.toWorker && line.type == "registertrigger" {
      count += 1
      var theirs = line.frame
      // Python leaves it out when it is none, and engines drop such a frame (section 2.7).
      if theirs["config"] == nil { theirs["config"] = NSNull() }
      // Node's own name for the type, which no engine reads.
      theirs["message_type"] = nil
      var definition = TriggerDefinition(
        triggerType: theirs["trigger_type"] as? String ?? "", functionID: theirs["function_id"] as? String ?? "")
      definition.config = try Self.text(line.frame, "config")
      definition.metadata = try Self.text(line.frame, "metadata")
      definition.namespace = theirs["namespace"] as? String
      definition.triggerNamespace = theirs["trigger_namespace"] as? String
      var buffer = ByteBuffer()
      definition.append(id: theirs["id"] as? String ?? "", inheritedNamespace: nil, to: &buffer)
      Self.expectEqual(buffer, theirs, line.file)
    }
    #expect(count >= 20)
  }

  /// A worker that does what the recorded one did: provides the type, is asked, and answers or refuses.
  @Test func ourAnswersAboutTriggersAreTheirs() throws {
    let scene = try LinkScene()
    try scene.connect()
    let session = try scene.session()
    var theirs: [[String: Any]] = []
    for line in try Self.lines() where !line.toWorker && line.type == "triggerregistrationresult" {
      var frame = line.frame
      frame["message_type"] = nil
      theirs.append(frame)
      let error = frame["error"] as? [String: String]
      let trigger = IncomingTrigger(
        id: frame["id"] as? String ?? "", triggerType: frame["trigger_type"] as? String ?? "",
        functionID: frame["function_id"] as? String ?? "", generation: 1)
      scene.link.answer(
        trigger, failure: error.map { TriggerFailure(code: $0["code"] ?? "", message: $0["message"] ?? "") })
    }
    #expect(theirs.count >= 11)
    try scene.run { session.frames("triggerregistrationresult").count == theirs.count }
    #expect(session.frames("triggerregistrationresult") as NSArray == theirs as NSArray)
  }

  @Test func whatWeTakeBackIsWhatTheyTakeBack() throws {
    let scene = try LinkScene()
    try scene.connect()
    let session = try scene.session()
    var theirs: [[String: Any]] = []
    for line in try Self.lines() where !line.toWorker {
      let id = line.frame["id"] as? String ?? ""
      switch line.type {
      case "unregistertrigger":
        let type = line.frame["trigger_type"] as? String ?? ""
        scene.link.registerTrigger(id, TriggerDefinition(triggerType: type, functionID: "f"))
        scene.link.unregisterTrigger(id)
      case "unregistertriggertype":
        scene.link.registerTriggerType(id, TriggerTypeDefinition(description: "d"))
        scene.link.unregisterTriggerType(id)
      default: continue
      }
      var frame = line.frame
      frame["message_type"] = nil
      theirs.append(frame)
    }
    #expect(theirs.count >= 11)
    func ours() -> [[String: Any]] {
      session.frames.filter { ["unregistertrigger", "unregistertriggertype"].contains($0["type"] as? String) }
    }
    try scene.run { ours().count == theirs.count }
    #expect(ours() as NSArray == theirs as NSArray)
  }
}
