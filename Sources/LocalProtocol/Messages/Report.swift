package import Bytes
import RawJSON

/// A JSON value that the daemon tells of itself: for pages that are asked for now and then, never for payloads.
package indirect enum Report {
  /// An object; members whose value is nil are left out.
  case object(KeyValuePairs<String, Report?>)
  /// An object whose members are not known beforehand.
  case members([(String, Report)])
  /// An array.
  case array([Report])
  /// A string.
  case string(String)
  /// An integer.
  case integer(Int)
  /// `true` or `false`.
  case boolean(Bool)

  /// Appends the value.
  package func write(to output: inout ByteBuffer) {
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
    case .object(let members): Self.write(members.lazy.compactMap { name, value in value.map { (name, $0) } }, &output)
    case .members(let members): Self.write(members, &output)
    }
  }

  private static func write(_ members: some Sequence<(String, Report)>, _ output: inout ByteBuffer) {
    output.append("{")
    var isFirst = true
    for (name, value) in members {
      if !isFirst { output.append(",") }
      isFirst = false
      output.append(jsonString: name)
      output.append(":")
      value.write(to: &output)
    }
    output.append("}")
  }
}

extension Report: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
  /// A string.
  package init(stringLiteral value: String) { self = .string(value) }
  /// An integer.
  package init(integerLiteral value: Int) { self = .integer(value) }
  /// `true` or `false`.
  package init(booleanLiteral value: Bool) { self = .boolean(value) }
}
