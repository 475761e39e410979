import Bytes

/// The pass itself: a loop over tokens with the open containers in a bit stack, no recursion.
struct EnvelopeScanner {
  private var index = 0
  private var depth = 0
  /// One bit per open container: 1 for an object.
  private var containers = InlineArray<8, UInt64>(repeating: 0)

  /// The root member that is being scanned, and, while it is descended into, its member.
  private var outer = -1
  private var inner = -1
  private var isDescended = false
  /// The greatest depth reached inside the outer and the inner value.
  private var outerDepth = 0
  private var innerDepth = 0

  private mutating func open(isObject: Bool) {
    let bit = UInt64(1) << UInt64(depth & 63)
    if isObject { containers[depth >> 6] |= bit } else { containers[depth >> 6] &= ~bit }
    depth &+= 1
    if depth > outerDepth { outerDepth = depth }
    if depth > innerDepth { innerDepth = depth }
  }

  private var isInObject: Bool { containers[(depth &- 1) >> 6] >> UInt64((depth &- 1) & 63) & 1 == 1 }

  mutating func scan(_ text: Span<UInt8>, into envelope: inout JSONEnvelope) throws(JSONScanError) {
    skipSpace(text, &envelope)
    var isName = false
    tokens: while true {
      if isName {
        try name(text, &envelope)
      } else if depth == 1, !isInObject {
        begin(JSONKey(text.extracting(0..<0)), &envelope)
      }
      if try value(text, &envelope) {
        // A container was opened: its first name or value follows, unless it is empty.
        skipSpace(text, &envelope)
        guard index < text.count else { throw JSONScanError(offset: index, reason: .unexpectedEnd) }
        let closing: UInt8 = isInObject ? 0x7d : 0x5d
        if text[index] != closing {
          isName = isInObject
          continue tokens
        }
        close(&envelope)
      }
      // A value has ended: close what ends with it, then go on behind the comma.
      while depth > 0 {
        skipSpace(text, &envelope)
        guard index < text.count else { throw JSONScanError(offset: index, reason: .unexpectedEnd) }
        let byte = text[index]
        let isObject = isInObject
        if byte == UInt8(ascii: ",") {
          index &+= 1
          skipSpace(text, &envelope)
          isName = isObject
          continue tokens
        }
        guard byte == (isObject ? 0x7d : 0x5d) else {
          throw JSONScanError(offset: index, reason: .unexpectedByte(byte))
        }
        close(&envelope)
      }
      skipSpace(text, &envelope)
      guard index == text.count else { throw JSONScanError(offset: index, reason: .unexpectedByte(text[index])) }
      return
    }
  }

  // MARK: - Members

  /// Scans a name and its colon.
  private mutating func name(_ text: Span<UInt8>, _ envelope: inout JSONEnvelope) throws(JSONScanError) {
    guard index < text.count else { throw JSONScanError(offset: index, reason: .unexpectedEnd) }
    guard text[index] == UInt8(ascii: "\"") else {
      throw JSONScanError(offset: index, reason: .unexpectedByte(text[index]))
    }
    let start = index &+ 1
    let isEscaped = try string(text, &envelope)
    if depth == 1 || (depth == 2 && isDescended) {
      let content = text.extracting(start..<(index &- 1))
      begin(isEscaped ? JSONKey(JSONString.decode(content).utf8.span) : JSONKey(content), &envelope)
      let last = envelope.members.count &- 1
      envelope.members[last].nameStart = UInt32(truncatingIfNeeded: start)
      envelope.members[last].nameEnd = UInt32(truncatingIfNeeded: index &- 1)
    }
    skipSpace(text, &envelope)
    guard index < text.count else { throw JSONScanError(offset: index, reason: .unexpectedEnd) }
    guard text[index] == UInt8(ascii: ":") else {
      throw JSONScanError(offset: index, reason: .unexpectedByte(text[index]))
    }
    index &+= 1
    skipSpace(text, &envelope)
  }

  private mutating func begin(_ key: JSONKey, _ envelope: inout JSONEnvelope) {
    if depth == 1 {
      outer = envelope.members.count
      outerDepth = depth
      envelope.members.append(JSONMember(key: key, parent: -1))
    } else {
      inner = envelope.members.count
      innerDepth = depth
      envelope.members.append(JSONMember(key: key, parent: Int32(truncatingIfNeeded: outer)))
    }
  }

