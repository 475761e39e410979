import Testing

@testable import DevEngine

@Suite("Access rules")
struct AccessTests {
  private static let one = "bbbbbbbb-0000-4000-8000-000000000001"

  /// The rules of the engine cases' second listener.
  private static var rules: ListenerRules {
    var access = AccessRules()
    access.authFunction = "auth"
    access.exposed = [
      ExposureFilter(condition: .id(WildcardPattern("public::*"))),
      ExposureFilter(condition: .metadata(["public": .exact(true)])),
    ]
    var rules = ListenerRules()
    rules.access = access
    return rules
  }

  private static func call(_ function: String, _ data: String = "{}", more: String = "") -> String {
    #"{"type":"invokefunction","invocation_id":"\#(one)","function_id":"\#(function)","data":\#(data)\#(more)}"#
  }

  private static func result(_ id: String, _ value: String) -> String {
    #"{"type":"invocationresult","invocation_id":"\#(id)","function_id":"x","result":\#(value)}"#
  }

  /// The invocation id in a line.
  private static func invocation(_ line: String?) -> String {
    line?.split(separator: #""invocation_id":""#).last?.split(separator: "\"").first.map(String.init) ?? ""
  }

  /// An engine with a host on connection 1, which owns the auth function, hooks, and something to call.
  private static func engine(
    graceMilliseconds: Int = 0, compatibility: Compatibility = .current
  ) -> Conversation {
    var engine = Conversation(graceMilliseconds: graceMilliseconds, compatibility: compatibility)
    engine.join(1, name: "host")
    for id in ["auth", "hook", "middleware", "public::f", "secret"] {
      engine.send(1, #"{"type":"registerfunction","id":"\#(id)"}"#)
    }
    engine.send(1, #"{"type":"registerfunction","id":"tagged","metadata":{"public":true}}"#)
    return engine
  }

  /// Connects a guest on connection 2, whose auth function answers `session`; what comes of that.
  @discardableResult
  private static func admit(
    _ engine: inout Conversation, _ session: String, rules: ListenerRules = AccessTests.rules
  ) -> [String] {
    let asked = engine.connect(2, rules: rules)
    return engine.send(1, result(invocation(asked.last), session))
  }

  // MARK: - Connecting

  @Test func authFunctionIsAskedBeforeAnythingElse() {
    var engine = Self.engine()
    let lines = engine.connect(2, rules: Self.rules) { arrival in
      arrival.headers = [("Host", "h"), ("X-Key", "a"), ("x-key", "b")]
      arrival.query = "token=a%20b&x=1&x=2&flag&=+"
    }
    #expect(lines.count == 2 && lines[0] == "2 pause")
    #expect(
      lines[1].hasSuffix(
        #""function_id":"auth","data":{"headers":{"host":"h","x-key":"b"},"ip_address":"127.0.0.1","#
          + #""query_params":{"":[" "],"flag":[""],"token":["a b"],"x":["1","2"]}}}"#))
    #expect(engine.state.isArriving(2) && engine.state.workers[2] == nil)
    let greeted = engine.send(1, Self.result(Self.invocation(lines[1]), "{}"))
    #expect(greeted.count == 2 && greeted[0] == "2 resume")
    #expect(greeted[1].hasPrefix(#"2 {"type":"workerregistered""#))
    #expect(!engine.state.isArriving(2))
  }

  @Test(arguments: [
    (#"null"#, "auth function returned no result"),
    (#"[1]"#, "auth function returned an array, expected an object"),
    (
      #"{"allowed_functions":"f"}"#,
      "auth function returned no session: invalid type in `allowed_functions`: a string, expected a list"
    ),
    (
      #"{"namespaces":{"shop":[1]}}"#,
      "auth function returned no session: invalid type in `namespaces`: an integer, expected a string"
    ),
  ])
  func whatIsNoSessionEndsTheConnection(_ session: String, _ message: String) {
    var engine = Self.engine()
    #expect(
      Self.admit(&engine, session) == [
        #"2 {"type":"error","error":{"code":"AUTH_ERROR","message":"\#(message)"}}"#, "2 close",
      ])
    #expect(engine.state.workers[2] == nil)
    #expect(engine.send(2, #"{"type":"ping"}"#).isEmpty)
  }

  @Test func refusalIsToldAsTheAuthFunctionSaysIt() {
    var engine = Self.engine()
    let asked = Self.invocation(engine.connect(2, rules: Self.rules).last)
    let refusal =
      #"{"type":"invocationresult","invocation_id":"\#(asked)","function_id":"auth","error":{"code":"no","message":"go away"}}"#
    #expect(
      engine.send(1, refusal) == [
        #"2 {"type":"error","error":{"code":"AUTH_ERROR","message":"go away"}}"#, "2 close",
      ])
  }

  @Test func withoutTheAuthFunctionNobodyComesIn() {
    var engine = Conversation()
    #expect(
      engine.connect(2, rules: Self.rules) == [
        "2 pause",
        #"2 {"type":"error","error":{"code":"AUTH_ERROR","message":"Function auth not found in namespace default."}}"#,
        "2 close",
      ])
  }

  @Test func guestThatIsGoneBeforeTheAnswerIsForgotten() {
    var engine = Self.engine()
    let asked = Self.invocation(engine.connect(2, rules: Self.rules).last)
    #expect(engine.disconnect(2).isEmpty)
    #expect(engine.send(1, Self.result(asked, "{}")).isEmpty)
    #expect(engine.state.workers.count == 1 && engine.state.access.arrivals.isEmpty)
  }

  @Test func telemetryIsAskedForTooAndIsNoWorker() {
    var engine = Self.engine()
    let asked = engine.connect(2, rules: Self.rules) { $0.purpose = .telemetry }
    #expect(engine.send(1, Self.result(Self.invocation(asked.last), "{}")) == ["2 resume"])
    #expect(engine.state.workers[2] == nil && !engine.state.isArriving(2))
  }

  // MARK: - Calls

  @Test(arguments: [
    ("public::f", true), ("tagged", true), ("secret", false), ("no::such", false), ("engine::baggage::get_all", true),
    ("engine::workers::list", false),
  ])
  func exposuresAndInfrastructureMayBeCalled(_ function: String, _ isAllowed: Bool) {
    var engine = Self.engine()
    Self.admit(&engine, "{}")
    let lines = engine.send(2, Self.call(function))
    #expect(lines.count == 1)
    #expect(lines[0].contains("FORBIDDEN") == !isAllowed)
    if !isAllowed {
      #expect(lines[0].contains("function '\(function)' not allowed (add to rbac.expose_functions)"))
    }
  }

  @Test func sessionAddsAndForbids() {
    var engine = Self.engine()
    Self.admit(
      &engine, #"{"allowed_functions":["secret"],"forbidden_functions":["public::f","engine::log::info"]}"#)
    #expect(engine.send(2, Self.call("secret"))[0].hasPrefix("1 "))
    #expect(engine.send(2, Self.call("public::f"))[0].contains("(remove from rbac.forbidden_functions)"))
    #expect(engine.send(2, Self.call("engine::log::info", #"{"message":"m"}"#))[0].contains("FORBIDDEN"))
  }

  @Test func grantsHoldInTheirNamespaceOnly() {
    var engine = Self.engine(graceMilliseconds: 5000)
    engine.join(3, name: "shop", namespace: "shop")
    for id in ["order::f", "public::f", "exact", "secret"] {
      engine.send(3, #"{"type":"registerfunction","id":"\#(id)"}"#)
    }
    Self.admit(&engine, #"{"namespaces":{"shop":["match(\"order::*\")","exact"]},"allowed_functions":["secret"]}"#)
    let isAllowed = { (id: String) in
      engine.send(2, Self.call(id, more: #","namespace":"shop""#)).last?.hasPrefix("3 ") == true
    }
    #expect(isAllowed("order::f"))
    #expect(isAllowed("exact"))
    // An exposure without a namespace and an allowed function are about the default one.
    #expect(!isAllowed("public::f"))
    #expect(!isAllowed("secret"))
    #expect(engine.send(2, Self.call("order::f"))[0].contains("FORBIDDEN"))
  }

  @Test func announceOutsideTheGrantsIsRefused() {
    var engine = Self.engine()
    Self.admit(&engine, #"{"namespaces":{"shop":[],"billing":[]}}"#)
    #expect(
      engine.announce(2, name: "g")[0].contains(
        "namespace 'default' not allowed for this session (permitted: billing, shop)"))
    #expect(engine.announce(2, name: "g", namespace: "shop")[0].contains("success"))
  }

  @Test func voidCallIsRefusedUnderAnIdOfItsOwn() {
    var engine = Self.engine()
    Self.admit(&engine, "{}")
    let lines = engine.send(2, #"{"type":"invokefunction","function_id":"secret","data":{},"action":{"type":"void"}}"#)
    #expect(lines.count == 1 && lines[0].contains("FORBIDDEN"))
    #expect(InvocationID(Self.invocation(lines[0])) != nil)
  }

  @Test func rulesWithoutAnAuthFunctionLimitCallsAlone() {
    var rules = Self.rules
    rules.access?.authFunction = nil
    var engine = Self.engine()
    #expect(engine.connect(2, rules: rules).count == 1)
    #expect(engine.send(2, Self.call("secret"))[0].contains("FORBIDDEN"))
    engine.send(2, #"{"type":"registertriggertype","id":"t","description":"d"}"#)
    #expect(engine.state.triggerTypes.count == 1)
  }

  @Test func discoveryShowsWhatMayBeCalledAndOnesOwn() {
    var engine = Self.engine()
    var rules = Self.rules
    rules.access?.exposed.append(ExposureFilter(condition: .id(WildcardPattern("engine::*"))))
    Self.admit(&engine, "{}", rules: rules)
    engine.send(2, #"{"type":"registerfunction","id":"mine"}"#)
    let list = engine.send(2, Self.call("engine::functions::list"))[0]
    for (id, isShown) in [("public::f", true), ("tagged", true), ("mine", true), ("secret", false), ("auth", false)] {
      #expect(list.contains(#""function_id":"\#(id)""#) == isShown, "\(id)")
    }
    #expect(
      engine.send(2, Self.call("engine::functions::info", #"{"function_id":"secret"}"#))[0].contains("FORBIDDEN"))
    #expect(
      engine.send(2, Self.call("engine::functions::info", #"{"function_ids":["secret","public::none"]}"#))[0].contains(
        #"[{"error":"forbidden","function_id":"secret"},{"error":"not_found","function_id":"public::none"}]"#))
    let host = engine.send(2, Self.call("engine::workers::info", #"{"name":"host"}"#))[0]
    #expect(host.contains("public::f") && !host.contains("secret"))
  }

  // MARK: - Registrations

  @Test func registrationsThatAreNotAllowedAreIgnoredWithoutAWord() {
    var engine = Self.engine()
    engine.send(1, #"{"type":"registertriggertype","id":"t","description":"d"}"#)
    Self.admit(&engine, #"{"allow_function_registration":false,"allowed_trigger_types":["other"]}"#)
    #expect(engine.send(2, #"{"type":"registerfunction","id":"f"}"#).isEmpty)
    #expect(engine.send(2, #"{"type":"registertriggertype","id":"u","description":"d"}"#).isEmpty)
    let binding = #"{"type":"registertrigger","id":"b","trigger_type":"t","function_id":"public::f","config":{}}"#
    #expect(engine.send(2, binding).isEmpty)
    #expect(engine.state.functions[FunctionKey(id: "f")] == nil)
    #expect(engine.state.triggerTypes.count == 1 && engine.state.bindings.isEmpty)
  }

  @Test func targetThatMayNotBeCalledMayNotBeBound() {
    var engine = Self.engine()
    Self.admit(&engine, "{}")
    let binding = #"{"type":"registertrigger","id":"b","trigger_type":"t","function_id":"secret","config":{}}"#
    #expect(
      engine.send(2, binding) == [
        #"2 {"type":"triggerregistrationresult","id":"b","trigger_type":"t","function_id":"secret","#
          + #""error":{"code":"FORBIDDEN","message":"function 'secret' not allowed in namespace 'default'"}}"#
      ])
  }

  @Test func bindingByCallNamesTheForbiddenType() {
    var engine = Self.engine()
    Self.admit(&engine, #"{"allowed_functions":["engine::register_trigger"],"allowed_trigger_types":[]}"#)
    #expect(
      engine.send(2, Self.call("engine::register_trigger", #"{"trigger_type":"t","function_id":"public::f"}"#))[0]
        .contains("Trigger type 't' is not allowed for this session."))
  }

  @Test func prefixStandsBeforeFunctionsAndTargetsAndNobodySeesItInside() {
    var engine = Self.engine()
    engine.send(1, #"{"type":"registertriggertype","id":"t","description":"d"}"#)
    var rules = Self.rules
    rules.access?.exposed.append(ExposureFilter(condition: .id(WildcardPattern("ten::*"))))
    Self.admit(&engine, #"{"function_registration_prefix":"ten"}"#, rules: rules)
    engine.send(2, #"{"type":"registerfunction","id":"f"}"#)
    #expect(engine.send(1, Self.call("ten::f"))[0].contains(#""function_id":"f""#))
    #expect(
      engine.send(2, Self.result(Self.one, "1")) == [
        #"1 {"type":"invocationresult","invocation_id":"\#(Self.one)","function_id":"ten::f","result":1}"#
      ])
    let binding = #"{"type":"registertrigger","id":"b","trigger_type":"t","function_id":"f","config":{}}"#
    #expect(engine.send(2, binding) == ["1 " + binding.replacing("\"f\"", with: "\"ten::f\"")])
    engine.send(2, #"{"type":"unregisterfunction","id":"f"}"#)
    #expect(engine.send(1, Self.call("ten::f"))[0].contains("function_not_found"))
  }

  // MARK: - Hooks and middleware

  private static var hooks: ListenerRules {
    var rules = ListenerRules()
    rules.access = AccessRules()
    rules.access?.authFunction = "auth"
    rules.access?.functionHook = "hook"
    rules.access?.triggerHook = "hook"
    rules.access?.triggerTypeHook = "hook"
    rules.access?.exposed = [ExposureFilter(condition: .id(WildcardPattern("*")))]
    return rules
  }

  private static func hooked() -> Conversation {
    var engine = engine()
    admit(&engine, #"{"context":{"who":"guest"},"allow_trigger_type_registration":true}"#, rules: hooks)
    return engine
  }

  @Test func hookMayChangeAFunctionAndWhatFollowsWaits() {
    var engine = Self.hooked()
    let asked = engine.send(2, #"{"type":"registerfunction","id":"f","description":"d"}"#)
    #expect(
      asked[0].contains(
        #""function_id":"hook","data":{"context":{"who":"guest"},"description":"d","function_id":"f","metadata":null,"#
          + #""namespace":"default"}"#))
    // A call of what is not registered yet, and something that has no place in the order.
    #expect(engine.send(2, Self.call("renamed")).isEmpty)
    #expect(engine.send(2, #"{"type":"ping"}"#) == [#"2 {"type":"pong"}"#])
    let lines = engine.send(
      1, Self.result(Self.invocation(asked[0]), #"{"function_id":"renamed","description":"e","metadata":{"m":1}}"#))
    #expect(lines.count == 1 && lines[0].hasPrefix("2 ") && lines[0].contains(#""function_id":"renamed""#))
    let record = engine.state.functions[FunctionKey(id: "renamed")]
    #expect(record?.definition.description == "e" && record?.definition.metadata == ["m": 1])
  }

  @Test(arguments: ["null", "true", #""yes""#])
  func anythingButAnObjectRefusesWithoutAWord(_ answer: String) {
    var engine = Self.hooked()
    let asked = engine.send(2, #"{"type":"registerfunction","id":"f"}"#)
    #expect(engine.send(1, Self.result(Self.invocation(asked[0]), answer)).isEmpty)
    #expect(engine.state.functions[FunctionKey(id: "f")] == nil)
    // And the connection goes on.
    #expect(engine.send(2, Self.call("public::f"))[0].hasPrefix("1 "))
  }

  @Test func hooksOfTypesAndBindingsMayChangeThemToo() {
    var engine = Self.hooked()
    var asked = engine.send(2, #"{"type":"registertriggertype","id":"t","description":"d"}"#)
    #expect(
      asked[0].contains(#""data":{"context":{"who":"guest"},"description":"d","trigger_type_id":"t"}"#))
    engine.send(1, Self.result(Self.invocation(asked[0]), #"{"trigger_type_id":"u"}"#))
    #expect(engine.state.triggerTypes.keys.map(\.id) == ["u"])
    asked = engine.send(
      2, #"{"type":"registertrigger","id":"b","trigger_type":"t","function_id":"f","config":{"k":1}}"#)
    #expect(
      asked[0].contains(
        #""data":{"config":{"k":1},"context":{"who":"guest"},"function_id":"f","metadata":null,"namespace":"default","#
          + #""trigger_id":"b","trigger_type":"t"}"#))
    let lines = engine.send(
      1,
      Self.result(
        Self.invocation(asked[0]),
        #"{"trigger_id":"c","trigger_type":"u","function_id":"public::f","config":{"k":2}}"#))
    #expect(
      lines == [#"2 {"type":"registertrigger","id":"c","trigger_type":"u","function_id":"public::f","config":{"k":2}}"#]
    )
  }

  @Test func registrationsHeldForTheAnnounceAreAskedForOneAfterTheOther() {
    var engine = Conversation()
    engine.join(1, name: "host")
    for id in ["auth", "hook"] { engine.send(1, #"{"type":"registerfunction","id":"\#(id)"}"#) }
    Self.admit(&engine, "{}", rules: Self.hooks)
    for id in ["a", "b"] { #expect(engine.send(2, #"{"type":"registerfunction","id":"\#(id)"}"#).isEmpty) }
    var lines = engine.announce(2, name: "guest")
    #expect(lines.count == 2 && lines[0].contains(#""function_id":"a""#) && lines[1].contains("success"))
    engine.send(2, #"{"type":"registerfunction","id":"c"}"#)
    for next in ["b", "c"] {
      lines = engine.send(1, Self.result(Self.invocation(lines[0]), "{}"))
      #expect(lines.count == 1 && lines[0].contains(#""function_id":"\#(next)""#))
    }
    engine.send(1, Self.result(Self.invocation(lines[0]), "{}"))
    #expect(Set(engine.state.functions.keys.map(\.id)) == ["auth", "hook", "a", "b", "c"])
  }

  @Test func whatWaitsForAHookIsBounded() {
    var engine = Self.hooked()
    let asked = engine.send(2, #"{"type":"registerfunction","id":"f"}"#)
    let paused = (1...HeldFrames.mark).flatMap { _ in engine.send(2, Self.call("public::f")) }
    #expect(paused == ["2 pause"])
    let lines = engine.send(1, Self.result(Self.invocation(asked[0]), "{}"))
    #expect(lines.last == "2 resume")
    #expect(engine.state.access.held.isEmpty)
  }

  @Test func hookWhoseWorkerGoesRefuses() {
    var engine = Self.hooked()
    engine.send(2, #"{"type":"registerfunction","id":"f"}"#)
    _ = engine.disconnect(1)
    #expect(engine.state.functions.isEmpty && engine.state.access.held.isEmpty)
    engine.send(2, #"{"type":"registerfunction","id":"g"}"#)
    #expect(engine.state.functions.isEmpty && engine.state.access.held.isEmpty)
  }

  @Test func middlewareTakesEveryCallButTheEnginesOwn() {
    var engine = Self.engine()
    var rules = Self.hooks
    rules.middleware = "middleware"
    Self.admit(&engine, #"{"context":{"who":"guest"}}"#, rules: rules)
    let lines = engine.send(2, Self.call("public::f", #"{"a":1}"#, more: #","action":{"type":"enqueue","queue":"q"}"#))
    #expect(
      lines[0].contains(
        #""function_id":"middleware","data":{"action":{"queue":"q","type":"enqueue"},"context":{"who":"guest"},"#
          + #""function_id":"public::f","namespace":"default","payload":{"a":1}}"#))
    #expect(
      engine.send(1, Self.result(Self.invocation(lines[0]), #""theirs""#)) == [
        #"2 {"type":"invocationresult","invocation_id":"\#(Self.one)","function_id":"public::f","result":"theirs"}"#
      ])
    #expect(engine.send(2, Self.call("engine::functions::list"))[0].hasPrefix("2 "))
  }

  @Test func oldEnginesHaveTheRulesToo() {
    var engine = Self.engine(compatibility: .first)
    Self.admit(&engine, #"{"namespaces":{"shop":[]}}"#)
    #expect(engine.announce(2, name: "g")[0].contains("success"))
    #expect(engine.send(2, Self.call("secret"))[0].contains("FORBIDDEN"))
  }
}
