/// What can be chosen about a development engine: where it listens, and how it behaves.
package struct ServerOptions: Equatable, Sendable {
  /// An IPv4 or IPv6 address, or `localhost`.
  package var host = "127.0.0.1"
  /// 0 for any free port.
  package var port: UInt16 = 49134
  /// Where the trigger type `http` is served, on the same host; 0 for any free port, nil for nowhere.
  package var httpPort: UInt16?
  package var engine = EngineOptions()

  package init() {}
}

extension ServerOptions {
  /// Whether other machines may reach the address.
  package var isReachableFromOutside: Bool {
    !(host == "localhost" || host == "::1" || host.utf8.starts(with: "127.".utf8))
  }
}
