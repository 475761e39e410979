import Bytes
import Foundation
import Testing
import Transport
import WebSocket

@testable import III

/// The lessons of the engine protocol, section 10, each as a test of the link against an engine on the same loop.
///
/// Lessons that are tested elsewhere, because they are about another part:
///
/// | lesson | about | place |
/// |---|---|---|
/// | 7 | the engine's handshake deadline | `test_dev_engine.py`, `test_silent_peer_is_closed_before_the_handshake` |
/// | 8, 9 | channels | `LessonTests+Channels`, `test_channels.py` |
/// | 1, 10, 11, 12, 16, 23 | triggers and trigger types | `LessonTests+Triggers`, `WorkerTriggerTests`, `test_sdk_triggers.py`; the engine's side: `DevEngineTests`, suite of triggers |
/// | 13 | queued calls whose caller gave up | here, and `WorkerOfflineTests` |
/// | 15, 19 | blank namespaces, environment | `InitOptionsTests` |
/// | 18 | telemetry's own connection | `TelemetryExporterTests`, `test_telemetry.py` |
/// | 20 | listeners of states | `WorkerLifeTests` |
/// | 21 | the end of a worker, in any state | here, and `WorkerLifeTests` |
/// | 22 | what a handler throws | `WorkerTests`; its span: `TelemetryExporterTests`, `test_telemetry.py` |
/// | 27 | an engine stores before it sends | `EngineState`: a call is in its table before the order to forward it |
@Suite(.serialized) struct LessonTests {
  // MARK: 1

  @Test func lesson01_oneFramePerRegistration() throws {
    let scene = try LinkScene()
    scene.link.registerFunction("before", definition: Array(#""description":"d""#.utf8))
    _ = scene.call("x::void", action: .void)
    try scene.connect()
    scene.link.registerFunction("later", definition: [])
    try scene.run { scene.owner.registrations.count == 2 }
    let first = try scene.session()
    #expect(first.frames("registerfunction").map { $0["id"] as? String } == ["before", "later"])
    #expect(first.calls.count == 1)
    for round in 2...4 {
      first.connection === scene.engine.last?.connection
        ? first.connection.abort() : scene.engine.last?.connection.abort()
      try scene.run { scene.engine.sessions.count == round && scene.link.state == .connected }
      let session = try scene.session()
      try scene.run { scene.link.registrationState(of: "later") == .active }
      #expect(session.frames("registerfunction").map { $0["id"] as? String } == ["before", "later"])
      #expect(session.calls.isEmpty, "a void call that waited is sent once, ever")
    }
  }

  // MARK: 2

  @Test func lesson02_reattachComesFirst() throws {
    let scene = try LinkScene()
    scene.link.registerFunction("f", definition: [])
    try scene.connect()
    try scene.run { scene.link.status.workerID == "worker-1" }
    #expect(
      try scene.session().words.first == "invokefunction engine::workers::register", "there is nothing to take over")
    try scene.session().connection.abort()
    try scene.run { scene.engine.sessions.count == 2 && scene.link.state == .connected }
    let session = try scene.session()
    #expect(
      session.words.prefix(3) == ["reattach", "invokefunction engine::workers::register", "registerfunction f"])
    #expect(session.frames[0]["previous_worker_id"] as? String == "worker-1")
    #expect(session.frames[0]["reattach_token"] as? String == "token-1")
    #expect(session.frames[0].count == 3)
  }

  // MARK: 3

