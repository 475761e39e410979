/// Which engine version a development engine behaves like, as named traits that the state asks (engine protocol,
/// section 9). Nothing else compares versions.
package struct Compatibility: Equatable, Sendable {
  /// What the command line calls it.
  package let name: String

  /// Whether a new connection may take over from its former one with a token (section 2.2).
  var hasReattach = true
  /// Whether workers, functions and trigger types have namespaces; members that name one are ignored otherwise.
  var hasNamespaces = true
  /// Whether a connection's registrations wait for its announce (section 4.1).
  var holdsRegistrations = true
  /// Whether worker names are unique (section 4.4).
  var hasUniqueNames = true
  /// Whether the first owner of a function keeps it, and others are told; else the last one has it (section 4.4).
  var firstOwnerKeepsFunction = true
  /// Whether a binding to a type that nobody provides waits for it; else it is lost (section 4.2).
  var parksBindings = true
  /// Whether the maker of a binding is told that the provider refused it (section 4.2).
  var forwardsRefusals = true
  /// Whether a call's `metadata` reaches the function (section 3.7).
  var passesMetadata = true
  /// Whether a worker may provide the queue; else it is a part of the engine (section 3.3).
  var hasQueueWorkers = true
  /// Whether `engine::functions::info` takes several ids, and rows of functions show their metadata (section 5.2).
  var hasFunctionBatches = true
  /// Whether functions that are not found are explained by where they are (section 3.4).
  var explainsMissingFunctions = true
  /// Whether every invocation, and every answer to one, carries a trace context even when the caller gave none
  /// (section 0).
  var tracesEveryCall = false
  /// Whether a connection must be asking for its upgrade within a time (section 1.2).
  var limitsHandshake = true
  /// The ids of built-in functions that this version does not have.
  var missingBuiltins: Set<String> = []
}

extension Compatibility {
  /// As engines since 0.23.
  package static let current = Compatibility(name: "0.23")

  /// As engine 0.13.0.
  package static let first = Compatibility(
    name: "0.13", hasReattach: false, hasNamespaces: false, holdsRegistrations: false, hasUniqueNames: false,
    firstOwnerKeepsFunction: false, parksBindings: false, forwardsRefusals: false, passesMetadata: false,
    hasQueueWorkers: false, hasFunctionBatches: false, explainsMissingFunctions: false, tracesEveryCall: true,
    limitsHandshake: false, missingBuiltins: ["engine::register_trigger", "engine::unregister_trigger"])

  /// All of them, the newest first.
  package static let all = [current, first]

  /// The one that the command line calls so; nil for another word.
  package init?(version: String) {
    guard let known = Self.all.first(where: { $0.name == version }) else { return nil }
    self = known
  }
}
