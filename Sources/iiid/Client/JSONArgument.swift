import Bytes
import RawJSON

/// A JSON value that a user has written: on the command line or into standard input.
enum JSONArgument {
  /// The value without the blanks around it, or why it is none.
  ///
  /// What an engine would drop without a word is refused here already, with the byte where it stands: the daemon would
  /// count bytes of a line that the user never sees.
  ///
  /// - Parameters:
  ///   - bytes: What the user has written.
  ///   - name: What the help calls it.
  /// - Returns: The bytes of the value.
  /// - Throws: What is wrong with it.
  static func read(_ bytes: [UInt8], as name: String) throws(CommandFailure) -> [UInt8] {
    guard let first = bytes.firstIndex(where: { !isBlank($0) }), let last = bytes.lastIndex(where: { !isBlank($0) })
    else { throw CommandFailure("\(name) is empty; a text without characters is '\"\"'", .badRequest) }
    let value = Array(bytes[first...last])
    var envelope = JSONEnvelope()
    do throws(JSONScanError) {
      try envelope.scan(value.span)
    } catch {
      throw CommandFailure("\(name) is no JSON: \(error)\(hint(value))", .badRequest)
    }
    if let violation = envelope.violationAsValue {
      throw CommandFailure("\(name): the engine would not take this: \(violation)", .badRequest)
    }
    return value
  }

  /// What is mostly meant by a value that begins with a letter.
  private static func hint(_ value: [UInt8]) -> String {
    guard let text = String(validating: value, as: UTF8.self), text.utf8.count <= 40,
      text.first?.isLetter == true, text.allSatisfy({ $0.isLetter || $0.isNumber || $0 == " " })
    else { return "" }
    return "; a text needs quotes of its own, as '\"\(text)\"'"
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d }
}
