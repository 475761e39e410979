extension ConfigurationFile {
  /// The most bytes of a line, without blanks around it and comments: what inih can hold of one (`INI_MAX_LINE`).
  static let longestLine = 198

  /// One line as it is handed to inih, in which nothing is left that inih would misread without a word.
  struct Line: Equatable {
    /// Without blanks and line ends around it; empty for a comment.
    var bytes: [UInt8]
    /// Why it is no line of a configuration file.
    var problem: String?
  }

  /// The lines of a file. A byte order mark at its beginning and CR before LF do not count.
  static func lines(of content: [UInt8]) -> [Line] {
    var content = content[...]
    if content.starts(with: [0xef, 0xbb, 0xbf]) { content = content.dropFirst(3) }
    return content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(line)
  }

  private static func line(_ raw: ArraySlice<UInt8>) -> Line {
    // Blanks in front would make it the continuation of the line above.
    let bytes = trimmed(withoutComment(trimmed(raw)))
    guard let first = bytes.first else { return Line(bytes: []) }
    if let problem = problem(bytes, first) { return Line(bytes: [], problem: problem) }
    return Line(bytes: Array(bytes))
  }

  private static func problem(_ bytes: ArraySlice<UInt8>, _ first: UInt8) -> String? {
    // The value is not shown: nobody knows whose secret it is.
    if let control = bytes.first(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7f }) {
      return "holds the control character 0x\(control < 16 ? "0" : "")\(String(control, radix: 16)); leave it out"
    }
    guard String(validating: bytes, as: UTF8.self) != nil else { return "no UTF-8; save the file as UTF-8" }
    guard bytes.count <= longestLine else {
      return "has \(bytes.count) bytes; a line may have \(longestLine)"
    }
    guard first == UInt8(ascii: "[") else { return nil }
    // inih drops what stands behind the bracket.
    guard let end = bytes.firstIndex(of: UInt8(ascii: "]")), trimmed(bytes[(end + 1)...]).isEmpty else {
      return "no [section]; close the bracket, and put keys on lines of their own"
    }
    return nil
  }

  /// A comment is a line that begins with `;` or `#`, and whatever comes behind a `;` after a blank.
  private static func withoutComment(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    if bytes.first == UInt8(ascii: ";") || bytes.first == UInt8(ascii: "#") { return [] }
    let sign = bytes.indices.dropFirst().first { bytes[$0] == UInt8(ascii: ";") && isBlank(bytes[$0 - 1]) }
    return sign.map { bytes[..<$0] } ?? bytes
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard let first = bytes.firstIndex(where: { !isBlank($0) }), let last = bytes.lastIndex(where: { !isBlank($0) })
    else { return [] }
    return bytes[first...last]
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d }
}
