package import Bytes
import RawJSON

extension DaemonMessage {
  /// What stands around the content of an event.
  package struct EventHead {
    /// Of which subscription.
    package var subscription: Int
    /// What of.
    package var topic: EventTopic
    /// Counts the events of the subscription, from 1.
    package var sequence: Int
    /// When it happened, in milliseconds since 1970.
    package var time: Int
    /// How many events were left out before it, because the client did not read.
    package var lagged: Int

    /// A head.
    package init(subscription: Int, topic: EventTopic, sequence: Int, time: Int, lagged: Int) {
      self.subscription = subscription
      self.topic = topic
      self.sequence = sequence
      self.time = time
      self.lagged = lagged
    }
  }

  /// The notification `event`; `fields` is a JSON object, in which a raw LF or CR between tokens becomes a space.
  package static func event(_ head: EventHead, _ fields: Span<UInt8>, to output: inout ByteBuffer) {
    output.append("{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":{\"subscription_id\":")
    output.append(integer: head.subscription)
    output.append(",\"event\":\"")
    output.append(head.topic.rawValue)
    output.append("\",\"seq\":")
    output.append(integer: head.sequence)
    output.append(",\"at\":")
    output.append(integer: head.time)
    output.append(",\"fields\":")
    output.append(json: fields, flattening: true)
    if head.lagged > 0 {
      output.append(",\"lagged\":")
      output.append(integer: head.lagged)
    }
    output.append("}}\n")
  }
}
