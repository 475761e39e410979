import III
import LocalProtocol
import RawJSON
import Transport

// The event `invocations`.
extension Relay {
  /// Tells of a call or an invocation that is over. While a subscriber does not read, the last one of each direction is
  /// kept: clients choose the ids of functions, so there may be any number of those.
  func publish(_ observation: Observation, _ text: Span<UInt8>) {
    let (outcome, code) = Self.words(for: outcome(of: observation), text)
    publish(
      .invocations, about: observation.direction.rawValue,
      .object([
        "direction": .string(observation.direction.rawValue),
        "function_id": .string(observation.functionID),
        "invocation_id": observation.invocation.map { .string($0.description) },
        "connection_id": observation.client.map { .integer($0.generation) },
        "outcome": .string(outcome),
        "code": code.map { .string($0) },
        "duration_ms": .integer(max(0, loop.now - observation.startedAt)),
      ]))
  }

  /// A result that no engine would take has become an error on its way out.
  private func outcome(of observation: Observation) -> Observation.Outcome {
    if answerWasTooLarge, observation.direction == .incoming, case .ok = observation.outcome {
      return .error(code: "payload_too_large")
    }
    return observation.outcome
  }

  private static func words(for outcome: Observation.Outcome, _ text: Span<UInt8>) -> (outcome: String, code: String?) {
    switch outcome {
    case .ok: ("ok", nil)
    case .accepted: ("accepted", nil)
    case .lost: ("lost", nil)
    case .error(let code): ("error", code)
    case .failure(let code):
      ("error", code.flatMap { String(jsonToken: text.extracting($0)) } ?? "invocation_failed")
    }
  }
}
