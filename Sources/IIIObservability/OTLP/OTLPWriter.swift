import Bytes
import RawJSON

/// Writes OTLP as JSON: ids in hexadecimal, 64-bit numbers as texts, enumerations by their OTLP numbers (engine protocol,
/// sections 7.2 and 7.3).
enum OTLPWriter {
  /// Writes a list, with commas between.
  static func list<Elements: Collection>(
    _ elements: Elements, _ output: inout ByteBuffer, _ write: (Elements.Element, inout ByteBuffer) -> Void
  ) {
    output.append(UInt8(ascii: "["))
    var isFirst = true
    for element in elements {
      if !isFirst { output.append(UInt8(ascii: ",")) }
      isFirst = false
      write(element, &output)
    }
    output.append(UInt8(ascii: "]"))
  }

  static func attributes(_ attributes: [Attribute], _ output: inout ByteBuffer) {
    list(attributes, &output) { attribute, output in
      output.append(#"{"key":"#)
      output.append(jsonString: attribute.key)
      output.append(#","value":"#)
      value(attribute.value, &output)
      output.append("}")
    }
  }

  /// An AnyValue.
  static func value(_ value: AttributeValue, _ output: inout ByteBuffer) {
    switch value {
    // OTLP's way to say that there is no value.
    case .null: output.append("{}")
    case .bool(let flag): output.append(flag ? #"{"boolValue":true}"# : #"{"boolValue":false}"#)
    case .int(let number): output.append(#"{"intValue":"\#(number)"}"#)
    case .double(let number):
      guard number.isFinite else { return self.value(.string("\(number)"), &output) }
      output.append(#"{"doubleValue":\#(number)}"#)
    case .string(let text):
      output.append(#"{"stringValue":"#)
      output.append(jsonString: text)
      output.append("}")
    case .array(let elements):
      output.append(#"{"arrayValue":{"values":"#)
      list(elements, &output) { Self.value($0, &$1) }
      output.append("}}")
    case .object(let members):
      output.append(#"{"kvlistValue":{"values":"#)
      attributes(members, &output)
      output.append("}}")
    }
  }

  /// The text of one frame: four bytes for its kind, the resource, one scope, and what `body` writes.
  static func frame(
    _ kind: StaticString, _ name: String, _ scopes: String, _ resource: TelemetryResource, scope: String,
    _ body: (inout ByteBuffer) -> Void
  ) -> [UInt8] {
    var output = ByteBuffer(capacity: 1024)
    output.append("\(kind)")
    output.append(#"{""#)
    output.append(name)
    output.append(#"":[{"resource":{"attributes":"#)
    attributes(resource.attributes, &output)
    output.append(#"},""#)
    output.append(scopes)
    output.append(#"":[{"scope":{"name":"#)
    output.append(jsonString: scope)
    output.append(#","version":"#)
    output.append(jsonString: resource.sdkVersion)
    output.append("},")
    body(&output)
    output.append("}]}]}")
    return [UInt8](copying: output.span)
  }

  /// What stands for the result of a call that failed.
  static func errorPayload(_ message: String) -> [UInt8] {
    var output = ByteBuffer()
    output.append(#"{"error":"#)
    output.append(jsonString: message)
    output.append("}")
    return [UInt8](copying: output.span)
  }
}
