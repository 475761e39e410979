/// A worker has come, announced itself or gone (engine protocol, section 5.7).
public struct WorkerEvent: Sendable, Hashable {
  /// What happened: ``connected``, ``metadataUpdated``, ``disconnected``, or what a newer engine says.
  public let event: String
  /// The engine's id of the worker's connection.
  public let workerID: String
  /// Everything that the engine told, as it came.
  public let json: JSON

  /// A worker is connected, and has not said yet who it is.
  public static let connected = "worker_connected"
  /// A worker has announced itself.
  public static let metadataUpdated = "worker_metadata_updated"
  /// A worker is gone.
  public static let disconnected = "worker_disconnected"

  init?(_ row: DiscoveryRow) {
    guard let event = row.string("event"), let id = row.string("worker_id") else { return nil }
    self.event = event
    workerID = id
    json = row.json
  }
}
