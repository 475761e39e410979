import Bytes
import RawJSON

// Whether arguments are what the table asks for (local protocol, section 4).
extension MessageReader {
  /// Checks each argument. `null` for a parameter that may be left out means that it is.
  mutating func check(
    _ row: MethodDescription, _ arguments: inout Arguments, _ text: Span<UInt8>
  ) throws(LocalError) {
    let missing = row.required & ~arguments.present
    if missing != 0 { throw Self.missing(row.parameters[missing.trailingZeroBitCount], prefix: "") }
    var rest = arguments.present
    while rest != 0 {
      let slot = rest.trailingZeroBitCount
      rest &= rest &- 1
      guard let index = arguments[slot] else { continue }
      let parameter = row.parameters[slot]
      let member = envelope.members[index]
      if member.kind == .null, !parameter.isRequired, !parameter.kind.takesNull {
        arguments[slot] = nil
        continue
      }
      switch parameter.kind {
      case .action: try checkAction(parameter, member, text)
      case .members(let parts): try checkMembers(parameter, parts, member, text)
      default: try Self.check(parameter, member, text, prefix: "")
      }
    }
  }

  private mutating func checkAction(
    _ parameter: Parameter, _ member: JSONMember, _ text: Span<UInt8>
  ) throws(LocalError) {
    let object = try scanNested(parameter, member, text)
    for part in nested.members where !part.isNamed(Key.type) && !part.isNamed(Key.queue) {
      if !Self.isExtension(part, object) { throw Self.unknown(part, object, known: "type, queue", prefix: "action.") }
    }
    guard let type = nested.find(Key.type) else { throw Self.wrong(parameter, prefix: "") }
    switch type.string(in: object) {
    case "void":
      guard nested.index(of: Key.queue) == nil else {
        throw .invalidParameter("action.queue", "action.queue belongs to type \"enqueue\" only")
      }
    case "enqueue":
      guard let queue = nested.find(Key.queue), Self.isNonBlank(queue, object) else {
        throw .invalidParameter("action.queue", "action.queue must be a string that is not blank")
      }
    default: throw .invalidParameter("action.type", "action.type must be \"void\" or \"enqueue\"")
    }
  }

  private mutating func checkMembers(
    _ parameter: Parameter, _ parts: [Parameter], _ member: JSONMember, _ text: Span<UInt8>
  ) throws(LocalError) {
    let object = try scanNested(parameter, member, text)
    try Self.check(parts, nested, object, prefix: parameter.name + ".")
  }

  /// Lists the members of an object inside `params`.
  @_lifetime(copy text)
  private mutating func scanNested(
    _ parameter: Parameter, _ member: JSONMember, _ text: Span<UInt8>
  ) throws(LocalError) -> Span<UInt8> {
    guard member.kind == .object, (try? nested.scan(member.raw(in: text))) != nil else {
      throw Self.wrong(parameter, prefix: "")
    }
    return member.raw(in: text)
  }

  // MARK: - One value

  private static func check(
    _ parameter: Parameter, _ member: JSONMember, _ text: Span<UInt8>, prefix: String
  ) throws(LocalError) {
    let isRight: Bool
    switch parameter.kind {
    case .json: return
    case .string: isRight = member.kind == .string
    case .nonBlankString: isRight = isNonBlank(member, text)
    case .integer(let range): isRight = member.integer(in: text).map(range.contains) ?? false
    case .boolean: isRight = member.kind == .boolean
    case .object, .members, .action: isRight = member.kind == .object
    case .stringMap: return try checkStringMap(parameter, member, text, prefix: prefix)
    case .variants(let variants): return try check(parameter, variants, member, text, prefix: prefix)
    case .id: isRight = RequestID(member, in: text) != nil
    case .strings: isRight = strings(member, text) != nil
    case .choices(let values):
      let chosen = strings(member, text) ?? []
      isRight = !chosen.isEmpty && chosen.allSatisfy(values.contains)
    case .enumeration(let values): isRight = member.string(in: text).map(values.contains) ?? false
    }
    if !isRight { throw wrong(parameter, prefix: prefix) }
  }

