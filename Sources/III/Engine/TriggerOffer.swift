/// A trigger that a worker was asked to serve, as whoever serves it keeps it.
package protocol TriggerOffer: Sendable {
  /// What an answer names.
  var asked: IncomingTrigger { get }
}
