package import Bytes

/// Finds the head of an HTTP/1.1 message at the front of a connection's input, strictly: lines end with CR LF, header
/// lines are not folded, nothing precedes the start line.
///
/// Owned by a handshake. Looks at each byte once, however small the pieces in which it arrives.
package struct HTTPHeadReader: ~Copyable {
  /// Bytes at the front of the input that were looked at.
  private var scanned = 0
  /// Where the current line starts.
  private var lineStart = 0
  /// The lines so far, without their ends.
  private var lines: [Range<Int>] = []

  /// A reader for one head.
  package init() {}

  /// Looks for a complete head in `input`, and consumes it.
  ///
  /// - Parameter input: The connection's received bytes; what follows the head stays.
  /// - Returns: The head; nil while it is not complete.
  /// - Throws: At the first byte that breaks the grammar, or above the largest size.
  package mutating func read(_ input: inout ByteBuffer) throws(HTTPHeadError) -> HTTPHead? {
    guard let end = try scan(input.span) else { return nil }
    let head = try parse(input.span)
    input.consume(end)
    return head
  }

  /// Goes on to the empty line.
  ///
  /// - Returns: The size of the head; nil while it is not complete.
  private mutating func scan(_ bytes: Span<UInt8>) throws(HTTPHeadError) -> Int? {
    while scanned < bytes.count {
      guard scanned < HTTPHead.maximumSize else { throw .tooLarge }
      let byte = bytes[scanned]
      let afterCR = scanned > lineStart && bytes[scanned &- 1] == UInt8(ascii: "\r")
      guard afterCR == (byte == UInt8(ascii: "\n")) else {
        throw .malformed(afterCR ? "CR without LF" : "LF without CR", offset: scanned)
      }
      guard byte >= 0x20 && byte != 0x7F || byte == 0x09 || byte == UInt8(ascii: "\r") || afterCR else {
        throw .malformed("control character", offset: scanned)
      }
      scanned &+= 1
      guard afterCR else { continue }
      let line = lineStart..<(scanned &- 2)
      if line.isEmpty {
        guard !lines.isEmpty else { throw .malformed("no start line", offset: line.lowerBound) }
        return scanned
      }
      lines.append(line)
      lineStart = scanned
    }
    return nil
  }

  private func parse(_ bytes: Span<UInt8>) throws(HTTPHeadError) -> HTTPHead {
    var headers: [HTTPHeader] = []
    headers.reserveCapacity(lines.count - 1)
    for line in lines.dropFirst() {
      guard let colon = line.first(where: { bytes[$0] == UInt8(ascii: ":") }) else {
        throw .malformed("header line without a colon", offset: line.lowerBound)
      }
      let name = Self.text(bytes, line.lowerBound..<colon)
      // This refuses folded lines too, which start with white space.
      guard name.isHTTPToken else { throw .malformed("header name", offset: line.lowerBound) }
      headers.append(HTTPHeader(name, Self.text(bytes, (colon &+ 1)..<line.upperBound).trimmingBlanks()))
    }
    return HTTPHead(startLine: Self.text(bytes, lines[0]), headers: headers)
  }

  private static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
    var characters: [UInt8] = []
    characters.reserveCapacity(range.count)
    for index in range { characters.append(bytes[index]) }
    return String(decoding: characters, as: UTF8.self)
  }
}
