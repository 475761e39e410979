import Bytes
import RawJSON

/// A JSON value that the daemon tells of itself: for pages that are asked for now and then, never for payloads.
indirect enum Report {
  /// An object; members whose value is nil are left out.
  case object(KeyValuePairs<String, Report?>)
  case array([Report])
  case string(String)
  case integer(Int)
  case boolean(Bool)

  func write(to output: inout ByteBuffer) {
    switch self {
    case .string(let text): output.append(jsonString: text)
    case .integer(let number): output.append(integer: number)
    case .boolean(let value): output.append(value ? "true" : "false")
    case .array(let elements):
      output.append("[")
      for (index, element) in elements.enumerated() {
        if index > 0 { output.append(",") }
        element.write(to: &output)
      }
      output.append("]")
    case .object(let members):
      output.append("{")
      var isFirst = true
      for (name, value) in members {
        guard let value else { continue }
        if !isFirst { output.append(",") }
        isFirst = false
        output.append(jsonString: name)
        output.append(":")
        value.write(to: &output)
      }
      output.append("}")
    }
  }
}

extension Report: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
  init(stringLiteral value: String) { self = .string(value) }
  init(integerLiteral value: Int) { self = .integer(value) }
  init(booleanLiteral value: Bool) { self = .boolean(value) }
}
