import Bytes
import RawJSON

/// A trigger: a function that is bound to a trigger type, and its frame (engine protocol, section 2.7).
package struct TriggerDefinition: Equatable, Sendable {
  /// The type, whoever provides it.
  package var triggerType: String
  /// The function that is called when it fires.
  package var functionID: String
  /// What the type's provider wants to know, a JSON value; nil is sent as null, because engines drop a frame without.
  package var config: [UInt8]?
  /// Goes to the function with every firing, a JSON value.
  package var metadata: [UInt8]?
  /// Where the function is; nil for the worker's own namespace, and for `engine::` functions the default one (section
  /// 3.7). Not blank.
  package var namespace: String?
  /// Where the provider is, and nowhere else; nil leaves it to the engine: the worker's namespace, then the default one
  /// (section 4.2). Not blank.
  package var triggerNamespace: String?

  /// A trigger without a configuration.
  package init(triggerType: String, functionID: String) {
    self.triggerType = triggerType
    self.functionID = functionID
  }

  /// Appends the frame that registers it as `id`; `inheritedNamespace`, a JSON string, is used when it names none.
  func append(id: String, inheritedNamespace: [UInt8]?, to buffer: inout ByteBuffer) {
    buffer.append(#"{"type":"registertrigger","id":"#)
    buffer.append(jsonString: id)
    buffer.append(#","trigger_type":"#)
    buffer.append(jsonString: triggerType)
    buffer.append(#","function_id":"#)
    buffer.append(jsonString: functionID)
    buffer.append(#","config":"#)
    if let config { buffer.append(config.span) } else { buffer.append("null") }
    if let metadata {
      buffer.append(#","metadata":"#)
      buffer.append(metadata.span)
    }
    if let namespace {
      buffer.append(#","namespace":"#)
      buffer.append(jsonString: namespace)
    } else if let inheritedNamespace {
      buffer.append(#","namespace":"#)
      buffer.append(inheritedNamespace.span)
    }
    if let triggerNamespace {
      buffer.append(#","trigger_namespace":"#)
      buffer.append(jsonString: triggerNamespace)
    }
    buffer.append(UInt8(ascii: "}"))
  }
}
