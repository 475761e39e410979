import Testing
import Transport

@testable import III

/// A session and its clock: each step returns the effects that it had.
final class SessionScript {
  var session: EngineSession
  var now = MonotonicTime(milliseconds: 1_000_000)

  init(namespace: String? = nil, functionLimit: Int = 1000, _ change: (inout LinkOptions) -> Void = { _ in }) {
    var options = LinkOptions(url: WebSocketURL(isSecure: false, host: "h", port: 1), name: "w", version: "1")
    options.namespace = namespace
    options.functionLimit = functionLimit
    options.backoff = Backoff(jitter: 0)
    change(&options)
    session = EngineSession(options: options, now: now)
  }

  func step(_ body: (inout EngineSession, MonotonicTime) -> Void) -> [SessionEffect] {
    body(&session, now)
    defer { session.effects = [] }
    return session.effects
  }

  func start() -> [SessionEffect] { step { $0.started($1) } }
  func open() -> [SessionEffect] { step { $0.opened($1) } }
  func announce(_ answer: EngineSession.AnnounceAnswer = .accepted) -> [SessionEffect] {
    step { $0.announced(answer, $1) }
  }
  func greet(_ id: String = "w1", _ token: String? = "t1") -> [SessionEffect] {
    step { session, _ in session.greeted(workerID: id, reattachToken: token, features: []) }
  }
  func close(_ reason: String = "gone") -> [SessionEffect] { step { $0.closed(reason, random: 0, $1) } }
  func retry() -> [SessionEffect] { step { $0.retryDue($1) } }
  func register(_ id: String) -> [SessionEffect] { step { session, _ in _ = session.registered(id, definition: []) } }
  func unregister(_ id: String) -> [SessionEffect] { step { session, _ in session.unregistered(id) } }
  func reject(_ rejection: RegistrationRejection) -> [SessionEffect] { step { $0.rejected(rejection, $1) } }
  func confirm() -> [SessionEffect] { step { session, _ in session.confirm() } }
  func pass(_ ids: [String], answered: Bool = true) -> [SessionEffect] {
    step { session, _ in session.barrierPassed(ids, answered: answered) }
  }
  func inform(_ ids: [String], _ information: EngineSession.Information) -> [SessionEffect] {
    step { session, _ in session.informed(ids, information) }
  }
  func list(_ ids: [String], _ engineIDs: [String]?) -> [SessionEffect] {
    step { session, _ in session.listed(ids, engineIDs) }
  }
  func shutDown() -> [SessionEffect] { step { $0.shutdownRequested($1) } }

  /// Up to the state `connected`.
  func connect() {
    _ = start()
    _ = open()
    _ = greet()
    _ = announce()
  }
}

