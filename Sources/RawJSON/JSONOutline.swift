import Bytes

/// Where every value of a JSON text stands, found in one pass: what a decoder walks over instead of a tree of objects.
///
/// The entries stand in the order of the text. An object is followed by a name and a value in turn, an array by its
/// elements, and each entry knows where the next one beside it is, so that a value is passed over in one step.
public struct JSONOutline: Sendable {
  /// One value, or the name of a member.
  public struct Entry: Sendable {
    /// The first byte of the value; of a name or string, the one behind its quote.
    public var start: UInt32
    /// The byte behind the value; of a name or string, its closing quote.
    public var end: UInt32
    /// The index of the entry behind this value and everything in it.
    public var next: UInt32
    /// How many members or elements the value has; 0 for one that is no object and no array.
    public var count: UInt32
    /// The kind of the value.
    public var kind: JSONKind
    /// Whether the string has escapes, so that its characters are not the bytes that stand there.
    public var isEscaped: Bool

    /// The bytes between `start` and `end`.
    @inlinable public var range: Range<Int> { Int(start)..<Int(end) }

    @inline(__always)
    init(_ kind: JSONKind, _ start: UInt32, _ end: UInt32, next: Int, isEscaped: Bool = false) {
      self.start = start
      self.end = end
      self.next = UInt32(truncatingIfNeeded: next)
      count = 0
      self.kind = kind
      self.isEscaped = isEscaped
    }
  }

  /// The values in the order of the text, the root first.
  public private(set) var entries: [Entry] = []

  /// The first thing in the text that an engine would drop the frame for.
  public private(set) var violation: JSONViolation?

  /// The outline of `text`, which must hold exactly one JSON value.
  ///
  /// - Throws: ``JSONScanError`` for a text that is no JSON, or nests deeper than ``JSONEnvelope/deepest``.
  public init(_ text: Span<UInt8>) throws(JSONScanError) {
    guard text.count <= Int(Int32.max) else { throw JSONScanError(offset: 0, reason: .tooLong) }
    // A value and its name take about sixteen bytes; more than this grows by doubling.
    entries.reserveCapacity(min(text.count / 8 + 2, 512))
    var scanner = JSONEnvelope(listing: Never.self)
    var index: UInt32 = 0
    index = try list(text, &scanner)
    if index < text.count {
      _ = scanner.token(text, &index)
      guard index == text.count else { throw JSONEnvelope.unexpected(text, at: index) }
    }
    violation = scanner.violation
  }

  /// Lists the root and everything in it; returns the index behind it.
  ///
  /// A loop, no recursion: an open container keeps the place of the one around it in its `next`.
  private mutating func list(_ text: Span<UInt8>, _ scanner: inout JSONEnvelope) throws(JSONScanError) -> UInt32 {
    var open = -1
    var isObject = false
    var depth = 0
    var index: UInt32 = 0
    var byte = scanner.token(text, &index)
    while true {
      if isObject {
        guard byte == UInt8(ascii: "\"") else { throw JSONEnvelope.unexpected(text, at: index) }
        let name = try scanner.name(text, plainTo: JSONEnvelope.plain(text, from: index &+ 1), &byte)
        entries.append(
          Entry(.string, index &+ 1, name.end, next: entries.count &+ 1, isEscaped: name.isEscaped))
        index = name.valueStart
      }
      if open >= 0 { entries[open].count &+= 1 }
      if byte | 0x20 == UInt8(ascii: "{") {
        isObject = byte == UInt8(ascii: "{")
        depth &+= 1
        if depth > JSONEnvelope.deepestValue { try scanner.checkDepth(depth, 0, at: index) }
        entries.append(Entry(isObject ? .object : .array, index, index, next: open))
        open = entries.count &- 1
        index &+= 1
        byte = scanner.token(text, &index)
        if byte != (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) { continue }
      } else {
        index = try listScalar(text, &scanner, at: index, byte)
        if open < 0 { return index }
        byte = scanner.token(text, &index)
      }
      // A value has ended: close what ends with it, then go on behind the comma.
      while byte != UInt8(ascii: ",") {
        guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
          throw JSONEnvelope.unexpected(text, at: index)
        }
        index &+= 1
        depth &-= 1
        let outer = depth == 0 ? -1 : Int(entries[open].next)
        entries[open].end = index
        entries[open].next = UInt32(truncatingIfNeeded: entries.count)
        if outer < 0 { return index }
        open = outer
        isObject = entries[open].kind == .object
        byte = scanner.token(text, &index)
      }
      index &+= 1
      byte = scanner.token(text, &index)
    }
  }

  @inline(__always)
  private mutating func listScalar(
    _ text: Span<UInt8>, _ scanner: inout JSONEnvelope, at start: UInt32, _ byte: UInt8
  ) throws(JSONScanError) -> UInt32 {
    let next = entries.count &+ 1
    if byte == UInt8(ascii: "\"") {
      let value = try scanner.string(text, plainTo: JSONEnvelope.plain(text, from: start &+ 1))
      entries.append(Entry(.string, start &+ 1, value.end &- 1, next: next, isEscaped: value.isEscaped))
      return value.end
    }
    let value = try scanner.scalar(text, at: start, byte)
    entries.append(Entry(value.kind, start, value.end, next: next))
    return value.end
  }
}
