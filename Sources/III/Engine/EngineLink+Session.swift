import Bytes
import RawJSON
import Transport
import WebSocket

/// What the link says on its own account: reattach, announce, queued calls, barriers, questions.
extension EngineLink {
  /// `text` as a JSON string in quotes.
  static func token(_ text: String) -> [UInt8] {
    var buffer = ByteBuffer(capacity: text.utf8.count + 2)
    buffer.append(jsonString: text)
    return [UInt8](copying: buffer.span)
  }

  /// Sends a short text.
  func send(_ text: String) { connection?.send(text: text) }

  func sendReattach(workerID: String, token: String) {
    connection?.send(.text, sizeHint: 160) { buffer in
      buffer.append(#"{"type":"reattach","previous_worker_id":"#)
      buffer.append(jsonString: workerID)
      buffer.append(#","reattach_token":"#)
      buffer.append(jsonString: token)
      buffer.append(UInt8(ascii: "}"))
    }
  }

  /// The announce is a call that is answered: its answer is the sign that names and namespace are settled and the
  /// registrations applied (engine protocol, section 4.1). It names no namespace of its own.
  func sendAnnounce() {
    call(Announce.functionID, announce.data, namespace: nil, .announce, context: 0, limit: options.announceLimit)
  }

  func sendBarrier(_ ids: [String]) {
    ask(about: ids, "engine::baggage::get", [UInt8](#"{"key":"barrier"}"#.utf8), .barrier)
  }

  func sendQuestion(_ ids: [String]) {
    var buffer = ByteBuffer(capacity: 64)
    if ids.count == 1 {
      // Every engine knows this form.
      buffer.append(#"{"function_id":"#)
      buffer.append(jsonString: ids[0])
    } else {
      buffer.append(#"{"function_ids":["#)
      for (index, id) in ids.enumerated() {
        if index > 0 { buffer.append(UInt8(ascii: ",")) }
        buffer.append(jsonString: id)
      }
      buffer.append(UInt8(ascii: "]"))
    }
    if let ownNamespace {
      buffer.append(#","namespace":"#)
      buffer.append(ownNamespace.span)
    }
    buffer.append(UInt8(ascii: "}"))
    ask(about: ids, "engine::functions::info", [UInt8](copying: buffer.span), .information)
  }

  func sendListing(_ ids: [String]) {
    var data = ByteBuffer(capacity: 64)
    data.append(#"{"include_internal":true,"worker":"#)
    data.append(jsonString: options.name)
    data.append(UInt8(ascii: "}"))
    ask(about: ids, "engine::functions::list", [UInt8](copying: data.span), .list)
  }

  private func ask(about ids: [String], _ function: String, _ data: [UInt8], _ purpose: CallTable.Purpose) {
    nextQuestion += 1
    questions[nextQuestion] = ids
    call(
      function, data, namespace: engineNamespace, purpose, context: nextQuestion, limit: options.confirmationLimit)
  }

  /// Calls one of the engine's functions for the link itself.
  private func call(
    _ function: String, _ data: [UInt8], namespace: [UInt8]?, _ purpose: CallTable.Purpose, context: Int, limit: Int
  ) {
    guard
      let (slot, id) = calls.insert(
        random: (random.next(), random.next()), purpose: purpose, context: context, limit: limit)
    else { return }
    setDeadline(ofCall: slot, at: loop.now + limit)
    var text = Self.token(function)
    var members = InvocationMembers(functionID: 0..<text.count)
    members.payload = text.count..<(text.count + data.count)
    text += data
    let frame = OutgoingCall(id: id, members: members, action: .synchronous, inheritedNamespace: namespace)
    connection?.send(.text, sizeHint: frame.size) { frame.append(text.span, to: &$0) }
  }

  /// Sends the void calls that have waited, in order, each as a message of its own.
  func sendQueued() {
    guard queue.count > 0, let connection else { return }
    queue.drain { text in connection.send(.text, sizeHint: text.count) { $0.append(text) } }
  }

  /// One of the link's own calls is over.
  func answered(_ call: CallTable.Entry, _ outcome: CallOutcome, _ text: Span<UInt8>) {
    switch call.purpose {
    case .owner: break
    case .announce: session.announced(announceAnswer(outcome, text), loop.now)
    case .barrier:
      guard let ids = questions.removeValue(forKey: call.context) else { return }
      var isAnswered = true
      if case .failure = outcome { isAnswered = false }
      session.barrierPassed(ids, answered: isAnswered)
    case .information:
      guard let ids = questions.removeValue(forKey: call.context) else { return }
      session.informed(ids, information(ids, outcome, text))
    case .list:
      guard let ids = questions.removeValue(forKey: call.context) else { return }
      var listed: [String]?
      if case .result(let range?) = outcome { listed = DiscoveryReply.ids(text.extracting(range)) }
      session.listed(ids, listed)
    }
  }

  private func announceAnswer(_ outcome: CallOutcome, _ text: Span<UInt8>) -> EngineSession.AnnounceAnswer {
    switch outcome {
    case .result(let range):
      var envelope = JSONEnvelope()
      guard let range, (try? envelope.scan(text.extracting(range))) != nil,
        envelope.find("success")?.boolean(in: text.extracting(range)) == false
      else { return .accepted }
      return .refused(code: EngineSession.notSuccessful, message: "the engine answered without success")
    case .error(let code, let message, _):
      return .refused(code: Self.string(text.extracting(code)), message: Self.string(text.extracting(message)))
    case .failure: return .none
    }
  }

  private func information(
    _ ids: [String], _ outcome: CallOutcome, _ text: Span<UInt8>
  ) -> EngineSession.Information {
    switch outcome {
    case .result(let range?):
      guard let rows = DiscoveryReply.rows(text.extracting(range)) else { return .nothing }
      return .rows(rows)
    case .error(let code, _, _):
      switch Self.string(text.extracting(code)) {
      case "FORBIDDEN": return .forbidden
      case "NOT_FOUND" where ids.count == 1: return .rows([FunctionRow(id: ids[0], finding: .missing)])
      default: return .singleOnly
      }
    case .result(nil), .failure: return .nothing
    }
  }

  /// The characters of a JSON string in quotes.
  static func string(_ token: Span<UInt8>) -> String {
    var envelope = JSONEnvelope()
    var text = ByteBuffer(capacity: token.count + 2)
    text.append(UInt8(ascii: "["))
    text.append(token)
    text.append(UInt8(ascii: "]"))
    guard (try? envelope.scan(text.span)) != nil, let member = envelope.members.first else { return "" }
    return member.string(in: text.span) ?? ""
  }
}
