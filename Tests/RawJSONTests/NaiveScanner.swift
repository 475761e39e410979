@testable import RawJSON

/// What a scan of a text has to find, by recursive descent a byte at a time: the reference that the scanner is compared
/// with. It looks for no violations.
struct NaiveScanner {
  struct Found: Equatable {
    var name: Range<Int>
    var key: JSONKey
    var value: Range<Int>
    var parent: Int
    var depth: Int
    var kind: JSONKind
  }

  let text: [UInt8]
  let descended: [JSONKey]
  private(set) var found: [Found] = []
  private(set) var hasNewlines = false
  private(set) var root = JSONKind.null
  private var index = 0

  init(_ text: [UInt8], descendingInto names: [JSONKey]) {
    self.text = text
    descended = names
  }

  mutating func scan() throws(JSONScanError) {
    space()
    root = byte == UInt8(ascii: "{") ? .object : .array
    root = try value(list: true, parent: -1).kind
    space()
    if index < text.count { throw unexpected }
  }

  // MARK: - Bytes

  private var byte: UInt8? { index < text.count ? text[index] : nil }

  private var unexpected: JSONScanError {
    JSONScanError(offset: index, reason: byte.map { .unexpectedByte($0) } ?? .unexpectedEnd)
  }

  private mutating func space() {
    while let byte, [0x20, 0x09, 0x0a, 0x0d].contains(byte) {
      hasNewlines = hasNewlines || byte == 0x0a || byte == 0x0d
      index += 1
    }
  }

  private mutating func expect(_ characters: String) throws(JSONScanError) {
    for character in characters.utf8 {
      guard byte == character else { throw unexpected }
      index += 1
    }
  }

  // MARK: - Values

  private mutating func value(list: Bool, parent: Int) throws(JSONScanError) -> (kind: JSONKind, depth: Int) {
    switch byte {
    case UInt8(ascii: "{"): return (.object, try container(closing: "}", list: list, parent: parent))
    case UInt8(ascii: "["): return (.array, try container(closing: "]", list: list && parent < 0, parent: parent))
    case UInt8(ascii: "\""):
      try string()
      return (.string, 0)
    case UInt8(ascii: "t"):
      try expect("true")
      return (.boolean, 0)
    case UInt8(ascii: "f"):
      try expect("false")
      return (.boolean, 0)
    case UInt8(ascii: "n"):
      try expect("null")
      return (.null, 0)
    default: return (try number(), 0)
    }
  }

  private mutating func container(closing: Unicode.Scalar, list: Bool, parent: Int) throws(JSONScanError) -> Int {
    let closing = UInt8(ascii: closing)
    var depth = 0
    index += 1
    space()
    if byte != closing {
      while true {
        var member = Found(name: 0..<0, key: "", value: 0..<0, parent: parent, depth: 0, kind: .null)
        if closing == UInt8(ascii: "}") {
          guard byte == UInt8(ascii: "\"") else { throw unexpected }
          let start = index + 1
          try string()
          member.name = start..<(index - 1)
          member.key = JSONKey(JSONString.decode(text[member.name].span).utf8.span)
          space()
          try expect(":")
          space()
        }
        let place = found.count
        if list { found.append(member) }
        let start = index
        let isDescended =
          list && parent < 0 && root == .object && byte == UInt8(ascii: "{") && descended.contains(member.key)
        let value = try value(list: isDescended, parent: isDescended ? place : 0)
        if list {
          found[place].value = start..<index
          found[place].kind = value.kind
          found[place].depth = value.depth
        }
        depth = max(depth, value.depth)
        space()
        guard byte == UInt8(ascii: ",") else { break }
        index += 1
        space()
      }
      guard byte == closing else { throw unexpected }
    }
    index += 1
    return depth + 1
  }

  private mutating func number() throws(JSONScanError) -> JSONKind {
    var kind = JSONKind.integer
    if byte == UInt8(ascii: "-") { index += 1 }
    if byte == UInt8(ascii: "0") { index += 1 } else { try digits() }
    if byte == UInt8(ascii: ".") {
      kind = .fraction
      index += 1
      try digits()
    }
    if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
      kind = .fraction
      index += 1
      if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { index += 1 }
      try digits()
    }
    return kind
  }

  private mutating func digits() throws(JSONScanError) {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard let first = byte, digits.contains(first) else { throw unexpected }
    while let next = byte, digits.contains(next) { index += 1 }
  }

  private mutating func string() throws(JSONScanError) {
    index += 1
    while let byte, byte != UInt8(ascii: "\"") {
      if byte == UInt8(ascii: "\\") {
        try escape()
      } else {
        let rest = text[index...]
        guard let length = (1...4).first(where: { String(validating: rest.prefix($0), as: UTF8.self) != nil }) else {
          throw JSONScanError(offset: index, reason: .invalidUTF8)
        }
        index += length
      }
    }
    try expect("\"")
  }

  private mutating func escape() throws(JSONScanError) {
    let start = index
    index += 1
    guard let byte else { throw unexpected }
    index += 1
    if byte != UInt8(ascii: "u") {
      guard #""\/bfnrt"#.utf8.contains(byte) else { throw JSONScanError(offset: start, reason: .invalidEscape) }
      return
    }
    for _ in 0..<4 {
      guard let byte = self.byte else { throw unexpected }
      guard Character(Unicode.Scalar(byte)).isHexDigit else {
        throw JSONScanError(offset: start, reason: .invalidEscape)
      }
      index += 1
    }
  }
}
