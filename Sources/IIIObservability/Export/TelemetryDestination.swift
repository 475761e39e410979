package import Transport

/// Where a worker's telemetry goes: beside its own connection, with the same headers and token (engine protocol, section
/// 7.1).
package struct TelemetryDestination: Sendable {
  package var url: WebSocketURL
  package var headers: [(String, String)]
  package var tls: TLSOptions

  /// The destination beside a worker's address.
  ///
  /// - Parameters:
  ///   - address: The worker's.
  ///   - headers: The headers of its request, the token's among them.
  ///   - tls: How the server is checked.
  package init(beside address: WebSocketURL, headers: [(String, String)], tls: TLSOptions) {
    url = address
    url.target = Self.target(beside: address.target)
    self.headers = headers
    self.tls = tls
  }

  /// The path with `/otel` behind it, unless it is there; the query stays.
  static func target(beside target: String) -> String {
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var path = String(parts.first ?? "/")
    if !path.hasSuffix("/otel") { path += path.hasSuffix("/") ? "otel" : "/otel" }
    return parts.count > 1 ? "\(path)?\(parts[1])" : path
  }
}
