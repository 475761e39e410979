import RawJSON

/// A call that a program wants, as the link takes it: one text, and where its members stand.
struct CallRequest: Sendable {
  /// The function.
  var functionID: String
  /// All members, one behind the other.
  var text: [UInt8]
  /// Where they stand in it.
  var members: InvocationMembers
  /// How it is carried out.
  var action: CallAction
  /// In milliseconds.
  var timeout: Int

  init(
    _ functionID: String, payload: JSON, action: TriggerAction, timeout: Duration, metadata: JSON?, namespace: String?
  ) {
    self.functionID = functionID
    self.timeout = timeout.milliseconds
    var text = EngineLink.token(functionID)
    var members = InvocationMembers(functionID: 0..<text.count)
    func place(_ bytes: [UInt8]) -> Range<Int> {
      text += bytes
      return (text.count - bytes.count)..<text.count
    }
    members.payload = place(payload.utf8)
    members.metadata = metadata.map { place($0.utf8) }
    members.namespace = namespace.map { place(EngineLink.token($0)) }
    switch action {
    case .synchronous: self.action = .synchronous
    case .void: self.action = .void
    case .enqueue(let queue):
      self.action = .enqueue
      members.queue = place(EngineLink.token(queue))
    }
    self.text = text
    self.members = members
  }
}

extension Duration {
  /// Whole milliseconds, rounded up; at least 0.
  var milliseconds: Int {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    guard seconds < Int64.max / 2000 else { return Int.max / 2 }
    return Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}