  @Test func lesson03_reconnectingSurvivesEverything() throws {
    let scene = try LinkScene()
    scene.engine.reception = .drop
    scene.link.start()
    try scene.run("EOF in the handshake") { scene.engine.arrivals == 3 }
    for status in [302, 400, 401, 403, 404, 500, 503] {
      let before = scene.engine.arrivals
      scene.engine.reception = .refuse(status: status)
      try scene.run("HTTP \(status)") { scene.engine.arrivals >= before + 3 }
      #expect(scene.link.state == .connecting)
    }
    try scene.run { scene.link.status.lastError?.contains("503") == true }
    scene.engine.away()
    let before = scene.link.status.attempt
    try scene.run("connection refused") { scene.link.status.attempt > before + 3 }
    #expect(scene.link.status.lastError != nil)
    scene.engine.reception = .accept
    try scene.engine.listen()
    try scene.run { scene.link.state == .connected }
    #expect(scene.link.status.attempt == 0)
    #expect(scene.owner.states == [.connecting, .connected])
  }

  @Test func lesson03_aNameThatCannotBeLookedUp() throws {
    // The C library knows by itself that there is none: no name server is asked, who may take long.
    let scene = try LinkScene { $0.url = WebSocketURL(isSecure: false, host: "no..host", port: 1) }
    scene.link.start()
    try scene.run { scene.link.status.attempt > 2 }
    #expect(scene.link.status.lastError?.contains("name look-up failed") == true)
  }

  @Test func lesson03_aSocketThatDiesDuringTheReplay() throws {
    let scene = try LinkScene()
    scene.engine.announceAnswer = nil
    for index in 0..<100 { scene.link.registerFunction("f\(index)", definition: []) }
    scene.link.start()
    for round in 1...3 {
      try scene.run { scene.engine.sessions.count == round && scene.engine.last?.texts.isEmpty == false }
      try scene.session().connection.abort()
    }
    #expect(scene.link.state == .connecting, "the waits start anew only once the announce was answered")
    #expect(scene.link.status.attempt >= 3)
    scene.engine.announceAnswer = #""result":{"success":true}"#
    try scene.run { scene.link.registrationState(of: "f99") == .active }
    #expect(try scene.session().frames("registerfunction").count == 100)
  }

  // MARK: 4

  @Test(arguments: [CloseCode.normal, .goingAway, nil, .internalError, .policy] as [CloseCode?])
  func lesson04_aNormalCloseIsALossToo(code: CloseCode?) throws {
    let scene = try LinkScene()
    try scene.connect()
    try scene.session().connection.close(code: code)
    try scene.run { scene.engine.sessions.count == 2 && scene.link.state == .connected }
    #expect(scene.owner.states == [.connecting, .connected, .reconnecting, .connected])
    #expect(scene.owner.losses.count == 1)
  }

  @Test func lesson04_anEndWithoutAClose() throws {
    let scene = try LinkScene()
    try scene.connect()
    try scene.session().connection.abort()
    try scene.run { scene.engine.sessions.count == 2 && scene.link.state == .connected }
    #expect(scene.owner.losses.count == 1)
  }

  // MARK: 5

