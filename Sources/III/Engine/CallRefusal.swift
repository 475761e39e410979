/// Why a call was not sent. Nothing was written.
package enum CallRefusal: Equatable, Sendable {
  /// There is no connection now; what the link is doing, and why the last connection or attempt ended.
  case notConnected(ConnectionState, lastError: String?)
  /// The engine refused this worker for good.
  case failed(code: String, message: String)
  /// The frame would have more bytes than an engine takes.
  case tooLarge(limit: Int, size: Int)
  /// Too much waits for the next connection.
  case queueFull
  /// The link is being shut down.
  case shuttingDown
}
