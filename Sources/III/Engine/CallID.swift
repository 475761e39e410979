/// The name of one call in flight, as the caller holds it.
package struct CallID: Hashable, Sendable {
  /// The invocation id that was sent.
  package let id: UUIDBits

  /// The call that was sent as `id`.
  package init(id: UUIDBits) { self.id = id }
}
