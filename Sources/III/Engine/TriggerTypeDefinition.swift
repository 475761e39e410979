import Bytes
import RawJSON

/// A trigger type that this worker provides, and its frame (engine protocol, section 2.5).
package struct TriggerTypeDefinition: Equatable, Sendable {
  /// A sentence about it; engines drop a frame without.
  package var description: String
  /// What a trigger of this type is configured with, a JSON Schema.
  package var triggerRequestFormat: [UInt8]?
  /// What its functions are called with, a JSON Schema.
  package var callRequestFormat: [UInt8]?
  /// Where it is provided; nil for the worker's own namespace, which the engine knows. Not blank.
  package var namespace: String?

  /// A type with nothing but a description.
  package init(description: String) { self.description = description }

  /// Appends the frame that registers it as `id`.
  func append(id: String, to buffer: inout ByteBuffer) {
    buffer.append(#"{"type":"registertriggertype","id":"#)
    buffer.append(jsonString: id)
    buffer.append(#","description":"#)
    buffer.append(jsonString: description)
    if let triggerRequestFormat {
      buffer.append(#","trigger_request_format":"#)
      buffer.append(triggerRequestFormat.span)
    }
    if let callRequestFormat {
      buffer.append(#","call_request_format":"#)
      buffer.append(callRequestFormat.span)
    }
    if let namespace {
      buffer.append(#","namespace":"#)
      buffer.append(jsonString: namespace)
    }
    buffer.append(UInt8(ascii: "}"))
  }
}
