/// What the server has to do for an ``EngineState``, in this order. A connection is named by the server's number for it.
package enum EngineEffect: Equatable, Sendable {
  /// Send a frame.
  case send(Int, EngineMessage)
  /// Send a close frame without a code, then end the connection. The state knows it no more.
  case close(Int)
  /// End the TCP connection at once. The state knows it no more.
  case drop(Int)
  /// Call a function over HTTP, and say what came of it with ``EngineState/calledOverHTTP(_:_:now:)``.
  case callOverHTTP(HTTPFunctionCall)
  /// Answer the HTTP request of that number.
  case answerHTTP(Int, HTTPTriggerOutcome)
  /// Take nothing more from a connection; what it sends waits in its socket.
  case pauseReading(Int)
  /// Take from it again.
  case resumeReading(Int)
  /// Tell the log.
  case log(LogLevel, String)
  /// Carry out a test hook that the worker on connection `by` asked for.
  case control(ControlCommand, by: Int)
}
