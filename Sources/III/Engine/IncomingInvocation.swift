package import Bytes

/// One invocation that came in, as whoever answers it holds it: the engine's id, and the connection it came on, because
/// an answer is worth nothing on another one (engine protocol, section 10, lesson 12).
package struct IncomingInvocation: Hashable, Sendable {
  /// The engine's id of the invocation.
  package let id: UUIDBits
  /// Which connection it came on, counted from 1.
  package let generation: Int

  /// The invocation `id` of connection `generation`.
  package init(id: UUIDBits, generation: Int) {
    self.id = id
    self.generation = generation
  }

  /// The id, lower-case and with hyphens.
  package var text: String { id.description }

  /// Appends the id, lower-case and with hyphens, without quotes.
  package func append(to buffer: inout ByteBuffer) { buffer.append(id) }
}
