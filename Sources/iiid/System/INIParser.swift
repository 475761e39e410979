import CINIH

/// The INI form, as inih has it. The one file that touches inih.
///
/// Of inih only `ini_parse_stream` is used: the variables by which Debian 12's can be set up are
/// no part of upstream's interface.
struct INIParser {
  private let lines: [[UInt8]]
  private var next = 0
  private var file: ConfigurationFile

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: What it is called.
  ///   - content: All of it.
  /// - Returns: Its settings, and what is wrong with its lines.
  static func parse(_ path: String, _ content: [UInt8]) -> ConfigurationFile {
    let checked = ConfigurationFile.lines(of: content)
    var lines = checked.map(\.bytes)
    var problems = checked.indices.compactMap { index in
      checked[index].problem.map { ConfigurationFile.Problem(line: index + 1, text: $0) }
    }
    // inih tells of the first bad line alone: that one is blanked, and the rest is read again.
    while true {
      var parser = INIParser(lines: lines, file: ConfigurationFile(path: path))
      let line = Int(parser.run())
      if lines.indices.contains(line - 1) {
        lines[line - 1] = []
        problems.append(
          ConfigurationFile.Problem(
            line: line, text: "neither [section] nor key = value nor a comment; write key = value"))
        if problems.count < problemLimit { continue }
      }
      parser.file.problems = problems.sorted { $0.line < $1.line }
      return parser.file
    }
  }

  /// After this many bad lines it is no configuration file, and nobody reads on.
  private static let problemLimit = 20

  private init(lines: [[UInt8]], file: ConfigurationFile) {
    self.lines = lines
    self.file = file
  }

  /// The corresponding C function is `ini_parse_stream`, which takes our lines as from `fgets`.
  private mutating func run() -> CInt {
    unsafe withUnsafeMutablePointer(to: &self) { parser in
      unsafe ini_parse_stream(
        { buffer, size, parser in
          guard let buffer = unsafe buffer, let parser = unsafe parser else { return nil }
          return unsafe parser.assumingMemoryBound(to: INIParser.self).pointee.fill(buffer, Int(size)) ? buffer : nil
        }, parser,
        { parser, section, key, value in
          guard let parser = unsafe parser, let section = unsafe section, let key = unsafe key, let value = unsafe value
          else { return 0 }
          unsafe parser.assumingMemoryBound(to: INIParser.self).pointee.add(
            String(cString: section), String(cString: key), String(cString: value))
          return 1
        }, parser)
    }
  }

  /// Puts the next line into inih's buffer; false when there is none.
  private mutating func fill(_ buffer: UnsafeMutablePointer<CChar>, _ size: Int) -> Bool {
    guard next < lines.count else { return false }
    let line = lines[next]
    precondition(line.count + 2 <= size, "inih was built for shorter lines: it holds \(size) bytes")
    next += 1
    for (index, byte) in line.enumerated() { unsafe buffer[index] = CChar(bitPattern: byte) }
    unsafe buffer[line.count] = CChar(bitPattern: UInt8(ascii: "\n"))
    unsafe buffer[line.count + 1] = 0
    // inih tells of keys only; a section without any may be misspelt too.
    if line.first == UInt8(ascii: "["), let end = line.firstIndex(of: UInt8(ascii: "]")) {
      let name = String(decoding: line[(line.startIndex + 1)..<end], as: UTF8.self)
      file.entries.append(ConfigurationFile.Entry(line: next, section: name))
    }
    return true
  }

  private mutating func add(_ section: String, _ key: String, _ value: String) {
    file.entries.append(ConfigurationFile.Entry(line: next, section: section, key: key, value: value))
  }
}
