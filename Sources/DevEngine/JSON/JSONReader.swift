import Bytes
import RawJSON

/// Builds the tree of a text that ``JSONEnvelope`` has scanned without finding a fault, so that nothing here can fail
/// and the nesting is known to be shallow enough for recursion.
struct JSONReader {
  private var index: Int

  /// The value at the start of `text`, which may have white space around it.
  static func read(_ text: Span<UInt8>) -> JSONValue {
    var reader = JSONReader(index: 0)
    return reader.value(text)
  }

  private mutating func value(_ text: Span<UInt8>) -> JSONValue {
    skipSpace(text)
    switch text[index] {
    case UInt8(ascii: "{"): return .object(object(text))
    case UInt8(ascii: "["): return .array(array(text))
    case UInt8(ascii: "\""): return .string(string(text))
    case UInt8(ascii: "t"):
      index += 4
      return .boolean(true)
    case UInt8(ascii: "f"):
      index += 5
      return .boolean(false)
    case UInt8(ascii: "n"):
      index += 4
      return .null
    default:
      let start = index
      while index < text.count, Self.isNumberByte(text[index]) { index += 1 }
      return JSONDecimal.value(of: text.extracting(start..<index))
    }
  }

  private mutating func object(_ text: Span<UInt8>) -> JSONObject {
    var members: [JSONObject.Member] = []
    index += 1
    while true {
      skipSpace(text)
      if text[index] == UInt8(ascii: "}") { break }
      let name = string(text)
      skipSpace(text)
      index += 1  // the colon
      members.append(JSONObject.Member(name: name, value: value(text)))
      skipSpace(text)
      if text[index] == UInt8(ascii: ",") { index += 1 }
    }
    index += 1
    return JSONObject(members)
  }

  private mutating func array(_ text: Span<UInt8>) -> [JSONValue] {
    var elements: [JSONValue] = []
    index += 1
    while true {
      skipSpace(text)
      if text[index] == UInt8(ascii: "]") { break }
      elements.append(value(text))
      skipSpace(text)
      if text[index] == UInt8(ascii: ",") { index += 1 }
    }
    index += 1
    return elements
  }

  private mutating func string(_ text: Span<UInt8>) -> String {
    let start = index + 1
    index = start
    var isEscaped = false
    index = text.endOfPlainRun(from: index)
    while text[index] != UInt8(ascii: "\"") {
      isEscaped = true
      index = text.endOfPlainRun(from: index + 2)
    }
    let content = text.extracting(start..<index)
    index += 1
    return isEscaped ? JSONString.decode(content) : String(utf8: content) ?? ""
  }

  private mutating func skipSpace(_ text: Span<UInt8>) {
    while index < text.count, text[index] == 0x20 || (text[index] >= 0x09 && text[index] <= 0x0d) { index += 1 }
  }

  private static func isNumberByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
      UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }
}
