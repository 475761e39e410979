package import Bytes
import RawJSON

/// The limits of the local protocol with their defaults (section 2). Part of the daemon's configuration; `hello` shows them.
package struct Limits: Equatable, Sendable {
  /// Bytes in a line.
  package var lineBytes = 16 * 1024 * 1024
  /// Connections in all.
  package var connections = 512
  /// Connections of one user.
  package var connectionsPerUser = 64
  /// Unanswered requests of one connection.
  package var requestsInFlight = 256
  /// Functions of one connection.
  package var registrationsPerConnection = 1024
  /// Functions in all: an engine that loses a connection with more than 1,024 spins (engine protocol, section 0).
  package var functions = 1000
  /// Bytes that wait to be read by one connection before its time without progress is counted.
  package var outputBytes = 8 * 1024 * 1024
  /// Milliseconds without progress above ``outputBytes`` after which the connection is closed.
  package var stallMilliseconds = 30_000
  /// Lines in a row that are no JSON after which the connection is closed.
  package var badLines = 100

  /// The defaults.
  package init() {}

  /// Appends the limits as an object.
  package func write(to output: inout ByteBuffer) {
    let members: [(String, Int)] = [
      ("line_bytes", lineBytes), ("json_depth", JSONEnvelope.deepestValue &+ 2), ("connections", connections),
      ("connections_per_uid", connectionsPerUser), ("requests_in_flight", requestsInFlight),
      ("registrations_per_connection", registrationsPerConnection), ("functions", functions),
      ("batch_entries", MessageReader.longestBatch), ("output_bytes", outputBytes), ("stall_ms", stallMilliseconds),
      ("bad_lines", badLines),
    ]
    output.append(UInt8(ascii: "{"))
    for (index, (name, value)) in members.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      output.append(jsonString: name)
      output.append(UInt8(ascii: ":"))
      output.append(integer: value)
    }
    output.append(UInt8(ascii: "}"))
  }
}
