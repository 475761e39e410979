import Bytes
import RawJSON

extension ByteBuffer {
  /// Appends `value` as a real engine writes it: no white space, only what must be escaped is.
  mutating func append(json value: JSONValue) {
    switch value {
    case .null: append("null")
    case .boolean(let value): append(value ? "true" : "false")
    case .integer(let number): append(integer: Int(number))
    case .unsigned(let number): append(String(number))
    case .double(let number): append(JSONDecimal.text(of: number))
    case .string(let text): append(engineString: text)
    case .array(let elements):
      append(UInt8(ascii: "["))
      var isFirst = true
      for element in elements {
        if !isFirst { append(UInt8(ascii: ",")) }
        isFirst = false
        append(json: element)
      }
      append(UInt8(ascii: "]"))
    case .object(let object):
      append(UInt8(ascii: "{"))
      var isFirst = true
      for member in object.members {
        if !isFirst { append(UInt8(ascii: ",")) }
        isFirst = false
        append(engineString: member.name)
        append(UInt8(ascii: ":"))
        append(json: member.value)
      }
      append(UInt8(ascii: "}"))
    }
  }

  /// Appends a JSON string with its quotes; unlike ``append(jsonString:)`` it writes backspace and form feed as `\b` and
  /// `\f`, as an engine does.
  mutating func append(engineString text: String) {
    append(UInt8(ascii: "\""))
    let bytes = text.utf8.span
    var start = 0
    while true {
      let end = bytes.endOfPlainRun(from: start)
      append(bytes.extracting(start..<end))
      guard end < bytes.count else { break }
      switch bytes[end] {
      case 0x08: append("\\b")
      case 0x0c: append("\\f")
      default: append(escaping: bytes.extracting(end..<(end + 1)))
      }
      start = end + 1
    }
    append(UInt8(ascii: "\""))
  }
}
