import Testing

@testable import DevEngine

@Suite("Triggers")
struct TriggerTests {
  private static let type = #"{"type":"registertriggertype","id":"t","description":"d"}"#
  private static let refusal =
    #"{"type":"triggerregistrationresult","id":"b","trigger_type":"t","function_id":"f","error":{"code":"x","message":"y"}}"#

  private func bind(_ id: String = "b", config: String = "1", more: String = "") -> String {
    #"{"type":"registertrigger","id":"\#(id)","trigger_type":"t","function_id":"f","config":\#(config)\#(more)}"#
  }

  private static let unbound = #"{"type":"unregistertrigger","id":"b","trigger_type":"t"}"#

  /// A provider 1 and a binder 2.
  private func pair() -> Conversation {
    var engine = Conversation()
    engine.join(1, name: "provider")
    engine.join(2, name: "binder")
    engine.send(2, #"{"type":"registerfunction","id":"f"}"#)
    return engine
  }

  @Test func bindConfirmUnbind() {
    var engine = pair()
    #expect(engine.send(1, Self.type).isEmpty)
    #expect(engine.send(2, bind(more: #","metadata":{"a":1}"#)) == ["1 " + bind(more: #","metadata":{"a":1}"#)])
    #expect(
      engine.send(1, #"{"type":"triggerregistrationresult","id":"b","trigger_type":"t","function_id":"f"}"#).isEmpty)
    // The same id again replaces.
    #expect(engine.send(2, bind(config: "2")) == ["1 " + bind(config: "2")])
    #expect(engine.send(2, #"{"type":"unregistertrigger","id":"b"}"#) == ["1 " + Self.unbound])
    #expect(engine.send(2, #"{"type":"unregistertrigger","id":"b"}"#).isEmpty)
  }

  @Test func unknownTypeIsParkedUntilAProviderComes() {
    var engine = pair()
    #expect(engine.send(2, bind()).isEmpty)
    #expect(engine.send(2, bind("c")).isEmpty)
    #expect(engine.send(1, Self.type) == ["1 " + bind(), "1 " + bind("c")])
  }

  @Test func removedWhileParkedStaysRemoved() {
    var engine = pair()
    engine.send(2, bind())
    #expect(engine.send(2, #"{"type":"unregistertrigger","id":"b"}"#).isEmpty)
    #expect(engine.send(1, Self.type).isEmpty)
  }

  @Test func refusalReachesTheBinderAndParks() {
    var engine = pair()
    engine.send(1, Self.type)
    engine.send(2, bind())
    // Only the provider has a say.
    #expect(engine.send(2, Self.refusal).isEmpty)
    #expect(engine.send(1, Self.refusal) == ["2 " + Self.refusal])
    #expect(engine.state.bindings["b"]?.provider == BindingRecord.Provider.none)
    #expect(engine.send(1, Self.type) == ["1 " + bind()])
  }

  @Test func providerThatComesBackIsToldOnce() {
    var engine = pair()
    engine.send(1, Self.type)
    engine.send(2, bind())
    #expect(engine.disconnect(1).isEmpty)
    engine.join(3, name: "provider")
    #expect(engine.send(3, Self.type) == ["3 " + bind()])
  }

  @Test func lostBinderEndsItsBindings() {
    var engine = pair()
    engine.send(1, Self.type)
    engine.send(2, bind())
    #expect(engine.disconnect(2) == ["1 " + Self.unbound])
    #expect(engine.state.bindings.isEmpty)
  }

  @Test func providerIsLookedForAtHomeThenInDefault() {
    var engine = pair()
    engine.join(3, name: "shop", namespace: "shop")
    engine.send(1, Self.type)
    #expect(engine.send(3, bind()) == ["1 " + bind()])
    // Named, it is looked for there only.
    #expect(engine.send(3, bind("c", more: #","trigger_namespace":"shop""#)).isEmpty)
    // One at home takes over.
    #expect(
      engine.send(3, Self.type) == [
        "1 " + Self.unbound, "3 " + bind(), "3 " + bind("c", more: #","trigger_namespace":"shop""#),
      ])
    engine.join(4, name: "other", namespace: "shop")
    engine.send(4, bind("d"))
    // When it goes, its own bindings end and the others fall back.
    #expect(engine.disconnect(3) == ["1 " + bind("d")])
  }

  @Test(arguments: ["namespace", "trigger_namespace"])
  func blankNamespaceIsRefused(_ member: String) {
    var engine = pair()
    let answer = engine.send(2, bind(more: #","\#(member)":" ""#))
    #expect(answer.count == 1)
    #expect(answer[0].hasPrefix(#"2 {"type":"triggerregistrationresult","id":"b""#))
    #expect(answer[0].contains("INVALID_NAMESPACE"))
  }

  private static func call(_ function: String, _ data: String) -> String {
    #"{"type":"invokefunction","invocation_id":"bbbbbbbb-0000-4000-8000-000000000000","#
      + #""function_id":"\#(function)","data":\#(data)}"#
  }

  @Test func bindingThroughTheFunctionWaitsForTheProviderAndBelongsToNobody() {
    var engine = pair()
    engine.send(1, Self.type)
    let ask = Self.call("engine::register_trigger", #"{"trigger_type":"t","function_id":"f","config":1}"#)
    let id = Conversation.id(5)
    #expect(engine.send(2, ask) == ["1 " + bind(id)])
    let answer = engine.send(
      1, #"{"type":"triggerregistrationresult","id":"\#(id)","trigger_type":"t","function_id":"f"}"#)
    #expect(answer.count == 1)
    #expect(answer[0].hasPrefix("2 ") && answer[0].hasSuffix(#""result":{"id":"\#(id)"}}"#))
    #expect(engine.disconnect(2).isEmpty)
    engine.join(3, name: "c")
    let removed = engine.send(3, Self.call("engine::unregister_trigger", #"{"id":"\#(id)"}"#))
    #expect(removed.count == 2)
    #expect(removed[1].hasSuffix(#""result":{"removed":true}}"#))
  }

  @Test func silenceOfTheProviderIsAYesAfterTenSeconds() {
    var engine = pair()
    engine.send(1, Self.type)
    engine.send(2, Self.call("engine::register_trigger", #"{"trigger_type":"t","function_id":"f"}"#))
    #expect(engine.advance(to: 9999).isEmpty)
    #expect(engine.advance(to: 10_000).count == 1)
    #expect(engine.state.nextDeadline == nil)
  }

  @Test func refusalThroughTheFunctionIsItsError() {
    var engine = pair()
    engine.send(1, Self.type)
    engine.send(2, Self.call("engine::register_trigger", #"{"trigger_type":"t","function_id":"f"}"#))
    let refusal = Self.refusal.replacing(#""id":"b""#, with: #""id":"\#(Conversation.id(5))""#)
    let answer = engine.send(1, refusal)
    #expect(answer.count == 1)
    #expect(answer[0].contains(#""error":{"code":"x","message":"y"}"#))
    #expect(engine.state.bindings.isEmpty)
  }

  @Test func workersAvailable() {
    var engine = pair()
    engine.send(
      2,
      #"{"type":"registertrigger","id":"w","trigger_type":"engine::workers-available","function_id":"f","config":{}}"#)
    // What connection 2 is handed, from the function's id to the end of the data.
    let fired = { (lines: [String]) in
      lines.filter { $0.hasPrefix("2 ") }.map {
        $0[($0.firstRange(of: #""function_id""#)?.lowerBound ?? $0.startIndex)...].prefix { $0 != "}" } + "}}"
      }
    }
    #expect(
      fired(engine.connect(3)) == [
        #""function_id":"f","data":{"event":"worker_connected","worker_id":"\#(Conversation.id(5))"}}"#
      ])
    #expect(
      fired(engine.announce(3, name: "x")) == [
        #""function_id":"f","data":{"event":"worker_metadata_updated","worker_id":"\#(Conversation.id(5))"}}"#
      ])
    #expect(
      fired(engine.disconnect(3)) == [
        #""function_id":"f","data":{"event":"worker_disconnected","worker_id":"\#(Conversation.id(5))"}}"#
      ])
  }

  @Test func functionsAvailableIsPolledWhileItIsBound() {
    var engine = pair()
    engine.send(
      2,
      #"{"type":"registertrigger","id":"w","trigger_type":"engine::functions-available","function_id":"f","config":{}}"#
    )
    #expect(engine.advance(to: 5000).isEmpty)
    engine.send(2, #"{"type":"registerfunction","id":"g"}"#)
    let fired = engine.advance(to: 10_000)
    #expect(fired.count == 1)
    #expect(fired[0].contains(#""data":{"event":"functions_changed","functions":[{"#))
    engine.send(2, #"{"type":"unregistertrigger","id":"w"}"#)
    #expect(engine.advance(to: 15_000).isEmpty)
    #expect(engine.state.nextDeadline == nil)
  }

  @Test func discovery() {
    var engine = pair()
    engine.send(
      1,
      #"{"type":"registertriggertype","id":"t","description":"d","trigger_request_format":1,"call_request_format":2}"#)
    let config = #"{"path":"\#(String(repeating: "x", count: 100))"}"#
    engine.send(2, bind(config: config))
    let ask = { (engine: inout Conversation, function: String, data: String) -> String in
      String(engine.send(1, Self.call(function, data)).first?.drop { $0 != "{" }.dropFirst(90) ?? "")
    }
    let row = #""description":"d","id":"t","namespace":"default""#
    #expect(
      ask(&engine, "engine::triggers::list", "{}").contains(
        #""triggers":[{"description":"Fires at the times of a cron expression","id":"cron","namespace":"default","#
          + #""worker_name":"iii-cron"},"#))
    #expect(ask(&engine, "engine::triggers::list", "{}").contains(#"},{\#(row),"worker_name":"provider"}"#))
    #expect(
      ask(&engine, "engine::triggers::info", #"{"id":"t"}"#).contains(
        #""result":{"configuration_schema":1,"description":"d","id":"t","instance_count":1,"namespace":"default","#
          + #""request_schema":2,"worker_name":"provider"}"#))
    let summary = String(config.prefix(80)).replacing("\"", with: "\\\"") + "…"
    let binding =
      #""config":\#(config),"config_summary":"\#(summary)","function_id":"f","id":"b","trigger_type":"t","worker_name":"binder""#
    #expect(
      ask(&engine, "engine::registered-triggers::list", #"{"trigger_type":"t"}"#).contains(
        #""registered_triggers":[{\#(binding)}]"#))
    #expect(
      ask(&engine, "engine::registered-triggers::info", #"{"id":"b"}"#).contains(#""trigger":{\#(row)"#))
    #expect(
      ask(&engine, "engine::functions::info", #"{"function_id":"f"}"#).contains(
        #""registered_triggers":[{"config":\#(config),"id":"b","trigger_type":"t"}]"#))
    #expect(
      ask(&engine, "engine::workers::info", #"{"name":"provider"}"#).contains(#""trigger_types":[{\#(row)"#))
    #expect(ask(&engine, "engine::triggers::info", #"{"id":"no"}"#).contains("NOT_FOUND"))
  }
}
