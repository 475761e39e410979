import Bytes
import Foundation
import Testing
import Transport
import WebSocket

@testable import III

/// What a link does beside the lessons, against an engine on the same loop.
@Suite(.serialized) struct EngineLinkTests {
  // MARK: The connection

  static func header(_ name: String, _ change: (inout LinkOptions) -> Void) throws -> [String] {
    let scene = try LinkScene(change)
    try scene.connect()
    let request = try #require(scene.session().connection.request)
    return request.headers.filter { $0.name.lowercased() == name }.map(\.value)
  }

  @Test func theTokenIsABearer() throws {
    #expect(try Self.header("authorization") { $0.token = "secret" } == ["Bearer secret"])
    let own = try Self.header("authorization") {
      $0.token = "secret"
      $0.headers = [("aUTHORIZATION", "Basic x"), ("x-more", "1")]
    }
    #expect(own == ["Basic x"])
    #expect(try Self.header("authorization") { _ in } == [])
    #expect(try Self.header("x-more") { $0.headers = [("X-More", "1")] } == ["1"])
  }

  @Test func noSecretIsShown() throws {
    let scene = try LinkScene {
      $0.token = "s3cret"
      $0.url.target = "/path?key=s3cret"
      $0.headers = [("X-Key", "s3cret")]
    }
    scene.engine.reception = .refuse(status: 401)
    scene.link.start()
    try scene.run { scene.link.status.attempt > 2 }
    let status = scene.link.status
    #expect("\(status)".contains("s3cret") == false)
    #expect(status.url == "ws://127.0.0.1:\(scene.engine.port)/path")
    #expect(status.lastError?.contains("401") == true)
    #expect(scene.call() == .refused(.notConnected(.connecting, lastError: status.lastError)))
  }

