/// Where a development engine listens, and what holds there.
package struct ListenerOptions: Equatable, Sendable {
  /// An IPv4 or IPv6 address, or `localhost`.
  package var host = "127.0.0.1"
  /// 0 for any free port.
  package var port: UInt16
  /// How long a connection may take to ask for its upgrade, in milliseconds; nil for as long as the engine version lets
  /// it.
  package var handshakeTimeout: Int?
  package var rules = ListenerRules()

  package init(port: UInt16) { self.port = port }
}

extension ListenerOptions {
  /// Whether other machines may reach the address.
  package var isReachableFromOutside: Bool {
    !(host == "localhost" || host == "::1" || host.utf8.starts(with: "127.".utf8))
  }

  /// What stands for it in a URL, as `127.0.0.1:49134`, with the port that it really listens on.
  package func authority(port: UInt16) -> String {
    // An IPv6 address stands in brackets in a URL.
    "\(host.contains(":") ? "[\(host)]" : host):\(port)"
  }
}