  @Test func lesson05_badFramesAreDropped() throws {
    let scene = try LinkScene()
    try scene.connect()
    let session = try scene.session()
    let texts = [
      "not json", "[]", "{}", "null", " ", #"{"type":7}"#, #"{"type":"nosuchtype"}"#, #"{"type":"invokefunction"}"#,
      #"{"type":"invocationresult","invocation_id":"x"}"#, #"{"type":"registrationrejected"}"#,
      #"{"type":"registrationrejected","code":"FUNCTION_NAMESPACE_CONFLICT","function_id":"nobody's"}"#,
      String(repeating: "[", count: 100_000),
    ]
    for text in texts { session.send(text) }
    session.connection.send(.binary, sizeHint: 3) { buffer in
      for byte in [0xff, 0x00, 0xfe] as [UInt8] { buffer.append(byte) }
    }
    session.connection.send(.binary, sizeHint: 15) { $0.append(#"{"type":"ping"}"#) }
    try scene.run("a binary frame is read as JSON") { session.frames("pong").count == 1 }
    #expect(scene.link.state == .connected && scene.owner.losses.isEmpty)
    #expect(scene.link.status.ignoredFrames == texts.count)
  }

  // MARK: 6

  @Test func lesson06_aSilentEngineIsGivenUp() throws {
    // The engine is on the same loop: a machine that stands still for the limit would make it silent.
    let scene = try LinkScene {
      $0.pingInterval = 50
      $0.idleLimit = 500
    }
    try scene.connect()
    let session = try scene.session()
    // Pongs keep it alive for far longer than the limit …
    let connected = scene.loop.now
    try scene.run { scene.loop.now >= connected + 1200 }
    #expect(scene.owner.losses.isEmpty)
    // … and without them it ends.
    session.connection.pauseReading()
    try scene.run { scene.owner.losses.count == 1 }
    #expect(scene.owner.losses == ["nothing was heard from the engine for 0 s"])
    try scene.run { scene.link.state == .connected && scene.engine.sessions.count == 2 }
  }

  @Test func lesson06_aHandshakeHasALimit() throws {
    let scene = try LinkScene { $0.connectLimit = 30 }
    // Accepted by the kernel only: nobody answers.
    scene.engine.listener?.pause()
    scene.link.start()
    try scene.run { scene.link.status.attempt > 1 }
    #expect(scene.link.status.lastError?.contains("too long") == true)
  }

  // MARK: 12

  @Test func lesson12_answersBelongToTheirConnection() throws {
    let scene = try LinkScene()
    scene.link.registerFunction("f", definition: [])
    try scene.connect()
    let id = "00000000-0000-4000-8000-00000000000a"
    try scene.session().send(#"{"type":"invokefunction","invocation_id":"\#(id)","function_id":"f","data":{}}"#)
    try scene.run { scene.owner.invocations.count == 1 }
    let invocation = scene.owner.invocations[0].invocation
    try scene.session().connection.abort()
    try scene.run { scene.owner.losses.count == 1 }
    scene.answer(invocation, result: "1")
    try scene.run { scene.link.state == .connected }
    scene.answer(invocation, result: "2")
    let token = Array("\"f\"".utf8)
    scene.link.answer(invocation, functionToken: token.span, code: "E", message: "m", stacktrace: nil)
    scene.link.registerFunction("g", definition: [])
    try scene.run { scene.link.registrationState(of: "g") == .active }
    #expect(scene.engine.sessions.allSatisfy { $0.frames("invocationresult").isEmpty })
    #expect(scene.link.status.droppedAnswers == 3)
  }

  // MARK: 13

  @Test func lesson13_aLateAnswerFindsNothing() throws {
    let scene = try LinkScene()
    try scene.connect()
    let session = try scene.session()
    guard case .sent = scene.call(timeout: 5, context: 1), case .sent(let cancelled) = scene.call(context: 2) else {
      Issue.record("not sent")
      return
    }
    scene.link.cancel(cancelled)
    try scene.run { session.calls.count == 2 && scene.owner.answers.count == 1 }
    #expect(scene.owner.answers == [.init(context: 1, outcome: "timed out")])
    #expect(scene.link.status.callsInFlight == 0)
    for call in session.calls { scene.engine.reply(session, call["invocation_id"] as? String ?? "", #""result":1"#) }
    try scene.run { scene.link.status.strayResults == 2 }
    #expect(scene.owner.answers.count == 1)
    scene.link.cancel(cancelled)
  }

  // MARK: 14

  @Test(arguments: ["WORKER_NAMESPACE_CONFLICT", "A_CODE_NOBODY_KNOWS"])
  func lesson14_aRefusedWorkerIsTheEnd(code: String) throws {
    let scene = try LinkScene()
    try scene.connect()
    let session = try scene.session()
    guard case .sent = scene.call(context: 1) else { return #expect(Bool(false)) }
    try scene.run { session.calls.count == 1 }
    session.send(
      #"{"type":"registrationrejected","code":"\#(code)","namespace":"default","worker_name":"w","owner_worker_id":"x"}"#
    )
    session.connection.close(code: nil)
    try scene.run { scene.link.state == .failed }
    let message = "worker name 'w' was refused in namespace 'default': worker x has it"
    #expect(
      scene.owner.answers == [.init(context: 1, outcome: "\(CallFailure.rejected(code: code, message: message))")])
    #expect(scene.call() == .refused(.failed(code: code, message: message)))
    #expect(scene.call(action: .void) == .refused(.failed(code: code, message: message)))
    #expect(scene.link.refusal?.code == code)
    try scene.run { session.end != nil }
    let later = scene.loop.now + 50
    try scene.run { scene.loop.now >= later }
    #expect(scene.link.state == .failed && scene.engine.arrivals == 1, "there are no more attempts")
    #expect(scene.owner.states == [.connecting, .connected, .failed])
  }

  @Test func lesson14_aRefusedFunctionIsNot() throws {
    let scene = try LinkScene()
    scene.engine.barrierAnswer = nil
    scene.link.registerFunction("mine", definition: [])
    scene.link.registerFunction("theirs", definition: [])
    try scene.connect()
    let session = try scene.session()
    session.send(
      #"{"type":"registrationrejected","code":"FUNCTION_NAMESPACE_CONFLICT","namespace":"default","#
        + #""function_id":"theirs","owner_worker_id":"x"}"#)
    let state = RegistrationState.rejected(code: "FUNCTION_NAMESPACE_CONFLICT", owner: "x")
    try scene.run { scene.link.registrationState(of: "theirs") == state }
    try scene.run { session.frames("invokefunction").count == 2 }
    let barrier = try #require(session.frames("invokefunction").last)
    #expect(barrier["function_id"] as? String == "engine::baggage::get")
    scene.engine.reply(
      session, barrier["invocation_id"] as? String ?? "", #""error":{"code":"FORBIDDEN","message":"no"}"#)
    try scene.run { scene.link.registrationState(of: "mine") == .active }
    #expect(scene.link.registrationState(of: "theirs") == state && scene.link.state == .connected)
    session.connection.abort()
    try scene.run { scene.engine.sessions.count == 2 }
    try scene.run { scene.engine.last?.frames("registerfunction").count == 2 }
    #expect(scene.link.registrationState(of: "theirs") == .pending)
  }

  // MARK: 16

  @Test func lesson16_callsInheritTheNamespace() throws {
    let scene = try LinkScene { $0.namespace = "shop" }
    scene.link.registerFunction("f", definition: [])
    scene.link.registerFunction("g", definition: [])
    try scene.connect()
    try scene.run { scene.link.registrationState(of: "f") == .active }
    let session = try scene.session()
    _ = scene.call("plain")
    _ = scene.call("named", namespace: "\"other\"")
    _ = scene.call("engine::workers::list")
    _ = scene.call("engine::workers::list", namespace: "\"other\"")
    _ = scene.call("enginehouse::f", action: .void)
    try scene.run { session.calls.count == 5 }
    #expect(session.calls.map { $0["namespace"] as? String } == ["shop", "other", "default", "other", "shop"])
    let own = session.frames("invokefunction").filter { FakeEngine.isOwnCall($0["function_id"] as? String ?? "") }
    #expect(own.map { $0["namespace"] as? String } == [nil, "default", "default"], "the announce carries it inside")
    #expect((own[0]["data"] as? [String: Any])?["namespace"] as? String == "shop")
    #expect((own[2]["data"] as? [String: Any])?["namespace"] as? String == "shop")
  }

  @Test func lesson16_withoutANamespaceNothingIsSaid() throws {
    let scene = try LinkScene()
    scene.link.registerFunction("f", definition: [])
    try scene.connect()
    try scene.run { scene.link.registrationState(of: "f") == .active }
    let session = try scene.session()
    _ = scene.call("plain")
    _ = scene.call("engine::workers::list")
    try scene.run { session.calls.count == 2 }
    #expect(session.frames("invokefunction").allSatisfy { $0["namespace"] == nil })
    #expect((session.frames("invokefunction")[0]["data"] as? [String: Any])?["namespace"] == nil)
  }

  // MARK: 17

  @Test func lesson17_theAnnounceIsEarlyAndMeansConnected() throws {
    let scene = try LinkScene()
    scene.engine.announceAnswer = nil
    scene.link.registerFunction("f", definition: [])
    scene.link.start()
    try scene.run { scene.engine.last?.texts.count == 2 }
    let session = try scene.session()
    #expect(session.words == ["invokefunction engine::workers::register", "registerfunction f"])
    scene.turns()
    #expect(scene.link.state == .connecting)
    #expect(scene.call() == .refused(.notConnected(.connecting, lastError: nil)))
    scene.engine.reply(
      session, session.frames[0]["invocation_id"] as? String ?? "", #""result":{"success":true}"#)
    try scene.run { scene.link.state == .connected }
    try scene.run { scene.link.registrationState(of: "f") == .active }
    #expect(session.words.filter { $0 == "invokefunction engine::workers::register" }.count == 1)
  }

  @Test func lesson17_withoutAnAnswerItGoesOn() throws {
    let scene = try LinkScene { $0.announceLimit = 20 }
    scene.engine.announceAnswer = nil
    try scene.connect()
    #expect(scene.link.status.lastError == "the announce was not answered")
  }

  // MARK: 20

  @Test func lesson20_statesAreToldOnce() throws {
    let scene = try LinkScene()
    try scene.connect()
    for round in 2...4 {
      try scene.session().connection.abort()
      try scene.run { scene.engine.sessions.count == round && scene.link.state == .connected }
    }
    #expect(
      scene.owner.states == [
        .connecting, .connected, .reconnecting, .connected, .reconnecting, .connected, .reconnecting, .connected,
      ])
  }

  // MARK: 21

  @Test func lesson21_itEndsFromAnyState() throws {
    for stage in 0..<5 {
      let scene = try LinkScene { $0.backoff = Backoff(initial: 60_000, jitter: 0) }
      switch stage {
      case 0: break
      case 1:
        scene.engine.listener?.pause()
        scene.link.start()
        try scene.run { scene.link.state == .connecting }
      case 2:
        scene.engine.reception = .drop
        scene.link.start()
        try scene.run { scene.link.status.nextRetry != nil }
      case 3:
        scene.engine.announceAnswer = nil
        scene.link.start()
        try scene.run { scene.engine.last?.texts.isEmpty == false }
      default: try scene.connect()
      }
      scene.link.shutdown(deadline: scene.loop.now + 5000)
      try scene.run("stage \(stage)") { scene.owner.isStopped }
      #expect(scene.link.state == .disconnected)
      #expect(scene.call() == .refused(.shuttingDown))
    }
  }

  @Test func lesson21_functionsAreTakenBackInOrder() throws {
    let scene = try LinkScene()
    for id in ["a", "b", "c"] { scene.link.registerFunction(id, definition: []) }
    try scene.connect()
    let session = try scene.session()
    guard case .sent = scene.call(context: 1) else { return #expect(Bool(false)) }
    scene.link.shutdown(deadline: scene.loop.now + 5000)
    #expect(scene.owner.answers.isEmpty, "nothing is told from inside the call")
    try scene.run { scene.owner.isStopped && session.end != nil }
    #expect(session.frames("unregisterfunction").map { $0["id"] as? String } == ["a", "b", "c"])
    #expect(session.end == .closedByPeer(.normal, ""))
    #expect(scene.owner.answers == [.init(context: 1, outcome: "shutdown")])
  }

  @Test func lesson21_anEngineThatDoesNotAnswerTheCloseIsLeft() throws {
    let scene = try LinkScene()
    try scene.connect()
    try scene.session().connection.pauseReading()
    let deadline = scene.loop.now + 30
    scene.link.shutdown(deadline: deadline)
    try scene.run { scene.owner.isStopped }
    #expect(scene.loop.now >= deadline)
  }

  // MARK: 23

  @Test func lesson23_exactValuesSurvive() throws {
    let scene = try LinkScene()
    var definition = Array(#""description":"first","metadata":{"n":null,"x":9007199254740993}"#.utf8)
    scene.link.registerFunction("f", definition: definition)
    definition = Array(#""description":"second""#.utf8)
    try scene.connect()
    let session = try scene.session()
    let payload = #"{"b":1e2,"a":null,"a":9007199254740993,"z":[1.0,-0,""# + "\\u0000" + #""] ,"é":"\ud83d\ude00"}"#
    _ = scene.call(payload: payload, metadata: #"{"k":null}"#)
    try scene.run { session.calls.count == 1 }
    let text = try #require(session.texts.first { $0.contains("\"f\"") && $0.contains("invokefunction") })
    #expect(text.contains(#","data":"# + payload + #","metadata":{"k":null}}"#))
    #expect(
      session.texts.contains(
        #"{"type":"registerfunction","id":"f","description":"first","metadata":{"n":null,"x":9007199254740993}}"#))
    let answer = #"{ "q" : [1E5, 1.50] , "p" : null }"#
    scene.engine.reply(session, session.calls[0]["invocation_id"] as? String ?? "", #""result":\#(answer)"#)
    try scene.run { scene.owner.answers.count == 1 }
    #expect(scene.owner.answers[0].outcome == answer)
  }

  // MARK: 24

  @Test func lesson24_idsAreComparedAsValues() throws {
    let scene = try LinkScene()
    scene.link.registerFunction("f", definition: [])
    try scene.connect()
    let session = try scene.session()
    _ = scene.call(context: 9)
    try scene.run { session.calls.count == 1 }
    let id = session.calls[0]["invocation_id"] as? String ?? ""
    #expect(id == id.lowercased() && UUID(uuidString: id) != nil)
    scene.engine.reply(session, id.uppercased(), #""result":1"#)
    try scene.run { scene.owner.answers == [.init(context: 9, outcome: "1")] }
    let incoming = "ABCDEFAB-0000-4000-8000-00000000000A"
    session.send(#"{"type":"invokefunction","invocation_id":"\#(incoming)","function_id":"f","data":null}"#)
    try scene.run { scene.owner.invocations.count == 1 }
    scene.answer(scene.owner.invocations[0].invocation, result: "null")
    try scene.run { session.frames("invocationresult").count == 1 }
    #expect(session.frames("invocationresult")[0]["invocation_id"] as? String == incoming.lowercased())
  }

  // MARK: 25

  @Test func lesson25_largeMessagesAreDeclared() throws {
    let scene = try LinkScene()
    try scene.connect()
    let data = try #require(scene.session().frames[0]["data"] as? [String: Any])
    #expect(data["features"] as? [String] == ["large-messages.v1"])
  }

  // MARK: 26

  @Test func lesson26_foreignResultsAreIgnored() throws {
    let scene = try LinkScene()
    try scene.connect()
    let session = try scene.session()
    _ = scene.call(context: 3)
    try scene.run { session.calls.count == 1 }
    for id in ["00000000-0000-4000-8000-000000000001", "ffffffff-ffff-ffff-ffff-ffffffffffff"] {
      scene.engine.reply(session, id, #""result":1"#)
      scene.engine.reply(session, id, #""error":{"code":"FORBIDDEN","message":"no"}"#)
    }
    scene.engine.reply(session, session.calls[0]["invocation_id"] as? String ?? "", #""result":2"#)
    try scene.run { scene.owner.answers == [.init(context: 3, outcome: "2")] }
    #expect(scene.link.status.strayResults == 4 && scene.link.state == .connected)
  }
}
