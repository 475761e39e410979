import Bytes

/// What lies deeper than the listed levels: it is checked, and passed over.
extension JSONEnvelope {
  /// Passes over the object or array that begins at `start` with `bracket`; `outside` levels are open around it.
  ///
  /// A loop over values with the open containers in a bit stack, no recursion.
  mutating func passNested(
    _ text: Span<UInt8>, from start: Offset, _ bracket: UInt8, inside outside: UInt16
  ) throws(JSONScanError) -> Value {
    // One bit per open container: 1 for an object.
    var containers = InlineArray<8, UInt64>(repeating: 0)
    var isObject = false
    var depth = 0
    var levels = 0
    var index = start
    var byte = bracket
    while true {
      // A name or a value begins at `index` with `byte`.
      if isObject {
        guard byte == UInt8(ascii: "\"") else { throw Self.unexpected(text, at: index) }
        index = try name(text, plainTo: Self.plain(text, from: index &+ 1), &byte).valueStart
      }
      if byte | 0x20 == UInt8(ascii: "{") {
        isObject = byte == UInt8(ascii: "{")
        let bit = UInt64(1) &<< UInt64(truncatingIfNeeded: depth)
        if isObject { containers[depth &>> 6] |= bit } else { containers[depth &>> 6] &= ~bit }
        depth &+= 1
        if depth > levels {
          levels = depth
          if depth > Self.deepestValue { try checkDepth(depth, outside, at: index) }
        }
        index &+= 1
        byte = token(text, &index)
        if byte != (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) { continue }
      } else {
        if byte == UInt8(ascii: "\"") {
          index = try string(text, plainTo: Self.plain(text, from: index &+ 1)).end
        } else if byte < UInt8(ascii: "a") {
          index = try number(text, at: index, byte).end
        } else {
          index = try literal(text, at: index).end
        }
        byte = token(text, &index)
      }
      // A value has ended: close what ends with it, then go on behind the comma.
      while byte != UInt8(ascii: ",") {
        guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { throw Self.unexpected(text, at: index) }
        index &+= 1
        depth &-= 1
        if depth == 0 {
          return Value(end: index, levels: UInt16(levels), kind: bracket == UInt8(ascii: "{") ? .object : .array)
        }
        isObject = containers[(depth &- 1) &>> 6] &>> UInt64(truncatingIfNeeded: depth &- 1) & 1 == 1
        byte = token(text, &index)
      }
      index &+= 1
      byte = token(text, &index)
    }
  }

  @inline(never)
  mutating func checkDepth(_ depth: Int, _ outside: UInt16, at index: Offset) throws(JSONScanError) {
    guard Int(outside) + depth <= Self.deepest else { throw JSONScanError(offset: Int(index), reason: .tooDeep) }
    report(.nestedTooDeep, at: index)
  }
}
