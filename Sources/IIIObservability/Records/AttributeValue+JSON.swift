import Bytes
import RawJSON

extension AttributeValue {
  /// The value that a JSON text stands for; null for a text that is none. A whole number beyond 64 bits becomes a double.
  package init(json text: Span<UInt8>) {
    guard let outline = try? JSONOutline(text) else {
      self = .null
      return
    }
    self = Self.value(0, outline.entries, text)
  }

  private static func value(_ index: Int, _ entries: [JSONOutline.Entry], _ text: Span<UInt8>) -> AttributeValue {
    let entry = entries[index]
    switch entry.kind {
    case .null: return .null
    case .boolean: return .bool(text[Int(entry.start)] == UInt8(ascii: "t"))
    case .string: return .string(string(entry, text))
    case .integer, .fraction:
      let digits = String(utf8: text.extracting(entry.range)) ?? ""
      if entry.kind == .integer, let number = Int64(digits) { return .int(number) }
      return .double(Double(digits) ?? 0)
    case .array:
      var elements: [AttributeValue] = []
      var next = index + 1
      while next < Int(entry.next) {
        elements.append(value(next, entries, text))
        next = Int(entries[next].next)
      }
      return .array(elements)
    case .object:
      var members: [Attribute] = []
      var next = index + 1
      while next < Int(entry.next) {
        members.append(Attribute(string(entries[next], text), value(next + 1, entries, text)))
        next = Int(entries[next + 1].next)
      }
      return .object(members)
    }
  }

  static func string(_ entry: JSONOutline.Entry, _ text: Span<UInt8>) -> String {
    let content = text.extracting(entry.range)
    return entry.isEscaped ? JSONString.decode(content) : String(utf8: content) ?? ""
  }
}

extension ByteBuffer {
  /// Appends `value` as plain JSON; a number that JSON cannot hold becomes a text.
  mutating func append(plain value: AttributeValue) {
    switch value {
    case .null: append("null")
    case .bool(let flag): append(flag ? "true" : "false")
    case .int(let number): append(integer: Int(number))
    case .double(let number): if number.isFinite { append("\(number)") } else { append(jsonString: "\(number)") }
    case .string(let text): append(jsonString: text)
    case .array(let elements):
      append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { append(UInt8(ascii: ",")) }
        append(plain: element)
      }
      append(UInt8(ascii: "]"))
    case .object(let members):
      append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { append(UInt8(ascii: ",")) }
        append(jsonString: member.key)
        append(UInt8(ascii: ":"))
        append(plain: member.value)
      }
      append(UInt8(ascii: "}"))
    }
  }
}
