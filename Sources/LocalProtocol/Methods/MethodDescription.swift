import RawJSON

/// One row of the table: all that is known of a method without carrying it out. Shared and never changed; a class so that
/// a row is passed on without touching what it holds.
package final class MethodDescription: Sendable {
  /// Which method this is.
  package let method: Method

  /// The name on the wire.
  package let name: String
  let key: JSONKey

  /// One sentence for the user.
  package let summary: String

  /// The parameters, in the order of the method's slots.
  package let parameters: [Parameter]

  /// A bit for each slot whose parameter must be there.
  let required: UInt16

  /// What the result is, in words.
  package let result: String

  /// What the result looks like.
  package let shape: Shape

  /// Whether a request without an id is carried out.
  package let mayBeNotification: Bool

  /// Whether only root and the daemon's own user may call it.
  package let isAdministrative: Bool

  /// Whether it may stand in a batch.
  package let isAllowedInBatch: Bool

  init(
    _ method: Method, _ name: String, _ summary: String, parameters: [Parameter] = [], result: String,
    returns shape: Shape, mayBeNotification: Bool = false, isAdministrative: Bool = false, isAllowedInBatch: Bool = true
  ) {
    precondition(parameters.count <= Arguments.capacity, "more parameters than Arguments has slots")
    self.method = method
    self.name = name
    key = JSONKey(stringLiteral: name)
    self.summary = summary
    self.parameters = parameters
    var required: UInt16 = 0
    for slot in parameters.indices where parameters[slot].isRequired { required |= 1 << UInt16(slot) }
    self.required = required
    self.result = result
    self.shape = shape
    self.mayBeNotification = mayBeNotification
    self.isAdministrative = isAdministrative
    self.isAllowedInBatch = isAllowedInBatch
  }
}
