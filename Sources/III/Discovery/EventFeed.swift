/// Who hears the firings of one trigger type, in the order in which they come: not a task for each, but a sequence.
///
/// Owned by a ``WorkerCore``, under the id of the hidden function that the engine calls.
struct EventFeed: Sendable {
  /// Takes one firing; false when an older one was dropped for it, because the sequence is not read fast enough.
  let deliver: @Sendable (JSON) -> Bool
  /// Ends the sequence.
  let finish: @Sendable () -> Void
  /// The trigger, once it is registered.
  var triggerID: String?
}
