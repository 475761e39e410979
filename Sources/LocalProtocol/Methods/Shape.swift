/// What a method's result looks like: the schema in `rpc.discover`, which real results are tested against.
package indirect enum Shape: Sendable {
  /// A string.
  case string
  /// One of these strings.
  case words([String])
  /// An integer.
  case integer
  /// `true` or `false`.
  case boolean
  /// Any JSON value, null included: a function's own.
  case anything
  /// An array.
  case array(Shape)
  /// An object with any names.
  case map(Shape)
  /// An object with these members and no others.
  case object(KeyValuePairs<String, Shape>)
  /// An object of the engine's: these members, and what else it has.
  case engineRow(KeyValuePairs<String, Shape>)
  /// A member that may be missing.
  case optional(Shape)
  /// One of these.
  case either([Shape])
}

extension Shape {
  /// What is known of a registration at the engine.
  static let registrationState = Shape.words(["active", "pending", "rejected", "unconfirmed"])

  /// What is known of a binding at the engine.
  static let bindingState = Shape.words(["active", "deferred", "pending", "unconfirmed"])

  /// The connection to the engine.
  static let linkState = Shape.words(["disconnected", "connecting", "connected", "reconnecting", "failed"])

  /// How much the daemon has to finish.
  static let inFlight = Shape.object(["calls": .integer, "invocations": .integer])

  /// `removed`, of methods that take something back.
  static let removed = Shape.object(["removed": .boolean])

  /// A function of this daemon's clients.
  static let localFunction = Shape.object([
    "function_id": .string, "namespace": .string, "state": registrationState, "instances": .integer,
    "in_flight": .integer,
    "queued": .integer, "invocation": .optional(.words(["http"])), "reason": .optional(.string),
  ])
}
