/// A request that can be carried out: its method is there, and its arguments are what the table asks for.
package struct ClientRequest: Sendable {
  /// The id; nil for a notification, which is not answered, whatever becomes of it.
  package let id: RequestID?

  /// What is asked for.
  package let method: Method

  /// With what: read by the parameter type of the method.
  package let arguments: Arguments

  /// Whether only root and the daemon's own user may ask for it.
  package let isAdministrative: Bool
}
