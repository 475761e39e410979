/// What one connection may do: what the auth function said of it, or everything. Every worker has one (engine protocol,
/// section 4.6).
struct Session: Equatable {
  /// What may be called in each namespace, and where the worker may join; empty for no such grants.
  var namespaces: [String: [WildcardPattern]] = [:]
  /// What may be called in the default namespace beyond what the listener exposes.
  var allowedFunctions: Set<String> = []
  /// What may not be called, whatever else is said.
  var forbiddenFunctions: Set<String> = []
  /// What may be bound to; nil for everything.
  var allowedTriggerTypes: Set<String>?
  var mayRegisterTriggerTypes = true
  var mayRegisterFunctions = true
  /// What hooks and the middleware are told about the session.
  var context: JSONValue = [:]
  /// What is put before the ids of its functions.
  var prefix: String?
  /// The rules of its listener.
  var rules = ListenerRules()

  /// Why a function may not be called.
  enum Denial: Equatable {
    /// Nothing allows it.
    case notExposed
    /// The session forbids it.
    case forbidden
  }

  /// The functions without which a worker cannot work: allowed unless they are forbidden by name.
  static let infrastructure: Set<String> = [
    "engine::channels::create", "engine::workers::register", "engine::log::trace", "engine::log::debug",
    "engine::log::info", "engine::log::warn", "engine::log::error", "engine::baggage::get", "engine::baggage::set",
    "engine::baggage::get_all",
  ]

  /// Whether the function `key` may be called, whose metadata is given if it exists: the first of five rules that applies
  /// decides. Nil for yes.
  func denial(of key: FunctionKey, metadata: JSONValue?) -> Denial? {
    if forbiddenFunctions.contains(key.id) { return .forbidden }
    if let grants = namespaces[key.namespace], grants.contains(where: { $0.matches(key.id) }) { return nil }
    if key.namespace == FunctionKey.defaultNamespace, allowedFunctions.contains(key.id) { return nil }
    if Self.infrastructure.contains(key.id) { return nil }
    guard let access = rules.access else { return nil }
    return access.exposed.contains { $0.opens(key, metadata) } ? nil : .notExposed
  }

  /// The id under which the engine keeps a function or looks for a trigger's target.
  func engineID(_ id: String) -> String { prefix.map { "\($0)::\(id)" } ?? id }

  /// The id under which the worker knows its own function.
  func workerID(_ id: String) -> String {
    guard let prefix, id.utf8.starts(with: "\(prefix)::".utf8) else { return id }
    return String(decoding: id.utf8.dropFirst(prefix.utf8.count + 2), as: UTF8.self)
  }
}