  @Test func aRefusedTokenIsTriedAgain() throws {
    let scene = try LinkScene()
    scene.engine.greets = false
    scene.engine.announceAnswer = nil
    scene.link.start()
    for round in 1...3 {
      try scene.run { scene.engine.sessions.count == round && scene.engine.last?.texts.isEmpty == false }
      try scene.session().send(
        #"{"type":"error","error":{"code":"AUTH_ERROR","message":"auth function returned no result"}}"#)
      try scene.session().connection.close(code: nil)
      try scene.run { scene.link.status.lastError == "AUTH_ERROR: auth function returned no result" }
    }
    scene.engine.greets = true
    scene.engine.announceAnswer = #""result":{"success":true}"#
    try scene.run { scene.link.state == .connected }
    #expect(scene.owner.losses.count == 3)
  }

  @Test(arguments: ["FORBIDDEN", "INVALID_NAMESPACE"])
  func aRefusedNamespaceLeavesTheConnection(code: String) throws {
    let scene = try LinkScene { $0.namespace = "shop" }
    scene.engine.announceAnswer = #""error":{"code":"\#(code)","message":"no"}"#
    scene.link.start()
    try scene.run { scene.engine.sessions.count == 3 }
    #expect(scene.link.status.lastError == "the announce was refused: \(code): no")
    #expect(scene.owner.states == [.connecting])
    scene.engine.announceAnswer = #""result":{"success":true}"#
    try scene.run { scene.link.state == .connected }
  }

  @Test func aForbiddenAnnounceWaitsForTheGrace() throws {
    let scene = try LinkScene { $0.announceLimit = 30 }
    scene.engine.announceAnswer = #""error":{"code":"FORBIDDEN","message":"no"}"#
    scene.link.registerFunction("f", definition: [])
    let before = scene.loop.now
    try scene.connect()
    #expect(scene.loop.now >= before + 30)
    try scene.run { scene.link.registrationState(of: "f") == .active }
    #expect(scene.engine.sessions.count == 1)
  }

  @Test func pongsAreAnswered() throws {
    let scene = try LinkScene()
    try scene.connect()
    let session = try scene.session()
    session.send(#"{"type":"ping"}"#)
    try scene.run { session.texts.last == #"{"type":"pong"}"# }
  }

  @Test func aStandstillOfOurOwnIsNoSilence() throws {
    let scene = try LinkScene {
      $0.pingInterval = 50
      $0.idleLimit = 300
    }
    try scene.connect()
    try scene.session().send(#"{"type":"pong"}"#)
    scene.turns(2)
    // As after a suspend: the limit is over, and what came meanwhile has not been read.
    let before = scene.loop.now
    try scene.session().send(#"{"type":"pong"}"#)
    while scene.loop.now < before + 400 { scene.loop.updateTime() }
    let late = scene.loop.now + 100
    try scene.run { scene.loop.now >= late }
    #expect(scene.owner.losses.isEmpty)
  }

  @Test func anEngineThatTakesNothingIsGivenUp() throws {
    let scene = try LinkScene {
      $0.pingInterval = 100
      $0.idleLimit = 1000
    }
    try scene.connect()
    let session = try scene.session()
    session.connection.pauseReading()
    // It goes on talking, so that it is not silent.
    let talk = Timer(on: scene.loop) { session.send(#"{"type":"pong"}"#) }
    talk.start(after: 5, repeatingEvery: 5)
    let big = "\"" + String(repeating: "x", count: 20 << 20) + "\""
    guard case .sent = scene.call(payload: big) else { return #expect(Bool(false)) }
    try scene.run { scene.owner.losses.count == 1 }
    talk.close()
    #expect(scene.owner.losses == ["the engine has taken nothing for 1 s"])
  }

  // MARK: Calls

  @Test func outcomesComeOnceAndCallsMayFollowInEach() throws {
    let scene = try LinkScene()
    try scene.connect()
    let session = try scene.session()
    scene.owner.onAnswer = { [unowned scene] _, context in
      if context < 5 { #expect(scene.call(context: context + 1) != .refused(.queueFull)) }
    }
    _ = scene.call(context: 1)
    for count in 1...5 {
      try scene.run { session.calls.count == count }
      let id = session.calls[count - 1]["invocation_id"] as? String ?? ""
      scene.engine.reply(session, id, #""result":\#(count)"#)
      scene.engine.reply(session, id, #""result":"again""#)
    }
    try scene.run { scene.owner.answers.count == 5 && scene.link.status.strayResults == 5 }
    #expect(scene.owner.answers == (1...5).map { LinkOwner.Answer(context: $0, outcome: "\($0)") })
    #expect(scene.link.status.callsInFlight == 0)
  }

  @Test func membersAreCarried() throws {
    let scene = try LinkScene()
    try scene.connect()
    let session = try scene.session()
    _ = scene.call(
      "f", payload: "[1]", queue: "\"jobs\"", metadata: #"{"m":1}"#, namespace: "\"shop\"", traceparent: "\"00-a\"",
      baggage: "\"k=v\"", action: .enqueue)
    _ = scene.call("f", payload: nil, action: .void)
    try scene.run { session.calls.count == 2 }
    let id = session.calls[0]["invocation_id"] as? String ?? ""
    #expect(
      session.texts.suffix(2) == [
        #"{"type":"invokefunction","invocation_id":"\#(id)","function_id":"f","data":[1],"traceparent":"00-a","#
          + #""baggage":"k=v","action":{"type":"enqueue","queue":"jobs"},"metadata":{"m":1},"namespace":"shop"}"#,
        #"{"type":"invokefunction","function_id":"f","data":null,"action":{"type":"void"}}"#,
      ])
    scene.engine.reply(session, id, #""result":{"messageReceiptId":"r"}"#)
    try scene.run { scene.owner.answers == [.init(context: 1, outcome: #"{"messageReceiptId":"r"}"#)] }
  }

  @Test func errorsAndUnusableAnswersEndTheirCall() throws {
    let scene = try LinkScene()
    try scene.connect()
    let session = try scene.session()
    let answers = [
      (#""error":{"code":"E\"","message":"m","stacktrace":"at"}"#, #"error "E\"" "m" "at""#),
      (#""error":{"code":"E","message":"m"}"#, #"error "E" "m""#),
      (#""error":{"code":"E"}"#, #"unusable(reason: "the answer\'s error lacks a code or a message")"#),
      (#""result":1e999"#, "unusable"), (#""result":null"#, "null"), (#""x":1"#, "none"),
    ]
    for (index, answer) in answers.enumerated() {
      _ = scene.call(context: index)
      try scene.run { session.calls.count == index + 1 }
      scene.engine.reply(session, session.calls[index]["invocation_id"] as? String ?? "", answer.0)
      try scene.run { scene.owner.answers.count == index + 1 }
      #expect(scene.owner.answers[index].outcome.hasPrefix(answer.1), "\(scene.owner.answers[index])")
    }
  }

  @Test func aLossEndsCallsAtOnceAndFirst() throws {
    let scene = try LinkScene()
    scene.link.registerFunction("f", definition: [])
    try scene.connect()
    try scene.run { scene.link.registrationState(of: "f") == .active }
    let session = try scene.session()
    for context in 1...3 { _ = scene.call(context: context) }
    guard case .sent(let third) = scene.call(context: 4) else { return #expect(Bool(false)) }
    try scene.run { session.calls.count == 4 }
    scene.owner.onAnswer = { [unowned scene] link, context in
      #expect(link.state == .reconnecting)
      #expect(scene.call() == .refused(.notConnected(.reconnecting, lastError: link.status.lastError)))
      if context == 1 { link.cancel(third) }
    }
    session.connection.close(code: .internalError, reason: "bye")
    try scene.run { scene.owner.losses.count == 1 }
    #expect(scene.owner.losses == ["closed by the peer with code 1011: bye"])
    #expect(scene.owner.answersAtLoss == [3], "the cancelled call hears nothing")
    #expect(scene.owner.answers.map(\.context) == [1, 2, 3])
    #expect(scene.owner.answers[0].outcome == #"linkLost(reason: "closed by the peer with code 1011: bye")"#)
    #expect(scene.link.status.callsInFlight == 0)
    #expect(scene.owner.registrations.last?.id == "f" && scene.owner.registrations.last?.state == .pending)
  }

  @Test func voidCallsWaitInOrderUpToALimit() throws {
    let scene = try LinkScene {
      $0.queuedCallLimit = 3
      $0.queuedByteLimit = 400
    }
    scene.link.registerFunction("f", definition: [])
    for payload in 1...2 { #expect(scene.call(payload: "\(payload)", action: .void) == .accepted(buffered: true)) }
    let large = "\"" + String(repeating: "x", count: 400) + "\""
    #expect(scene.call(payload: large, action: .void) == .refused(.queueFull))
    #expect(scene.call(payload: "3", action: .void) == .accepted(buffered: true))
    #expect(scene.call(payload: "4", action: .void) == .refused(.queueFull))
    #expect(scene.link.status.queuedCalls == 3)
    scene.owner.onState = { [unowned scene] link in
      if link.state == .connected { #expect(scene.call(payload: "5", action: .void) == .accepted(buffered: false)) }
    }
    try scene.connect()
    let session = try scene.session()
    try scene.run { session.calls.count == 4 }
    #expect(session.calls.map { $0["data"] as? Int } == [1, 2, 3, 5])
    #expect(session.words.prefix(2) == ["invokefunction engine::workers::register", "registerfunction f"])
    #expect(scene.link.status.queuedCalls == 0)
  }

  // MARK: Sizes

  @Test func whatIsTooLargeIsNotSent() throws {
    let scene = try LinkScene { $0.maximumMessage = 2000 }
    scene.link.registerFunction("f", definition: [])
    try scene.connect()
    let session = try scene.session()
    let text = "\"" + String(repeating: "x", count: 2000) + "\""
    guard case .refused(.tooLarge(2000, let size)) = scene.call(payload: text) else { return #expect(Bool(false)) }
    #expect(size > 2002)
    guard case .refused(.tooLarge) = scene.call(payload: text, action: .void) else { return #expect(Bool(false)) }
    #expect(scene.link.registerFunction("g", definition: Array(text.utf8)) == .tooLarge(limit: 2000, size: 2044))
    session.send(
      #"{"type":"invokefunction","invocation_id":"00000000-0000-4000-8000-00000000000a","function_id":"f","data":1}"#)
    try scene.run { scene.owner.invocations.count == 1 }
    #expect(scene.answer(scene.owner.invocations[0].invocation, result: text) == false)
    try scene.run { session.frames("invocationresult").count == 1 }
    let error = try #require(session.frames("invocationresult")[0]["error"] as? [String: Any])
    #expect(error["code"] as? String == "payload_too_large")
    #expect(session.frames("invocationresult")[0]["function_id"] as? String == "f")
    // The largest that fits, to the byte.
    let frame = OutgoingCall(
      id: UUIDBits(high: 0, low: 0), members: InvocationMembers(functionID: 0..<3), action: .synchronous,
      inheritedNamespace: nil)
    let room = 2000 - (frame.size - 4)
    #expect(
      scene.call(payload: String(repeating: "1", count: room + 1)) == .refused(.tooLarge(limit: 2000, size: 2001)))
    guard case .sent = scene.call(payload: String(repeating: "1", count: room)) else { return #expect(Bool(false)) }
    try scene.run { session.texts.last?.utf8.count == 2000 }
  }

  @Test(arguments: [1 << 20, (16 << 20) + 1, 60 << 20])
  func largeMessagesCrossBothWays(count: Int) throws {
    let scene = try LinkScene()
    try scene.connect()
    let session = try scene.session()
    let text = "\"" + String(repeating: "x", count: count) + "\""
    guard case .sent(let call) = scene.call("f", payload: text) else { return #expect(Bool(false)) }
    try scene.run { session.texts.last?.utf8.count ?? 0 > count }
    let sent = try #require(session.texts.last)
    let end = #","function_id":"f","data":\#(text)}"#
    #expect(sent.hasPrefix(#"{"type":"invokefunction","invocation_id":"\#(call.id)""#) && sent.hasSuffix(end))
    // An engine sends it in one frame, however large.
    scene.engine.reply(session, call.id.description, #""result":\#(text)"#)
    try scene.run { scene.owner.answers.count == 1 }
    let isSame = scene.owner.answers[0].outcome == text
    #expect(isSame, "\(scene.owner.answers[0].outcome.prefix(100))")
    #expect(scene.owner.losses.isEmpty)
  }

  // MARK: Registrations

  @Test func anOldEngineKnowsOneAtATime() throws {
    let scene = try LinkScene()
    // 0.13: no tokens, no namespaces, no question for several.
    scene.engine.informationAnswer = { data, session in
      guard data["function_ids"] == nil else {
        return #""error":{"code":"deserialization_error","message":"missing field function_id"}"#
      }
      return FakeEngine.rows(data, session)
    }
    for index in 0..<5 { scene.link.registerFunction("f\(index)", definition: []) }
    try scene.connect()
    try scene.run { scene.owner.registrations.count == 5 }
    #expect(scene.owner.registrations.allSatisfy { $0.state == .active })
    #expect(try scene.session().words.filter { $0.hasSuffix("engine::functions::info") }.count == 6)
  }

  @Test func withoutTheFunctionsOfDiscoveryNothingIsConfirmed() throws {
    for code in ["FORBIDDEN", "function_not_found"] {
      let scene = try LinkScene()
      scene.engine.barrierAnswer = #""error":{"code":"\#(code)","message":"no"}"#
      scene.engine.informationAnswer = { _, _ in #""error":{"code":"\#(code)","message":"no"}"# }
      for index in 0..<3 { scene.link.registerFunction("f\(index)", definition: []) }
      try scene.connect()
      try scene.run { scene.owner.registrations.count == 3 }
      #expect(scene.owner.registrations.allSatisfy { $0.state == .unconfirmed })
      #expect(scene.link.state == .connected)
    }
  }

  @Test func silenceIsNotWaitedForForEver() throws {
    let scene = try LinkScene { $0.confirmationLimit = 20 }
    scene.engine.barrierAnswer = nil
    scene.link.registerFunction("f", definition: [])
    try scene.connect()
    try scene.run { scene.link.registrationState(of: "f") == .unconfirmed }
    scene.engine.barrierAnswer = #""result":{"value":null}"#
    scene.engine.informationAnswer = { _, _ in nil }
    scene.link.registerFunction("g", definition: [])
    try scene.run { scene.link.registrationState(of: "g") == .unconfirmed }
    #expect(scene.link.status.callsInFlight == 0)
  }

  @Test func manyAreConfirmedInFewQuestions() throws {
    let scene = try LinkScene()
    for index in 0..<100 { scene.link.registerFunction("f\(index)", definition: []) }
    try scene.connect()
    try scene.run { scene.owner.registrations.count == 100 }
    let words = try scene.session().words
    #expect(words.filter { $0.hasSuffix("engine::functions::info") }.count == 4)
    #expect(words.filter { $0.hasSuffix("engine::baggage::get") }.count == 1)
    scene.link.registerFunction("more", definition: [])
    scene.link.registerFunction("and more", definition: [])
    try scene.run { scene.owner.registrations.count == 102 }
    #expect(try scene.session().words.filter { $0.hasSuffix("engine::baggage::get") }.count == 2)
  }

  @Test func fiftyFlapsLoseNothing() throws {
    let scene = try LinkScene()
    let ids = (0..<100).map { "f\($0)" }
    for id in ids { scene.link.registerFunction(id, definition: []) }
    try scene.connect()
    for round in 2...51 {
      scene.owner.registrations = []
      try scene.session().connection.abort()
      try scene.run { scene.engine.sessions.count == round && scene.link.state == .connected }
      try scene.run { ids.allSatisfy { scene.link.registrationState(of: $0) == .active } }
      #expect(try scene.session().frames("registerfunction").map { $0["id"] as? String } == ids)
    }
    #expect(scene.owner.losses.count == 50 && scene.link.status.callsInFlight == 0)
  }

  // MARK: Invocations

  @Test func invocationsAreAnsweredInEveryWay() throws {
    let scene = try LinkScene()
    scene.link.registerFunction("f", definition: [])
    try scene.connect()
    let session = try scene.session()
    let ids = (0..<4).map { "00000000-0000-4000-8000-00000000000\($0)" }
    for id in ids {
      session.send(
        #"{"type":"invokefunction","invocation_id":"\#(id)","function_id":"f","data":{"x": 1},"metadata":[1],"#
          + #""traceparent":"00-x","baggage":"a=b"}"#)
    }
    try scene.run { scene.owner.invocations.count == 4 }
    let first = scene.owner.invocations[0]
    #expect(first.payload == #"{"x": 1}"# && first.metadata == "[1]" && first.functionToken == "\"f\"")
    #expect(first.traceparent == "\"00-x\"" && first.baggage == "\"a=b\"" && first.invocation.text == ids[0])
    let token = Array("\"f\"".utf8)
    let errors = Array(#""C\u0041" "m" "s""#.utf8)
    scene.answer(scene.owner.invocations[3].invocation, result: "[ 1e2 ]")
    scene.link.answer(
      scene.owner.invocations[2].invocation, functionToken: token.span, code: "E\n", message: "m", stacktrace: nil)
    scene.link.answer(
      scene.owner.invocations[1].invocation, functionToken: token.span, errorTokens: errors.span, code: 0..<9,
      message: 10..<13, stacktrace: 14..<17)
    scene.link.answer(
      scene.owner.invocations[0].invocation, functionToken: token.span, errorTokens: errors.span, code: 0..<9,
      message: 10..<13, stacktrace: nil)
    try scene.run { session.frames("invocationresult").count == 4 }
    func frame(_ index: Int, _ members: String) -> String {
      #"{"type":"invocationresult","invocation_id":"\#(ids[index])","function_id":"f",\#(members)}"#
    }
    #expect(
      session.texts.suffix(4) == [
        frame(3, #""result":[ 1e2 ]"#), frame(2, #""error":{"code":"E\n","message":"m"}"#),
        frame(1, #""error":{"code":"C\u0041","message":"m","stacktrace":"s"}"#),
        frame(0, #""error":{"code":"C\u0041","message":"m"}"#),
      ])
    #expect(scene.link.status.droppedAnswers == 0)
  }
}
