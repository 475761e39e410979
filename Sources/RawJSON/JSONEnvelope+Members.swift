import Bytes

/// The pass over the levels that are listed: the root, and the members that are descended into.
///
/// Each step takes the index it begins at and returns the one it ends at, so that the index stays in a register.
extension JSONEnvelope {
  /// Scans a text that holds one value.
  @inline(__always)
  mutating func scanRoot(_ text: Span<UInt8>) throws(JSONScanError) {
    var index: Offset = 0
    switch token(text, &index) {
    case UInt8(ascii: "{"):
      root = .object
      index = try listMembers(text, ofObjectAt: index, parent: -1).end
    case UInt8(ascii: "["):
      root = .array
      index = try listElements(text, ofArrayAt: index)
    case let byte:
      let value = try value(text, at: index, byte, inside: 0)
      root = value.kind
      index = value.end
    }
    guard index < text.count else { return }
    _ = token(text, &index)
    guard index == text.count else { throw Self.unexpected(text, at: index) }
  }

  /// Lists the members of the object whose bracket stands at `start`.
  private mutating func listMembers(
    _ text: Span<UInt8>, ofObjectAt start: Offset, parent: Int
  ) throws(JSONScanError) -> Value {
    var object = Value(end: start &+ 1, levels: 1, kind: .object)
    var index = start &+ 1
    var byte = token(text, &index)
    if byte != UInt8(ascii: "}") {
      while true {
        // A member stands before its own members; its value is empty until it has ended.
        let member = try member(text, &index, &byte, parent: parent)
        let place = list(member)
        let value: Value
        if byte == UInt8(ascii: "{"), parent < 0, descended.contains(member.key) {
          value = try listMembers(text, ofObjectAt: index, parent: place)
        } else {
          value = try self.value(text, at: index, byte, inside: parent < 0 ? 1 : 2)
        }
        members[place].end(value)
        object.levels = max(object.levels, value.levels &+ 1)
        index = value.end
        byte = token(text, &index)
        guard byte == UInt8(ascii: ",") else { break }
        index &+= 1
        byte = token(text, &index)
      }
      guard byte == UInt8(ascii: "}") else { throw Self.unexpected(text, at: index) }
    }
    object.end = index &+ 1
    return object
  }

  /// Lists the elements of the root, an array whose bracket stands at `start`.
  private mutating func listElements(_ text: Span<UInt8>, ofArrayAt start: Offset) throws(JSONScanError) -> Offset {
    var index = start &+ 1
    var byte = token(text, &index)
    if byte != UInt8(ascii: "]") {
      while true {
        var element = JSONMember(key: .none, parent: -1, valueStart: index)
        let value = try value(text, at: index, byte, inside: 1)
        element.end(value)
        _ = list(element)
        index = value.end
        byte = token(text, &index)
        guard byte == UInt8(ascii: ",") else { break }
        index &+= 1
        byte = token(text, &index)
      }
      guard byte == UInt8(ascii: "]") else { throw Self.unexpected(text, at: index) }
    }
    return index &+ 1
  }

  /// Scans a value that is not descended into and begins with `byte`; `levels` are open around it.
  @inline(__always)
  private mutating func value(
    _ text: Span<UInt8>, at start: Offset, _ byte: UInt8, inside levels: UInt16
  ) throws(JSONScanError) -> Value {
    if byte == UInt8(ascii: "\"") {
      // Ids, names of functions, text: mostly more than one word.
      return try string(text, plainTo: Self.longPlain(text, from: start &+ 1))
    }
    if byte | 0x20 == UInt8(ascii: "{") { return try passNested(text, from: start, byte, inside: levels) }
    return try scalar(text, at: start, byte)
  }

  /// Scans the name whose quote stands at `index`; moves `index` and `byte` to the value.
  @inline(__always)
  private mutating func member(
    _ text: Span<UInt8>, _ index: inout Offset, _ byte: inout UInt8, parent: Int
  ) throws(JSONScanError) -> JSONMember {
    guard byte == UInt8(ascii: "\"") else { throw Self.unexpected(text, at: index) }
    let start = index &+ 1
    let word = Word.loadPadded(text, at: start)
    let stops = Self.stops(in: word)
    let length = Self.count(below: stops)
    let name = try name(text, plainTo: stops != 0 ? start &+ length : Self.longPlain(text, from: start &+ 8), &byte)
    let key: JSONKey
    if stops != 0, name.end == start &+ length {
      // The name fits the word: the bits below the lowest mark are its bytes.
      key = JSONKey(count: length, word: word & ((stops ^ (stops &- 1)) &>> 8))
    } else {
      key = name.isEscaped ? Self.decodedKey(text, start..<name.end) : JSONKey(text, start..<name.end)
    }
    index = name.valueStart
    var member = JSONMember(key: key, parent: parent, valueStart: index)
    member.nameStart = start
    member.nameEnd = name.end
    return member
  }

  @inline(never)
  private static func decodedKey(_ text: Span<UInt8>, _ name: Range<Offset>) -> JSONKey {
    JSONKey(JSONString.decode(text.extracting(Int(name.lowerBound)..<Int(name.upperBound))).utf8.span)
  }
}
