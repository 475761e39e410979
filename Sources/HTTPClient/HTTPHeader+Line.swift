import WebSocket

extension HTTPHeader {
  /// The line as libcurl takes it: without a value it would remove a header of its own instead.
  var line: String { value.isEmpty ? "\(name);" : "\(name): \(value)" }
}
