import Bytes
import Foundation
import Transport

@testable import III

/// Notes what a link tells its owner.
final class LinkOwner: EngineLinkOwner {
  struct Answer: Equatable {
    var context: Int
    var outcome: String
  }

  struct Invocation {
    var invocation: IncomingInvocation
    var functionToken: String
    var payload: String?
    var metadata: String?
    var traceparent: String?
    var baggage: String?
  }

  var states: [ConnectionState] = []
  var answers: [Answer] = []
  var invocations: [Invocation] = []
  var registrations: [(id: String, state: RegistrationState)] = []
  /// The triggers that this end is asked for, with configuration, metadata and namespace.
  var triggers: [(trigger: IncomingTrigger, config: String?, metadata: String?, namespace: String?)] = []
  var removedTriggers: [String?] = []
  var refusedTriggers: [(id: String, failure: TriggerFailure)] = []
  var recoveries = 0
  var losses: [String] = []
  var drained = 0
  var isStopped = false
  /// The number of answers at the time of each loss.
  var answersAtLoss: [Int] = []
  var onAnswer: ((EngineLink, Int) -> Void)?
  var onState: ((EngineLink) -> Void)?

  func engineLinkChangedState(_ link: EngineLink) {
    states.append(link.state)
    onState?(link)
  }

  static func slice(_ text: Span<UInt8>, _ range: Range<Int>?) -> String? {
    range.flatMap { String(utf8: text.extracting($0)) }
  }

  func engineLink(
    _ link: EngineLink, answered context: Int, _ outcome: CallOutcome, _ text: Span<UInt8>, hasNewlines: Bool
  ) {
    let description: String
    switch outcome {
    case .result(let range): description = Self.slice(text, range) ?? "none"
    case .error(let code, let message, let stacktrace):
      description =
        "error \(Self.slice(text, code) ?? "?") \(Self.slice(text, message) ?? "?")"
        + (stacktrace.map { " \(Self.slice(text, $0) ?? "?")" } ?? "")
    case .failure(.timedOut): description = "timed out"
    case .failure(let failure): description = "\(failure)"
    }
    answers.append(Answer(context: context, outcome: description))
    onAnswer?(link, context)
  }

  func engineLink(
    _ link: EngineLink, invoked invocation: IncomingInvocation, _ members: InvocationMembers, _ text: Span<UInt8>
  ) {
    invocations.append(
      Invocation(
        invocation: invocation, functionToken: Self.slice(text, members.functionID) ?? "?",
        payload: Self.slice(text, members.payload), metadata: Self.slice(text, members.metadata),
        traceparent: Self.slice(text, members.traceparent), baggage: Self.slice(text, members.baggage)))
  }

  func engineLink(_ link: EngineLink, registrationOf functionID: String, became state: RegistrationState) {
    registrations.append((functionID, state))
  }

  func engineLink(
    _ link: EngineLink, asked trigger: IncomingTrigger, _ members: TriggerMembers, _ text: Span<UInt8>
  ) {
    triggers.append(
      (
        trigger, Self.slice(text, members.config), Self.slice(text, members.metadata),
        Self.slice(text, members.namespace)
      ))
  }

  func engineLink(_ link: EngineLink, removedTrigger members: TriggerMembers, _ text: Span<UInt8>) {
    removedTriggers.append(Self.slice(text, members.id))
  }

  func engineLink(_ link: EngineLink, refusedTrigger id: String, _ failure: TriggerFailure) {
    refusedTriggers.append((id, failure))
  }

  func engineLinkRecoveredTriggers(_ link: EngineLink) { recoveries += 1 }

  func engineLinkLostConnection(_ link: EngineLink, reason: String) {
    losses.append(reason)
    answersAtLoss.append(answers.count)
  }

  func engineLinkDrained(_ link: EngineLink) { drained += 1 }

  func engineLinkStopped(_ link: EngineLink) { isStopped = true }
}
