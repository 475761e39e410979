import Bytes
import III
import RawJSON

/// One line that the daemon sent to a command.
enum DaemonLine: Equatable {
  /// The result of the request with this number.
  case result(Int, [UInt8])
  /// The error of the request with this number; nil when the daemon could not tell which one.
  case error(Int?, DaemonError)
  /// What a subscriber is told.
  case event(topic: String, fields: JSON)
  /// Something that is for workers, or of a later version of the protocol.
  case other

  /// Reads a line without its end; nil when it is no message at all.
  init?(_ text: Span<UInt8>) {
    var envelope = JSONEnvelope(descendingInto: ["params"])
    guard (try? envelope.scan(text)) != nil, envelope.root == .object else { return nil }
    let id = envelope.find("id")?.integer(in: text)
    func bytes(_ member: JSONMember) -> [UInt8] { Array(copying: member.raw(in: text)) }
    if let error = envelope.find("error") {
      guard let json = try? JSON(parsing: bytes(error)) else { return nil }
      self = .error(id, DaemonError(json))
    } else if let result = envelope.find("result") {
      guard let id else { return nil }
      self = .result(id, bytes(result))
    } else if let method = envelope.find("method")?.string(in: text) {
      guard method == "event", let params = envelope.index(of: "params"),
        let topic = envelope.find("event", in: params)?.string(in: text),
        let fields = envelope.find("fields", in: params)
      else {
        self = .other
        return
      }
      self = .event(topic: topic, fields: (try? JSON(parsing: bytes(fields))) ?? .null)
    } else {
      return nil
    }
  }
}