  /// Whether an object has the members that it may and must have. `null` for one that may be left out means that it is.
  private static func check(
    _ parts: [Parameter], _ envelope: borrowing JSONEnvelope, _ object: Span<UInt8>, prefix: String
  ) throws(LocalError) {
    for part in envelope.members where !parts.contains(where: { part.isNamed($0.key) }) {
      if !isExtension(part, object) { throw unknown(part, object, known: names(parts), prefix: prefix) }
    }
    for part in parts {
      if let found = envelope.find(part.key) {
        if found.kind == .null, !part.isRequired, !part.kind.takesNull { continue }
        try check(part, found, object, prefix: prefix)
      } else if part.isRequired {
        throw missing(part, prefix: prefix)
      }
    }
  }

  private static func checkStringMap(
    _ parameter: Parameter, _ member: JSONMember, _ text: Span<UInt8>, prefix: String
  ) throws(LocalError) {
    var map = JSONEnvelope()
    let object = member.raw(in: text)
    guard member.kind == .object, (try? map.scan(object)) != nil else { throw wrong(parameter, prefix: prefix) }
    for entry in map.members where entry.kind != .string {
      let name = prefix + parameter.name + "." + shortened(String(jsonContent: object.extracting(entry.name)) ?? "")
      throw .invalidParameter(name, "\(name) must be a string")
    }
  }

  /// Whether an object is one of the `variants`.
  private static func check(
    _ parameter: Parameter, _ variants: [(type: String, members: [Parameter])], _ member: JSONMember,
    _ text: Span<UInt8>, prefix: String
  ) throws(LocalError) {
    var envelope = JSONEnvelope()
    let object = member.raw(in: text)
    guard member.kind == .object, (try? envelope.scan(object)) != nil,
      let type = envelope.find(Key.type)?.string(in: object), let variant = variants.first(where: { $0.type == type })
    else { throw wrong(parameter, prefix: prefix) }
    let parts = [Parameter("type", .string, isRequired: true, "")] + variant.members
    try check(parts, envelope, object, prefix: prefix + parameter.name + ".")
  }

  /// Whether a string has a character that is no white space. The first one decides for nearly all of them.
  private static func isNonBlank(_ member: JSONMember, _ text: Span<UInt8>) -> Bool {
    guard member.kind == .string, member.value.count > 2 else { return false }
    let first = text[member.value.lowerBound &+ 1]
    if first > 0x20, first < 0x7f, first != UInt8(ascii: "\\") { return true }
    return member.string(in: text)?.unicodeScalars.contains { !$0.properties.isWhitespace } ?? false
  }

  /// The elements of an array of strings; nil when this is none.
  private static func strings(_ member: JSONMember, _ text: Span<UInt8>) -> [String]? {
    guard member.kind == .array else { return nil }
    var array = JSONEnvelope()
    let raw = member.raw(in: text)
    guard (try? array.scan(raw)) != nil else { return nil }
    let elements = array.members.compactMap { $0.string(in: raw) }
    return elements.count == array.members.count ? elements : nil
  }

  private static func wrong(_ parameter: Parameter, prefix: String) -> LocalError {
    let name = prefix + parameter.name
    return .invalidParameter(name, "\(name) must be \(parameter.kind.expectation)")
  }

  private static func missing(_ parameter: Parameter, prefix: String) -> LocalError {
    let name = prefix + parameter.name
    return .invalidParameter(name, "\(name) is missing; it must be \(parameter.kind.expectation)")
  }

  static func names(_ parameters: [Parameter]) -> String {
    parameters.isEmpty ? "none" : parameters.map(\.name).joined(separator: ", ")
  }
}
