/// What can be chosen about a development engine: where it listens, and how it behaves.
package struct ServerOptions: Equatable, Sendable {
  /// Where it listens: the main one without access rules, then those of its configuration file.
  package var listeners = [ListenerOptions(port: 49134)]
  /// Where the trigger type `http` is served, on the host of the main listener; 0 for any free port, nil for nowhere.
  package var httpPort: UInt16?
  package var engine = EngineOptions()

  package init() {}
}
