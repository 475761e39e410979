import III
import LocalProtocol
import Transport

/// One request of a client whose response is not due at once.
struct CallRecord {
  /// What the response waits for.
  enum Phase: Equatable {
    /// The engine's answer.
    case sent
    /// The connection to the engine; ``RelayState/parked`` has the call.
    case parked
    /// The registration of a function to be confirmed.
    case registration
    /// A binding or a trigger type to be confirmed: the engine's answer, or the end of the wait.
    case confirmation
    /// The daemon itself; the number is the ``PostponedReply``'s.
    case postponed(Int)
    /// A channel; ``ChannelTable`` has the request, or the connection that has become the channel's end.
    case channel
    /// Something to read from a channel.
    case reading
    /// The disk: it was promised that what was accepted is carried out, so it cannot be cancelled. The number is the
    /// ``PostponedReply``'s.
    case storing(Int)
  }

  /// Whether the request waits for the disk.
  var isStoring: Bool { if case .storing = phase { true } else { false } }

  /// What the engine's answer means.
  enum Purpose {
    /// The response, as it is.
    case answer
    /// Nothing: it is a line for the engine's log.
    case log
    /// What the engine knows; ``RelayState/confirmations`` has of what.
    case confirmation
    /// The id of a durable binding.
    case durableTrigger
  }

  /// A call that waits for the engine to be connected, with its line.
  struct Parked {
    let text: [UInt8]
    let members: InvocationMembers
    let action: CallAction
    let timeoutMilliseconds: Int
  }

  let reply: ReplyAddress
  var phase: Phase
  /// The call at the link, once it was taken.
  var call: CallID?
  /// The slot of the function whose registration is waited for.
  var function = -1
  /// The function that is called or registered, for errors.
  let functionID: String
  let purpose: Purpose
  /// When a call of a function came in; nil for every other request.
  var startedAt: MonotonicTime?
  /// Where this record stands in its client's list.
  var position = 0

  init(reply: ReplyAddress, phase: Phase, functionID: String, purpose: Purpose = .answer) {
    self.reply = reply
    self.phase = phase
    self.functionID = functionID
    self.purpose = purpose
  }
}

extension CallRecord: SlabElement {
  static var vacant: CallRecord {
    CallRecord(reply: ReplyAddress(client: .none, id: nil), phase: .sent, functionID: "")
  }
}
