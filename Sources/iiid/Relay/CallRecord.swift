import III
import LocalProtocol

/// One request of a client whose response is not due at once.
struct CallRecord {
  /// What the response waits for.
  enum Phase {
    /// The engine's answer.
    case sent
    /// The connection to the engine; ``RelayState/parked`` has the call.
    case parked
    /// The registration of a function to be confirmed.
    case registration
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
  /// Whether it is a line for the engine's log.
  let isLog: Bool
  /// Where this record stands in its client's list.
  var position = 0

  init(reply: ReplyAddress, phase: Phase, functionID: String, isLog: Bool = false) {
    self.reply = reply
    self.phase = phase
    self.functionID = functionID
    self.isLog = isLog
  }
}

extension CallRecord: SlabElement {
  static var vacant: CallRecord {
    CallRecord(reply: ReplyAddress(client: .none, id: nil), phase: .sent, functionID: "")
  }
}
