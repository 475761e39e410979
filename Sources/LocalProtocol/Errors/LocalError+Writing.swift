package import Bytes
import RawJSON

extension LocalError {
  /// Appends the error object: `{"code":…,"message":"CODE: text","data":{…}}`.
  package func write(to output: inout ByteBuffer) {
    output.append("{\"code\":")
    output.append(integer: row.number)
    output.append(",\"message\":")
    output.append(jsonString: message)
    output.append(",\"data\":{\"code\":")
    output.append(jsonString: code)
    output.append(",\"source\":\"")
    output.append(source.rawValue)
    output.append(isRetryable ? "\",\"retryable\":true" : "\",\"retryable\":false")
    for detail in details {
      output.append(UInt8(ascii: ","))
      output.append(jsonString: detail.name)
      output.append(UInt8(ascii: ":"))
      detail.value.write(to: &output)
    }
    output.append("}}")
  }
}

extension LocalError.Detail.Value {
  fileprivate func write(to output: inout ByteBuffer) {
    switch self {
    case .integer(let number): output.append(integer: number)
    case .string(let text): output.append(jsonString: text)
    case .boolean(let value): output.append(value ? "true" : "false")
    case .strings(let texts): Report.array(texts.map { .string($0) }).write(to: &output)
    case .json(let text): output.append(json: text.utf8.span, flattening: true)
    }
  }
}
