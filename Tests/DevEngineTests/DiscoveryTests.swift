import Testing

@testable import DevEngine

@Suite("Built-in functions")
struct DiscoveryTests {
  /// The answer to a call of a built-in function by connection 1: what stands behind the function's id.
  private func ask(_ engine: inout Conversation, _ function: String, _ data: String, more: String = "") -> String {
    let id = "dddddddd-0000-4000-8000-000000000000"
    let answer = engine.send(
      1, #"{"type":"invokefunction","invocation_id":"\#(id)","function_id":"\#(function)","data":\#(data)\#(more)}"#)
    let head = #"1 {"type":"invocationresult","invocation_id":"\#(id)","function_id":"\#(function)""#
    guard answer.count == 1, answer[0].hasPrefix(head) else { return "\(answer)" }
    return String(answer[0].dropFirst(head.count).dropLast().drop { $0 == "," })
  }

  private func engine() -> Conversation {
    var engine = Conversation()
    engine.join(1, name: "wa", more: #","runtime":"check","version":"1","os":"any""#)
    engine.send(
      1,
      #"{"type":"registerfunction","id":"d::f","description":"a function","request_format":{"type":"object"},"#
        + #""response_format":{"type":"string"},"metadata":{"team":"x"}}"#)
    engine.send(1, #"{"type":"registerfunction","id":"d::hidden","metadata":{"internal":true}}"#)
    engine.send(1, #"{"type":"registerfunction","id":"engine::queue::enqueue"}"#)
    return engine
  }

  @Test func functionsList() {
    var engine = engine()
    engine.join(2, name: "wb", namespace: "shop")
    engine.send(2, #"{"type":"registerfunction","id":"d::f"}"#)
    let row =
      #"{"description":"a function","function_id":"d::f","metadata":{"team":"x"},"namespace":"default","worker_name":"wa"}"#
    let shop = #"{"function_id":"d::f","namespace":"shop","worker_name":"wb"}"#
    let queue = #"{"function_id":"engine::queue::enqueue","namespace":"default","worker_name":"wa"}"#
    #expect(
      ask(&engine, "engine::functions::list", "{}") == #""result":{"functions":[\#(row),\#(shop),\#(queue)]}"#)
    #expect(
      ask(&engine, "engine::functions::list", #"{"prefix":"d::","worker":"wa"}"#)
        == #""result":{"functions":[\#(row)]}"#)
    #expect(ask(&engine, "engine::functions::list", #"{"workers":["wb"]}"#) == #""result":{"functions":[\#(shop)]}"#)
    #expect(ask(&engine, "engine::functions::list", #"{"search":"A FUNC"}"#) == #""result":{"functions":[\#(row)]}"#)
    let all = ask(&engine, "engine::functions::list", #"{"include_internal":true}"#)
    #expect(all.contains("d::hidden") && all.contains("engine::workers::register"))
    #expect(!all.contains("dev::control"))
  }

  @Test func functionsInfo() {
    var engine = engine()
    let detail =
      #"{"description":"a function","function_id":"d::f","metadata":{"team":"x"},"namespace":"default","#
      + #""registered_triggers":[],"request_schema":{"type":"object"},"response_schema":{"type":"string"},"worker_name":"wa"}"#
    #expect(ask(&engine, "engine::functions::info", #"{"function_id":"d::f"}"#) == #""result":\#(detail)"#)
    #expect(
      ask(&engine, "engine::functions::info", #"{"function_ids":["d::f","no"]}"#)
        == #""result":{"functions":[\#(detail),{"error":"not_found","function_id":"no"}]}"#)
    #expect(ask(&engine, "engine::functions::info", #"{"function_id":"no"}"#).contains(#""code":"NOT_FOUND""#))
    #expect(ask(&engine, "engine::functions::info", "{}").contains(#""code":"INVALID_ARGUMENTS""#))
    let ids = { (count: Int) in
      "{\"function_ids\":[" + Array(repeating: #""d::f""#, count: count).joined(separator: ",") + "]}"
    }
    #expect(ask(&engine, "engine::functions::info", ids(32)).hasPrefix(#""result""#))
    #expect(ask(&engine, "engine::functions::info", ids(33)).contains(#""code":"INVALID_ARGUMENTS""#))
  }

  @Test func workers() {
    var engine = engine()
    engine.connect(2)
    let row =
      #""active_invocations":0,"connected_at_ms":5,"description":null,"function_count":3,"id":"\#(Conversation.id(1))","#
      + #""ip_address":"127.0.0.1","isolation":null,"name":"wa","namespace":"default","os":"any","runtime":"check","#
      + #""status":"connected","version":"1"}"#
    #expect(ask(&engine, "engine::workers::list", #"{"search":"wa"}"#) == #""result":{"workers":[{\#(row)]}"#)
    let all = ask(&engine, "engine::workers::list", "{}")
    #expect(all.contains(#""name":"iii-engine-functions""#) && !all.contains(Conversation.id(3)))
    #expect(!ask(&engine, "engine::workers::list", #"{"runtime":"check"}"#).contains("iii-engine"))
    let info = ask(&engine, "engine::workers::info", #"{"name":"wa"}"#)
    #expect(info.contains(#""trigger_types":[],"worker":{"active_invocations":0"#))
    #expect(info.contains(#""internal":false"#) && info.contains(#""pid":1"#))
    #expect(ask(&engine, "engine::workers::info", #"{"name":"nobody"}"#).contains(#""code":"NOT_FOUND""#))
  }

  @Test(arguments: [
    ("engine::functions::list", #"{"prefix":5}"#), ("engine::functions::list", "null"),
    ("engine::workers::register", #"{"pid":"x"}"#), ("engine::workers::info", "{}"), ("engine::baggage::get", "{}"),
  ])
  func inputsOfTheWrongForm(_ function: String, _ data: String) {
    var engine = engine()
    #expect(
      ask(&engine, function, data).hasPrefix(
        #""error":{"code":"deserialization_error","message":"Failed to deserialize input for \#(function): "#))
  }

  @Test func baggageAndLog() {
    var engine = engine()
    let more = #","baggage":"a=1,b=x%20y;p=1""#
    #expect(ask(&engine, "engine::baggage::get", #"{"key":"b"}"#, more: more).hasPrefix(#""result":{"value":"x y"}"#))
    #expect(ask(&engine, "engine::baggage::get", #"{"key":"c"}"#) == #""result":{"value":null}"#)
    #expect(
      ask(&engine, "engine::baggage::get_all", "{}", more: more).hasPrefix(#""result":{"baggage":{"a":"1","b":"x y"}}"#)
    )
    #expect(ask(&engine, "engine::log::info", #"{"message":"hello","data":{"k":1}}"#) == "")
  }

  @Test func controlExistsWithTheTestHooksOnly() {
    var plain = engine()
    #expect(ask(&plain, "dev::control", #"{"do":"drop_all"}"#).contains("function_not_found"))
    var engine = Conversation(testHooks: true)
    engine.join(1, name: "a")
    let call = { (data: String) in
      #"{"type":"invokefunction","function_id":"dev::control","data":\#(data)}"#
    }
    #expect(engine.send(1, call(#"{"do":"drop_all"}"#)) == ["1 \(ControlCommand.dropAll)"])
    #expect(engine.send(1, call(#"{"do":"close","worker":"a","code":1011}"#)).count == 1)
    #expect(engine.send(1, call(#"{"do":"drop","worker":"nobody"}"#)).isEmpty)
    #expect(ask(&engine, "dev::control", #"{"do":"nosuch"}"#).contains("deserialization_error"))
  }
}
