package import Bytes

/// Takes lines off the bytes that a local program sends (local protocol, section 1). One per connection.
///
/// Every byte is looked at once, however the lines arrive: a line that is not complete stays in the buffer, and the next
/// search begins where the last one ended. A line is handed out where it stands, without a copy. CR before LF belongs to
/// the line's end; lines of nothing but blanks and tabs are skipped.
package struct LineDecoder {
  /// How many bytes a line may have, without its end.
  package var limit: Int

  /// How many bytes of the unfinished line at the front have been searched for its end.
  private var searched = 0

  /// How many bytes of an over-long line have been thrown away; nil while no such line is being skipped.
  private var skipped: Int?

  /// Whether the last byte thrown away was a CR.
  private var skippedCarriageReturn = false

  /// A decoder that refuses lines of more than `limit` bytes.
  package init(limit: Int) { self.limit = limit }

  /// Calls `body` for each line at the front of `input` and consumes it, until the bytes run out or `body` returns false;
  /// the line for which it did is consumed, what follows stays. With `atEnd` nothing more will come, so that the last line
  /// counts without its LF.
  package mutating func decode(
    _ input: inout ByteBuffer, atEnd: Bool = false, _ body: (LineEvent, Span<UInt8>) -> Bool
  ) {
    var start = 0
    var goesOn = true
    while goesOn, start < input.count {
      let bytes = input.span
      guard let end = Self.lineFeed(in: bytes, from: start &+ searched) else { break }
      searched = 0
      goesOn = finish(bytes.extracting(start..<end), body)
      start = end &+ 1
    }
    if goesOn, start < input.count {
      let rest = input.span.extracting(droppingFirst: start)
      if skipped != nil || rest.count > limit &+ 1 {
        // The line is beyond the limit, whether a CR follows or not: nothing of it is kept.
        skip(rest)
        start = input.count
      } else if atEnd {
        searched = 0
        start = input.count
        goesOn = finish(rest, body)
      } else {
        searched = rest.count
      }
    }
    if start > 0 { input.consume(start) }
    if goesOn, atEnd, skipped != nil { _ = finish(input.span.extracting(0..<0), body) }
  }

  /// Hands out the line whose last bytes are `line`; returns whether to go on.
  private mutating func finish(_ line: Span<UInt8>, _ body: (LineEvent, Span<UInt8>) -> Bool) -> Bool {
    if skipped != nil {
      skip(line)
      let size = (skipped ?? 0) &- (skippedCarriageReturn ? 1 : 0)
      skipped = nil
      skippedCarriageReturn = false
      return body(.tooLong(size: size), line.extracting(0..<0))
    }
    var length = line.count
    if length > 0, line[length &- 1] == 0x0d { length &-= 1 }
    let content = line.extracting(0..<length)
    if length > limit { return body(.tooLong(size: length), content.extracting(0..<0)) }
    return Self.isBlank(content) ? true : body(.line, content)
  }

  private mutating func skip(_ bytes: Span<UInt8>) {
    searched = 0
    skipped = (skipped ?? 0) &+ bytes.count
    if bytes.count > 0 { skippedCarriageReturn = bytes[bytes.count &- 1] == 0x0d }
  }

  private static func isBlank(_ line: Span<UInt8>) -> Bool {
    var index = 0
    while index < line.count {
      guard line[index] == 0x20 || line[index] == 0x09 || line[index] == 0x0d else { return false }
      index &+= 1
    }
    return true
  }

  /// The offset of the first LF from `start` on, eight bytes at a time.
  private static func lineFeed(in bytes: Span<UInt8>, from start: Int) -> Int? {
    let ones: UInt64 = 0x0101_0101_0101_0101
    var index = start
    while index &+ 8 <= bytes.count {
      let word = Word.load(bytes, at: index) ^ (ones &* 0x0a)
      let zeros = (word &- ones) & ~word & (ones &* 0x80)
      if zeros != 0 { return index &+ zeros.trailingZeroBitCount >> 3 }
      index &+= 8
    }
    while index < bytes.count {
      if bytes[index] == 0x0a { return index }
      index &+= 1
    }
    return nil
  }
}
