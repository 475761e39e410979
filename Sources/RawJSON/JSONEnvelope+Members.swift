import Bytes

/// The pass over the listed levels: the root, and the members that are descended into. What lies deeper is passed over
/// by ``passNested(_:from:isObject:outside:)``.
///
/// All steps take the index they begin at and return the one they end at, so that it stays in a register.
extension JSONEnvelope {
  /// What is known of a value once it has ended.
  struct Value {
    /// The index behind the value.
    var end: Offset
    /// How many levels of objects and arrays the value has.
    var levels: UInt16 = 0
    var kind: JSONKind
    var isEscaped = false
  }

  /// Scans a text that holds one value.
  mutating func scanRoot(_ text: Span<UInt8>) throws(JSONScanError) {
    var index: Offset = 0
    let byte = token(text, &index)
    switch byte {
    case UInt8(ascii: "{"):
      root = .object
      index = try list(text, from: index, isObject: true, parent: -1).end
    case UInt8(ascii: "["):
      root = .array
      index = try list(text, from: index, isObject: false, parent: -1).end
    default:
      let value = try scalar(text, at: index, byte)
      root = value.kind
      index = value.end
    }
    if index < text.count {
      _ = token(text, &index)
      guard index == text.count else { throw Self.unexpected(text, at: index) }
    }
  }

  /// Scans the object or array whose bracket stands at `start`, and lists its members or elements.
  private mutating func list(
    _ text: Span<UInt8>, from start: Offset, isObject: Bool, parent: Int
  ) throws(JSONScanError) -> Value {
    let closing = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
    var levels: UInt16 = 0
    var index = start &+ 1
    var byte = token(text, &index)
    if byte != closing {
      while true {
        var member = JSONMember(parent: parent)
        if isObject { try listedName(text, &index, &byte, &member) }
        let value: Value
        member.valueStart = index
        if byte == UInt8(ascii: "{"), isObject, parent < 0, descended.contains(member.key) {
          // The member stands before its own members; its value is empty until it has ended.
          member.valueEnd = member.valueStart
          member.kind = .object
          let place = members.count
          members.append(member)
          value = try list(text, from: index, isObject: true, parent: place)
          members[place].end(value)
        } else {
          value =
            byte | 0x20 == UInt8(ascii: "{")
            ? try passNested(text, from: index, byte, outside: parent < 0 ? 1 : 2)
            : try scalar(text, at: index, byte)
          member.end(value)
          members.append(member)
        }
        if value.levels > levels { levels = value.levels }
        index = value.end
        byte = token(text, &index)
        guard byte == UInt8(ascii: ",") else { break }
        index &+= 1
        byte = token(text, &index)
      }
      guard byte == closing else { throw Self.unexpected(text, at: index) }
    }
    return Value(end: index &+ 1, levels: levels &+ 1, kind: isObject ? .object : .array)
  }

  /// Scans the name whose quote stands at `index`, which is moved to the value.
  @inline(__always)
  private mutating func listedName(
    _ text: Span<UInt8>, _ index: inout Offset, _ byte: inout UInt8, _ member: inout JSONMember
  ) throws(JSONScanError) {
    guard byte == UInt8(ascii: "\"") else { throw Self.unexpected(text, at: index) }
    let start = index &+ 1
    let word = Word.loadPadded(text, at: start)
    let stops = Self.stops(in: word)
    let length = Self.count(below: stops)
    let name = try name(text, plainTo: stops != 0 ? start &+ length : Self.longPlain(text, from: start &+ 8), &byte)
    index = name.valueStart
    member.nameStart = start
    member.nameEnd = name.end
    if name.end &- start == length, length < 8 {
      // The bits below the stop.
      member.key = JSONKey(count: length, word: word & ((stops ^ (stops &- 1)) &>> 8))
    } else {
      member.key = name.isEscaped ? Self.decodedKey(text, start..<name.end) : JSONKey(text, start..<name.end)
    }
  }

  @inline(never)
  private static func decodedKey(_ text: Span<UInt8>, _ name: Range<Offset>) -> JSONKey {
    JSONKey(JSONString.decode(text.extracting(Int(name.lowerBound)..<Int(name.upperBound))).utf8.span)
  }
}