@Suite struct EngineSessionTests {
  @Test func aFirstConnection() {
    let script = SessionScript()
    #expect(script.session.phase == .idle && script.session.state == .disconnected)
    #expect(script.register("a") == [])
    #expect(script.register("b") == [])
    #expect(script.start() == [.changed, .connect])
    #expect(script.session.state == .connecting && script.session.attempt == 1)
    #expect(script.open() == [.announce, .register("a"), .register("b")])
    #expect(script.session.phase == .announcing && !script.session.isReady)
    #expect(script.greet() == [])
    #expect(script.session.workerID == "w1")
    #expect(script.announce() == [.sendQueued, .changed, .barrier(["a", "b"])])
    #expect(script.session.state == .connected && script.session.attempt == 0)
    #expect(script.pass(["a", "b"]) == [.ask(["a", "b"])])
    let rows = [
      FunctionRow(id: "a", finding: .found(worker: "w")), FunctionRow(id: "b", finding: .found(worker: nil)),
    ]
    #expect(
      script.inform(["a", "b"], .rows(rows)) == [.registration("a", .active), .registration("b", .active)])
    #expect(script.start() == [], "a second start is nothing")
  }

  @Test func theAnswerMayComeBeforeTheGreeting() {
    let script = SessionScript()
    _ = script.start()
    _ = script.open()
    #expect(script.announce() == [.sendQueued, .changed])
    #expect(script.session.isReady)
  }

  @Test func aLossAndWhatFollows() {
    let script = SessionScript()
    _ = script.register("a")
    script.connect()
    _ = script.inform(["a"], .rows([FunctionRow(id: "a", finding: .found(worker: "w"))]))
    #expect(script.session.functions["a"]?.state == .active)
    #expect(
      script.close() == [
        .changed, .retry(at: script.now + 1000), .failCalls(.linkLost(reason: "gone")), .registration("a", .pending),
        .lost(reason: "gone"),
      ])
    #expect(script.session.state == .reconnecting && script.session.lastError == "gone")
    #expect(script.session.retryTime == script.now + 1000 && script.session.workerID == nil)
    #expect(script.close() == [], "an ended connection ends once")
    #expect(script.retry() == [.connect])
    #expect(script.session.state == .reconnecting && script.session.retryTime == nil)
    #expect(script.open() == [.reattach(workerID: "w1", token: "t1"), .announce, .register("a")])
    _ = script.greet("w2", "t2")
    #expect(script.announce() == [.sendQueued, .changed, .barrier(["a"])])
    #expect(script.session.lastError == nil)
  }

  @Test func attemptsThatFailWaitLonger() {
    let script = SessionScript()
    _ = script.start()
    for wait in [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000] {
      #expect(script.close("refused") == [.retry(at: script.now + wait)])
      #expect(script.session.state == .connecting)
      #expect(script.retry() == [.connect])
    }
    #expect(script.session.attempt == 8)
    // Open, but gone before the announce was answered: no success, the waits go on.
    _ = script.open()
    #expect(script.close().first == .retry(at: script.now + 30_000))
    #expect(script.session.state == .connecting, "it never was connected")
    _ = script.retry()
    _ = script.open()
    _ = script.announce()
    #expect(script.close().contains(.retry(at: script.now + 1000)), "once it was, they begin anew")
  }

  @Test func withoutAnAttemptLeft_itHasFailed() {
    let script = SessionScript { $0.backoff = Backoff(jitter: 0, limit: 1) }
    _ = script.start()
    #expect(script.close("no route") == [.retry(at: script.now + 1000)])
    #expect(script.retry() == [.connect])
    #expect(script.close("no route") == [.changed])
    #expect(script.session.state == .failed)
    #expect(
      script.session.phase
        == .refused(code: "NOT_CONNECTED", message: "no attempt to connect is left: no route"))
    #expect(script.retry() == [] && script.close() == [])
    #expect(script.shutDown() == [.changed, .stopped])
  }

  @Test func withoutAnAttemptAllowed_aLossIsTheEnd() {
    let script = SessionScript { $0.backoff = Backoff(jitter: 0, limit: 0) }
    script.connect()
    let message = "no attempt to connect is left: gone"
    #expect(
      script.close() == [
        .changed, .failCalls(.rejected(code: "NOT_CONNECTED", message: message)), .lost(reason: "gone"),
      ])
    #expect(script.session.state == .failed)
  }

  @Test func anIdOfALostGreetingIsKept() {
    let script = SessionScript()
    script.connect()
    _ = script.close()
    _ = script.retry()
    _ = script.open()
    _ = script.close("before the greeting")
    _ = script.retry()
    #expect(script.open() == [.reattach(workerID: "w1", token: "t1"), .announce])
    _ = script.greet("w9", nil)
    _ = script.close()
    _ = script.retry()
    #expect(script.open() == [.announce], "an engine without tokens knows no reattach")
  }

  @Test func theWordsOfTheEngineAreRemembered() {
    let script = SessionScript()
    _ = script.start()
    _ = script.open()
    #expect(script.step { session, _ in session.complained(code: "AUTH_ERROR", message: "no") } == [])
    _ = script.close("closed by the peer without a code")
    #expect(script.session.lastError == "AUTH_ERROR: no")
    #expect(script.session.phase == .waiting, "a refused token may be accepted later")
    _ = script.retry()
    _ = script.close("refused")
    #expect(script.session.lastError == "refused")
  }

  @Test func aSilentAnnounceIsNoEnd() {
    let script = SessionScript()
    _ = script.start()
    _ = script.open()
    #expect(script.announce(.none) == [.sendQueued, .changed])
    #expect(script.session.lastError == "the announce was not answered")
    #expect(script.announce() == [], "a late answer changes nothing")
  }

  @Test func aForbiddenAnnounceWithoutNamespaceWaitsForTheGrace() {
    let script = SessionScript()
    _ = script.register("a")
    _ = script.start()
    _ = script.open()
    #expect(
      script.announce(.refused(code: "FORBIDDEN", message: "no")) == [.grace(until: script.now + 5000)])
    #expect(script.session.phase == .unannounced && script.session.isOpen && !script.session.isReady)
    script.now = script.now + 5000
    #expect(script.step { $0.graceEnded($1) } == [.sendQueued, .changed, .barrier(["a"])])
    #expect(script.session.lastError == "the announce was refused: FORBIDDEN: no")
    _ = script.pass(["a"])
    #expect(
      script.inform(["a"], .rows([FunctionRow(id: "a", finding: .missing)])) == [.registration("a", .unconfirmed)],
      "without an announce it may still be held back")
  }

  @Test(arguments: ["FORBIDDEN", "INVALID_NAMESPACE"])
  func aRefusedNamespaceIsNoPlaceToStay(code: String) {
    let script = SessionScript(namespace: "shop")
    _ = script.start()
    _ = script.open()
    #expect(script.announce(.refused(code: code, message: "no")) == [.abort])
    _ = script.close("closed by us")
    #expect(script.session.lastError == "the announce was refused: \(code): no")
    #expect(script.session.phase == .waiting)
  }

  @Test func anAnnounceWithoutSuccessIsTriedAgain() {
    let script = SessionScript()
    _ = script.start()
    _ = script.open()
    #expect(script.announce(.refused(code: EngineSession.notSuccessful, message: "")) == [.abort])
  }

  @Test func whatIsRegisteredInOneTurnIsConfirmedTogether() {
    let script = SessionScript()
    script.connect()
    #expect(script.register("a") == [.register("a"), .confirmAtEndOfTurn])
    #expect(script.register("b") == [.register("b")])
    #expect(script.confirm() == [.barrier(["a", "b"])])
    #expect(script.confirm() == [])
    #expect(script.register("c") == [.register("c"), .confirmAtEndOfTurn])
  }

  @Test func registeredWhileAnnouncingIsSentOnceAndConfirmedWithTheRest() {
    let script = SessionScript()
    _ = script.register("a")
    _ = script.start()
    #expect(script.register("b") == [], "the replay is going to carry it")
    #expect(script.open() == [.announce, .register("a"), .register("b")])
    #expect(script.register("c") == [.register("c")])
    #expect(script.announce() == [.sendQueued, .changed, .barrier(["a", "b", "c"])])
  }

  @Test func takenBackWhileAwayIsNotSent() {
    let script = SessionScript()
    _ = script.register("a")
    _ = script.register("b")
    #expect(script.unregister("a") == [])
    #expect(script.unregister("nobody") == [])
    _ = script.start()
    #expect(script.open() == [.announce, .register("b")])
    #expect(script.unregister("b") == [.unregister("b")])
    #expect(script.announce() == [.sendQueued, .changed])
  }

  @Test func aRefusedFunctionStaysRefusedOnThisConnection() {
    let script = SessionScript()
    _ = script.register("a")
    _ = script.register("b")
    script.connect()
    let rejection = RegistrationRejection(
      code: "FUNCTION_NAMESPACE_CONFLICT", namespace: "default", functionID: "a", owner: "w7")
    let state = RegistrationState.rejected(code: "FUNCTION_NAMESPACE_CONFLICT", owner: "w7")
    #expect(script.reject(rejection) == [.registration("a", state)])
    #expect(script.reject(rejection) == [])
    #expect(script.pass(["a", "b"]) == [.ask(["b"])])
    #expect(script.inform(["a"], .rows([FunctionRow(id: "a", finding: .found(worker: nil))])) == [])
    #expect(script.session.functions["a"]?.state == state && script.session.isReady)
    _ = script.close()
    #expect(script.session.functions["a"]?.state == .pending)
    _ = script.retry()
    #expect(script.open().contains(.register("a")), "the next connection may have room")
  }

  @Test(arguments: [
    RegistrationRejection(code: "WORKER_NAMESPACE_CONFLICT", namespace: "default", workerName: "w", owner: "w7"),
    RegistrationRejection(code: "SOMETHING_NEW", functionID: "a"),
  ])
  func aRefusedWorkerIsTheEnd(rejection: RegistrationRejection) {
    let script = SessionScript()
    _ = script.register("a")
    _ = script.start()
    _ = script.open()
    let effects = script.reject(rejection)
    #expect(
      effects == [
        .changed, .abort, .failCalls(.rejected(code: rejection.code, message: rejection.message)),
        .lost(reason: "\(rejection.code): \(rejection.message)"),
      ])
    #expect(script.session.state == .failed)
    #expect(script.close() == [], "a later close does not change it")
    #expect(script.session.state == .failed && script.retry() == [])
    #expect(script.register("b") == [])
    #expect(script.shutDown() == [.changed, .stopped])
  }

  @Test func questionsHaveThirtyTwoIds() {
    let script = SessionScript()
    let ids = (0..<70).map { "f\($0)" }
    for id in ids { _ = script.register(id) }
    script.connect()
    #expect(script.pass(ids) == [.ask(Array(ids[0..<32])), .ask(Array(ids[32..<64])), .ask(Array(ids[64..<70]))])
  }

  @Test func anOldEngineIsAskedOneByOne() {
    let script = SessionScript()
    for id in ["a", "b"] { _ = script.register(id) }
    script.connect()
    #expect(script.pass(["a", "b"]) == [.ask(["a", "b"])])
    #expect(script.inform(["a", "b"], .singleOnly) == [.ask(["a"]), .ask(["b"])])
    #expect(
      script.inform(["a"], .rows([FunctionRow(id: "a", finding: .found(worker: nil))])) == [.registration("a", .active)]
    )
    #expect(script.inform(["b"], .singleOnly) == [.registration("b", .unconfirmed)])
    _ = script.register("c")
    _ = script.register("d")
    #expect(script.pass(["c", "d"]) == [.ask(["c"]), .ask(["d"])])
  }

  @Test func whereAskingIsForbiddenOnlyTheBarrierCounts() {
    let script = SessionScript()
    _ = script.register("a")
    script.connect()
    _ = script.pass(["a"])
    #expect(script.inform(["a"], .forbidden) == [.registration("a", .unconfirmed)])
    _ = script.register("b")
    #expect(script.pass(["b"]) == [.registration("b", .unconfirmed)], "it is not asked again on this connection")
  }

  @Test func silenceConfirmsNothing() {
    let script = SessionScript()
    for id in ["a", "b"] { _ = script.register(id) }
    script.connect()
    #expect(script.pass(["a"], answered: false) == [.registration("a", .unconfirmed)])
    #expect(script.inform(["b"], .nothing) == [.registration("b", .unconfirmed)])
  }

  @Test func aSilentRefusalIsFound() {
    let script = SessionScript()
    for id in ["gone", "theirs", "hidden", "lost"] { _ = script.register(id) }
    script.connect()
    let rows = [
      FunctionRow(id: "gone", finding: .missing), FunctionRow(id: "theirs", finding: .found(worker: "other")),
      FunctionRow(id: "hidden", finding: .hidden),
    ]
    #expect(
      script.inform(["gone", "theirs", "hidden", "lost"], .rows(rows)) == [
        .registration("hidden", .unconfirmed), .registration("lost", .unconfirmed), .listOwn(["gone", "theirs"]),
      ])
    #expect(
      script.list(["gone", "theirs"], ["other::gone::x", "else"]) == [
        .registration("gone", .rejected(code: "NOT_FOUND", owner: nil)),
        .registration("theirs", .rejected(code: "FUNCTION_NAMESPACE_CONFLICT", owner: "other")),
      ])
  }

  @Test func aFunctionBehindAPrefixIsFoundAtTheSecondLook() {
    let script = SessionScript()
    for id in ["f", "a::f", "theirs", "gone"] { _ = script.register(id) }
    script.connect()
    let rows = [
      FunctionRow(id: "f", finding: .missing), FunctionRow(id: "a::f", finding: .missing),
      FunctionRow(id: "theirs", finding: .found(worker: "other")), FunctionRow(id: "gone", finding: .missing),
    ]
    let ids = rows.map(\.id)
    #expect(script.inform(ids, .rows(rows)) == [.listOwn(ids)])
    // The longest of our names is meant, so that a::f does not stand for f.
    #expect(
      script.list(ids, ["ten::1::a::f", "ten::1::theirs"]) == [
        .registration("a::f", .active), .registration("theirs", .active),
        .registration("f", .rejected(code: "NOT_FOUND", owner: nil)),
        .registration("gone", .rejected(code: "NOT_FOUND", owner: nil)),
      ])
  }

  @Test func aSecondLookThatIsForbiddenConfirmsNothing() {
    let script = SessionScript()
    for id in ["f", "g"] { _ = script.register(id) }
    script.connect()
    #expect(script.inform(["f"], .rows([FunctionRow(id: "f", finding: .missing)])) == [.listOwn(["f"])])
    #expect(script.inform(["g"], .rows([FunctionRow(id: "g", finding: .missing)])) == [], "one at a time")
    #expect(script.list(["f"], nil) == [.registration("f", .unconfirmed), .listOwn(["g"])])
    #expect(script.list(["g"], ["p::g"]) == [.registration("g", .active)])
  }

  @Test func aRefusalUnderAPrefixIsOurs() {
    let script = SessionScript()
    _ = script.register("f")
    script.connect()
    let refusal = RegistrationRejection(
      code: RegistrationRejection.functionConflict, namespace: "default", functionID: "ten::f", owner: "o")
    #expect(script.reject(refusal) == [.registration("f", .rejected(code: refusal.code, owner: "o"))])
  }

  @Test func functionsHaveALimit() {
    let script = SessionScript(functionLimit: 2)
    _ = script.register("a")
    _ = script.register("b")
    var refusal: RegistrationRefusal?
    _ = script.step { session, _ in refusal = session.registered("c", definition: []) }
    #expect(refusal == .tooMany(limit: 2))
    _ = script.step { session, _ in refusal = session.registered("a", definition: [1]) }
    #expect(refusal == nil, "again is not more")
    _ = script.unregister("b")
    _ = script.step { session, _ in refusal = session.registered("c", definition: []) }
    #expect(refusal == nil)
  }

  @Test func shuttingDownTakesFunctionsBackFirst() {
    let script = SessionScript()
    for id in ["a", "b"] { _ = script.register(id) }
    script.connect()
    #expect(script.shutDown() == [.unregister("a"), .unregister("b"), .failCalls(.shutdown), .close])
    #expect(!script.session.isOpen)
    #expect(script.shutDown() == [])
    var refusal: RegistrationRefusal?
    _ = script.step { session, _ in refusal = session.registered("c", definition: []) }
    #expect(refusal == .shuttingDown)
    #expect(script.close() == [.changed, .stopped])
    #expect(script.session.state == .disconnected && script.session.phase == .stopped)
    #expect(script.close() == [] && script.retry() == [] && script.start() == [])
  }

  @Test func shuttingDownIsPossibleAnyTime() {
    let idle = SessionScript()
    #expect(idle.shutDown() == [.stopped])
    let attempting = SessionScript()
    _ = attempting.start()
    #expect(attempting.shutDown() == [.abort])
    #expect(attempting.close() == [.changed, .stopped])
    let waiting = SessionScript()
    _ = waiting.start()
    _ = waiting.close()
    #expect(waiting.shutDown() == [.changed, .stopped])
    #expect(waiting.retry() == [])
  }
}