  /// The member whose value begins or ends at the present depth, if that depth is listed.
  private var listed: Int? { depth == 1 ? outer : depth == 2 && isDescended ? inner : nil }

  private mutating func valueEnded(_ envelope: inout JSONEnvelope) {
    guard let member = listed else { return }
    envelope.members[member].valueEnd = UInt32(truncatingIfNeeded: index)
    envelope.members[member].depth = UInt16(truncatingIfNeeded: (depth == 1 ? outerDepth : innerDepth) &- depth)
  }

  private mutating func close(_ envelope: inout JSONEnvelope) {
    index &+= 1
    depth &-= 1
    if depth == 1 { isDescended = false }
    valueEnded(&envelope)
  }

  // MARK: - Values

  /// Scans a scalar, or opens a container and returns true.
  private mutating func value(_ text: Span<UInt8>, _ envelope: inout JSONEnvelope) throws(JSONScanError) -> Bool {
    guard index < text.count else { throw JSONScanError(offset: index, reason: .unexpectedEnd) }
    let start = index
    let kind: JSONKind
    var isEscaped = false
    switch text[index] {
    case UInt8(ascii: "{"): kind = .object
    case UInt8(ascii: "["): kind = .array
    case UInt8(ascii: "\""):
      kind = .string
      isEscaped = try string(text, &envelope)
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): kind = try number(text, &envelope)
    case UInt8(ascii: "t"):
      try literal("true", text)
      kind = .boolean
    case UInt8(ascii: "f"):
      try literal("false", text)
      kind = .boolean
    case UInt8(ascii: "n"):
      try literal("null", text)
      kind = .null
    case let byte: throw JSONScanError(offset: index, reason: .unexpectedByte(byte))
    }
    if let member = listed {
      envelope.members[member].valueStart = UInt32(truncatingIfNeeded: start)
      envelope.members[member].kind = kind
      envelope.members[member].isEscaped = isEscaped
    } else if depth == 0 {
      envelope.root = kind
    }
    guard kind == .object || kind == .array else {
      valueEnded(&envelope)
      return false
    }
    guard depth < JSONEnvelope.deepest else { throw JSONScanError(offset: index, reason: .tooDeep) }
    if depth == 1 {
      isDescended =
        kind == .object && envelope.root == .object && envelope.descended.contains(envelope.members[outer].key)
    }
    open(isObject: kind == .object)
    if depth > JSONEnvelope.deepestValue &+ (isDescended ? 2 : 1) { report(.nestedTooDeep, at: index, &envelope) }
    index &+= 1
    return true
  }

  private mutating func literal(_ expected: String, _ text: Span<UInt8>) throws(JSONScanError) {
    for byte in expected.utf8 {
      guard index < text.count else { throw JSONScanError(offset: index, reason: .unexpectedEnd) }
      guard text[index] == byte else { throw JSONScanError(offset: index, reason: .unexpectedByte(text[index])) }
      index &+= 1
    }
  }

  /// RFC 8259, section 6.
  private mutating func number(_ text: Span<UInt8>, _ envelope: inout JSONEnvelope) throws(JSONScanError) -> JSONKind {
    let start = index
    var kind = JSONKind.integer
    if text[index] == UInt8(ascii: "-") { index &+= 1 }
    if index < text.count, text[index] == UInt8(ascii: "0") { index &+= 1 } else { try digits(text) }
    if index < text.count, text[index] == UInt8(ascii: ".") {
      kind = .fraction
      index &+= 1
      try digits(text)
    }
    var hasExponent = false
    if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
      kind = .fraction
      hasExponent = true
      index &+= 1
      if index < text.count, text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-") { index &+= 1 }
      try digits(text)
    }
    if hasExponent || index &- start > 308, JSONNumber.isBeyondDouble(text, start..<index) {
      report(.numberBeyondDouble, at: start, &envelope)
    }
    return kind
  }

  private mutating func digits(_ text: Span<UInt8>) throws(JSONScanError) {
    let start = index
    while index < text.count, text[index] &- UInt8(ascii: "0") < 10 { index &+= 1 }
    guard index == start else { return }
    guard index < text.count else { throw JSONScanError(offset: index, reason: .unexpectedEnd) }
    throw JSONScanError(offset: index, reason: .unexpectedByte(text[index]))
  }

  @inline(__always)
  private mutating func skipSpace(_ text: Span<UInt8>, _ envelope: inout JSONEnvelope) {
    // Mostly there is none.
    if index < text.count, text[index] > 0x20 { return }
    skipSomeSpace(text, &envelope)
  }

  private mutating func skipSomeSpace(_ text: Span<UInt8>, _ envelope: inout JSONEnvelope) {
    while index < text.count {
      switch text[index] {
      case 0x20, 0x09: index &+= 1
      case 0x0a, 0x0d:
        envelope.hasNewlines = true
        index &+= 1
      default: return
      }
    }
  }

  private func report(_ reason: JSONViolation.Reason, at offset: Int, _ envelope: inout JSONEnvelope) {
    if envelope.violation == nil { envelope.violation = JSONViolation(offset: offset, reason: reason) }
  }

  // MARK: - Strings

  /// Scans a string from its first quote to behind its last; returns whether it has escapes.
  private mutating func string(_ text: Span<UInt8>, _ envelope: inout JSONEnvelope) throws(JSONScanError) -> Bool {
    index &+= 1
    var isEscaped = false
    while true {
      plain(text)
      guard index < text.count else { throw JSONScanError(offset: index, reason: .unexpectedEnd) }
      switch text[index] {
      case UInt8(ascii: "\""):
        index &+= 1
        return isEscaped
      case UInt8(ascii: "\\"):
        isEscaped = true
        try escape(text, &envelope)
      case 0x00..<0x20:
        report(.controlCharacter, at: index, &envelope)
        index &+= 1
      case let lead:
        let length = UTF8Sequence.length(text, at: index, lead: lead)
        guard length > 0 else { throw JSONScanError(offset: index, reason: .invalidUTF8) }
        index &+= length
      }
    }
  }

  /// Goes on to the next byte that is a quote, a backslash, a control character or not ASCII, eight bytes at a time.
  private mutating func plain(_ text: Span<UInt8>) {
    let ones: UInt64 = 0x0101_0101_0101_0101
    while index &+ 8 <= text.count {
      let word = Word.load(text, at: index)
      let quotes = word ^ (ones &* 0x22)
      let backslashes = word ^ (ones &* 0x5c)
      // A byte's top bit is set by each term when the byte is zero there, or below 0x20, or not ASCII; a borrow can set
      // further bits only above the first one that is right.
      let stops =
        (((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes) | ((word &- ones &* 0x20) & ~word) | word)
        & (ones &* 0x80)
      guard stops == 0 else {
        index &+= stops.trailingZeroBitCount >> 3
        return
      }
      index &+= 8
    }
    while index < text.count {
      let byte = text[index]
      guard byte >= 0x20, byte < 0x80, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else { return }
      index &+= 1
    }
  }

  private mutating func escape(_ text: Span<UInt8>, _ envelope: inout JSONEnvelope) throws(JSONScanError) {
    let start = index
    guard index &+ 1 < text.count else { throw JSONScanError(offset: text.count, reason: .unexpectedEnd) }
    index &+= 2
    switch text[start &+ 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return
    case UInt8(ascii: "u"): break
    default: throw JSONScanError(offset: start, reason: .invalidEscape)
    }
    let unit = try unit(text, escapeAt: start)
    guard unit & 0xf800 == 0xd800 else { return }
    // The other half must follow at once.
    guard unit & 0xfc00 == 0xd800, index &+ 1 < text.count, text[index] == UInt8(ascii: "\\"),
      text[index &+ 1] == UInt8(ascii: "u")
    else { return report(.loneSurrogate, at: start, &envelope) }
    let second = index
    index &+= 2
    if try self.unit(text, escapeAt: second) & 0xfc00 != 0xdc00 {
      report(.loneSurrogate, at: start, &envelope)
      index = second
    }
  }

  /// The four digits at `index`, which is moved behind them.
  private mutating func unit(_ text: Span<UInt8>, escapeAt start: Int) throws(JSONScanError) -> UInt32 {
    for offset in index..<(index &+ 4) {
      guard offset < text.count else { throw JSONScanError(offset: text.count, reason: .unexpectedEnd) }
      guard JSONString.digit(text[offset]) != nil else { throw JSONScanError(offset: start, reason: .invalidEscape) }
    }
    index &+= 4
    return JSONString.hexadecimal(text, at: index &- 4)
  }
}
