/// A connection whose handshake is over, before it is known whether it may stay.
package struct Arrival: Sendable {
  /// What it is for, by its path (engine protocol, section 1.1).
  package enum Purpose: Equatable, Sendable {
    /// `/`
    case worker
    /// `/otel`: takes telemetry, answers nothing, is no worker.
    case telemetry
  }

  package var purpose = Purpose.worker
  /// The peer's IP address.
  package var address: String
  /// The header lines of the request.
  package var headers: [(name: String, value: String)] = []
  /// What stood behind the question mark, as it was written.
  package var query = ""
  /// The rules of its listener.
  package var rules = ListenerRules()
  /// The time of day, in milliseconds since 1970.
  package var wallClock: Int

  package init(address: String, wallClock: Int) {
    self.address = address
    self.wallClock = wallClock
  }
}

extension Arrival {
  /// What the auth function is told (engine protocol, section 1.3).
  var description: JSONValue {
    var headers = JSONObject()
    for header in self.headers { headers[header.name.lowercased()] = .string(header.value) }
    return [
      "headers": .object(headers), "query_params": .object(QueryParameters.read(query)), "ip_address": .string(address),
    ]
  }
}
