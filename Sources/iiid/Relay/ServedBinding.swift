import III
import LocalProtocol

/// A binding of a trigger type that a client provides.
struct ServedBinding: TriggerOffer {
  let asked: IncomingTrigger
  /// The provider.
  let client: ClientID
  let config: [UInt8]?
  let metadata: [UInt8]?
  /// Where the function is.
  let namespace: String

  /// As the provider is told of it.
  var message: DaemonMessage.Binding {
    var message = DaemonMessage.Binding(
      triggerType: asked.triggerType, id: asked.id, functionID: asked.functionID, namespace: namespace)
    message.config = config
    message.metadata = metadata
    return message
  }
}
