import Outbox

/// The bounds within which clients are served (local protocol, section 2.10). All appear in the result of `hello`.
struct RelayLimits: Equatable {
  /// Connections at a time, over all users.
  var connections = 512
  /// Connections at a time of one user id.
  var connectionsPerUser = 64
  /// Bytes of one line, without its LF.
  var lineBytes = 16 << 20
  /// Requests of one connection that wait for their response.
  var requestsPerConnection = 256
  /// Functions that one connection may have registered.
  var registrationsPerConnection = 1024
  /// Subscriptions to events that one connection may have.
  var subscriptionsPerConnection = 16
  /// Functions over all connections; an engine that loses a connection with more than 1,024 spins for ever (engine
  /// protocol, section 0).
  var functions = 1000
  /// Channels that one connection may have open by requests.
  var channelsPerConnection = 16
  /// Ends of channels that the connections of one user id may have open.
  var channelsPerUser = 64
  /// Ends of channels over all connections.
  var channels = 256
  /// Bytes that a writing end has accepted and not sent, and the most of one write.
  var channelWindowBytes = 1 << 20
  /// The most bytes of one message that a reading end takes.
  var channelMessageBytes = 16 << 20
  /// Bytes that may wait for a client that does not read, before reading from it stops and its time to make progress
  /// begins to run.
  var outputBytes = 8 << 20
  /// Milliseconds that such a client has to take some bytes before it is disconnected.
  var outputStallMilliseconds = 30_000
  /// Bytes that may wait for the engine before further calls are refused.
  var engineOutputBytes = 64 << 20
  /// Bytes of one message to or from the engine.
  var messageBytes = 64 << 20
  /// Void calls that wait while the engine is away.
  var queuedCalls = 1000
  /// Bytes of them.
  var queuedBytes = 8 << 20
  /// What is kept on disk.
  var outbox = OutboxLimits()
  /// Lines in a row that are no message, after which a client is disconnected.
  var badLines = 100
}
