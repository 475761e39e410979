/// A function's name: its id within a namespace, both told apart by their bytes.
package struct FunctionKey: Hashable, Sendable {
  /// The namespace of calls and workers that name none.
  package static let defaultNamespace = "default"

  package let namespace: String
  package let id: String

  package init(namespace: String? = nil, id: String) {
    self.namespace = namespace ?? Self.defaultNamespace
    self.id = id
  }

  /// Whether only the engine itself, or a worker in `default`, may own it (engine protocol, section 4.3).
  var isReserved: Bool { id.utf8.starts(with: "engine::".utf8) }

  package static func == (left: FunctionKey, right: FunctionKey) -> Bool {
    left.id.isSameBytes(as: right.id) && left.namespace.isSameBytes(as: right.namespace)
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(id)
    hasher.combine(namespace)
  }

  /// The order of lists: by id, then by namespace.
  func precedes(_ other: FunctionKey) -> Bool {
    id.isSameBytes(as: other.id) ? namespace.precedes(other.namespace) : id.precedes(other.id)
  }
}
