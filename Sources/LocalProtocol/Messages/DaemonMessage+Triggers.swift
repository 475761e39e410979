package import Bytes
import RawJSON

extension DaemonMessage {
  /// A binding of a trigger type that a client provides: JSON values without LF and CR.
  package struct Binding {
    /// The type.
    package var triggerType: String
    /// The binding's id.
    package var id: String
    /// The function that is to be called when it fires.
    package var functionID: String
    /// Any JSON value; nil means null.
    package var config: [UInt8]?
    /// What travels beside the payload of each firing, any JSON value.
    package var metadata: [UInt8]?
    /// Where the function is.
    package var namespace: String

    /// A binding without configuration.
    package init(triggerType: String, id: String, functionID: String, namespace: String) {
      self.triggerType = triggerType
      self.id = id
      self.functionID = functionID
      self.namespace = namespace
    }
  }

  /// The request `bind_trigger`, with the id `"d<number>"`.
  package static func bind(_ number: Int, _ binding: Binding, to output: inout ByteBuffer) {
    append("bind_trigger", number, binding, to: &output)
  }

  /// The request `unbind_trigger`, with the id `"d<number>"`.
  package static func unbind(_ number: Int, _ binding: Binding, to output: inout ByteBuffer) {
    append("unbind_trigger", number, binding, to: &output)
  }

  private static func append(_ method: String, _ number: Int, _ binding: Binding, to output: inout ByteBuffer) {
    output.append("{\"jsonrpc\":\"2.0\",\"id\":\"d")
    output.append(integer: number)
    output.append("\",\"method\":\"")
    output.append(method)
    output.append("\",\"params\":{\"trigger_type\":")
    output.append(jsonString: binding.triggerType)
    output.append(",\"trigger_id\":")
    output.append(jsonString: binding.id)
    output.append(",\"function_id\":")
    output.append(jsonString: binding.functionID)
    output.append(",\"config\":")
    if let config = binding.config {
      output.append(json: config.span, flattening: true)
    } else {
      output.append("null")
    }
    if let metadata = binding.metadata {
      output.append(",\"metadata\":")
      output.append(json: metadata.span, flattening: true)
    }
    output.append(",\"namespace\":")
    output.append(jsonString: binding.namespace)
    output.append("}}\n")
  }
}
