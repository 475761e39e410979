/// One trigger that the engine wants this worker's trigger type to serve, as whoever answers holds it: what the answer
/// names, and the connection it came on, because an answer is worth nothing on another one (engine protocol, section 10,
/// lesson 12).
package struct IncomingTrigger: Hashable, Sendable {
  /// The trigger's id.
  package let id: String
  /// The trigger type that was asked for.
  package let triggerType: String
  /// The function that is bound.
  package let functionID: String
  /// Which connection it came on, counted from 1.
  package let generation: Int

  /// The trigger `id` that connection `generation` asks for.
  package init(id: String, triggerType: String, functionID: String, generation: Int) {
    self.id = id
    self.triggerType = triggerType
    self.functionID = functionID
    self.generation = generation
  }
}
