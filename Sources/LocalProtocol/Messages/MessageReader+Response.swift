import RawJSON

// Answers to requests of ours (local protocol, sections 3 and 5).
extension MessageReader {
  mutating func response(_ text: Span<UInt8>, _ base: Int) -> ClientMessage {
    let id = envelope.find(Key.id)
    return .response(
      ClientResponse(number: id.flatMap { Self.number($0, text) }, id: id?.value, outcome: outcome(text, base)))
  }

  private mutating func outcome(_ text: Span<UInt8>, _ base: Int) -> ClientResponse.Outcome {
    if var violation = envelope.violation {
      violation.offset += base
      return .unusable(
        reason: "the worker's answer is nothing that the engine would take: \(violation)",
        LocalError.invalidRequest("the engine would not take this answer: \(violation)")
          .with("offset", .integer(violation.offset)).with("reason", .string(violation.reason.rawValue)))
    }
    guard hasKnownVersion(text) else { return unusable("its jsonrpc is not \"2.0\"") }
    guard let index = envelope.index(of: Key.error), envelope.members[index].kind != .null else {
      // `"error":null` beside a result is how some libraries say that there is none.
      guard let result = envelope.find(Key.result) else { return unusable("its error is null and it has no result") }
      return .result(result.value)
    }
    switch envelope.members[index].kind {
    case .string: return .failure(WorkerFailure(code: nil, message: envelope.members[index].value, stacktrace: nil))
    case .object: return .failure(failure(index, text))
    default: return unusable("its error is neither an object nor a string")
    }
  }

  private func unusable(_ reason: String) -> ClientResponse.Outcome {
    .unusable(reason: "the worker's answer is malformed: \(reason)", .invalidRequest("malformed answer: \(reason)"))
  }

  private mutating func failure(_ index: Int, _ text: Span<UInt8>) -> WorkerFailure {
    WorkerFailure(
      code: string(Key.code, index, text).flatMap { $0.count > 2 ? $0 : nil },
      message: string(Key.message, index, text),
      stacktrace: string(Key.stacktrace, index, text) ?? stacktrace(index, text))
  }

  private func string(_ key: JSONKey, _ parent: Int, _ text: Span<UInt8>) -> Range<Int>? {
    guard let member = envelope.find(key, in: parent), member.kind == .string else { return nil }
    return member.value
  }

  /// The stack trace where JSON-RPC has room for it: in the error's data.
  private mutating func stacktrace(_ parent: Int, _ text: Span<UInt8>) -> Range<Int>? {
    guard let data = envelope.find(Key.data, in: parent), data.kind == .object else { return nil }
    guard (try? nested.scan(data.raw(in: text))) != nil, let trace = nested.find(Key.stacktrace), trace.kind == .string
    else { return nil }
    let base = data.value.lowerBound
    return (base &+ trace.value.lowerBound)..<(base &+ trace.value.upperBound)
  }

  /// 7 for `"d7"`; nil for every id that is not written as we write ours.
  private static func number(_ id: JSONMember, _ text: Span<UInt8>) -> Int? {
    let token = id.value
    guard id.kind == .string, token.count > 3, token.count <= 21, text[token.lowerBound &+ 1] == UInt8(ascii: "d"),
      text[token.lowerBound &+ 2] != UInt8(ascii: "0")
    else { return nil }
    var number = 0
    for index in (token.lowerBound &+ 2)..<(token.upperBound &- 1) {
      let digit = text[index] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      number = number &* 10 &+ Int(digit)
    }
    return number
  }
}
