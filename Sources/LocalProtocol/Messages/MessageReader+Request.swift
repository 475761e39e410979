import Bytes
import RawJSON

// Requests and notifications (local protocol, sections 1 and 4).
extension MessageReader {
  mutating func request(_ name: JSONMember, _ text: Span<UInt8>, _ batchOffset: Int?) -> ClientMessage {
    var id: RequestID?
    if let member = envelope.find(Key.id) {
      id = RequestID(member, in: text)
      if id == nil { return .refused(nil, .invalidRequest(Self.idRule)) }
    }
    do throws(LocalError) {
      guard hasKnownVersion(text) else { throw .invalidRequest("jsonrpc must be \"2.0\" or left out") }
      let row = try row(of: name, text)
      method = row.method
      if batchOffset != nil, !row.isAllowedInBatch { throw .invalidRequest("\(row.name) cannot stand in a batch") }
      if id == nil, !row.mayBeNotification { throw .invalidRequest("\(row.name) needs an id") }
      let arguments = try arguments(row, text, batchOffset ?? 0)
      return .request(
        ClientRequest(id: id, method: row.method, arguments: arguments, isAdministrative: row.isAdministrative))
    } catch {
      return .refused(id, error)
    }
  }

  private static let idRule =
    "an id is an integer or a string of at most \(RequestID.longest) bytes without control characters"

  private func row(of name: JSONMember, _ text: Span<UInt8>) throws(LocalError) -> MethodDescription {
    guard let key = name.key(in: text) else { throw .invalidRequest("method must be a string") }
    if let row = MethodTable.row(named: key) { return row }
    throw .methodNotFound(Self.shortened(name.string(in: text) ?? ""))
  }

  /// A name as it is repeated in an error: its first 64 characters.
  static func shortened(_ name: String) -> String {
    let short = name.prefix(64)
    return short.endIndex == name.endIndex ? name : short + "…"
  }

  // MARK: - Arguments

  private mutating func arguments(
    _ row: MethodDescription, _ text: Span<UInt8>, _ base: Int
  ) throws(LocalError) -> Arguments {
    if let violation = envelope.violation { throw .invalidParameters(violation, offset: base) }
    var arguments = Arguments()
    if let params = envelope.index(of: Key.params) {
      switch envelope.members[params].kind {
      case .object: try assign(row.parameters, &arguments, params, text)
      case .null: break
      case .array:
        throw .invalidParameters("params must be an object with named members, not an array of positions")
      default: throw .invalidParameters("params must be an object")
      }
    }
    try check(row, &arguments, text)
    return arguments
  }

  /// Finds the slot of each member of `params`; the last of equal names counts.
  private func assign(
    _ parameters: [Parameter], _ arguments: inout Arguments, _ params: Int, _ text: Span<UInt8>
  ) throws(LocalError) {
    var index = params &+ 1
    members: while index < envelope.members.count, envelope.members[index].parent == Int32(truncatingIfNeeded: params) {
      for slot in parameters.indices where envelope.members[index].isNamed(parameters[slot].key) {
        arguments[slot] = index
        index &+= 1
        continue members
      }
      let member = envelope.members[index]
      if !Self.isExtension(member, text) { throw Self.unknown(member, text, known: Self.names(parameters), prefix: "") }
      index &+= 1
    }
  }

  /// Whether a member's name begins with `x-`: the client's own, which we do not look at.
  static func isExtension(_ member: JSONMember, _ text: Span<UInt8>) -> Bool {
    let name = text.extracting(member.name)
    return name.count >= 2 && name[0] == UInt8(ascii: "x") && name[1] == UInt8(ascii: "-")
  }

  static func unknown(_ member: JSONMember, _ text: Span<UInt8>, known: String, prefix: String) -> LocalError {
    let name = prefix + shortened(String(jsonContent: text.extracting(member.name)) ?? "")
    return .invalidParameter(name, "unknown member \"\(name)\"; known: \(known)")
  }
}
