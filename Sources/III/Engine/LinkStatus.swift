package import Transport

/// What an ``EngineLink`` tells about itself, for status pages and logs; holds no secret.
package struct LinkStatus: Sendable, Equatable {
  /// What the connection is doing.
  package var state: ConnectionState
  /// Since when.
  package var since: MonotonicTime
  /// The attempts since the last time it was connected, the present one included.
  package var attempt: Int
  /// When the next attempt starts, while none is under way.
  package var nextRetry: MonotonicTime?
  /// Why the last connection or attempt ended.
  package var lastError: String?
  /// The engine's address without its query.
  package var url: String
  /// The namespace that was asked for.
  package var namespace: String?
  /// The id that the engine gave this connection.
  package var workerID: String?
  /// What the engine says it can do.
  package var features: [String]
  /// Bytes that wait to be written.
  package var pendingOutput: Int
  /// Calls that were sent and not answered.
  package var callsInFlight: Int
  /// Void calls that wait for the next connection.
  package var queuedCalls: Int
  /// Answers whose connection was gone.
  package var droppedAnswers: Int
  /// Results of calls that nobody waits for.
  package var strayResults: Int
  /// Frames that could not be read, or whose type nobody knows.
  package var ignoredFrames: Int
}
