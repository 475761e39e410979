/// The engine's receipt for a call that it has put into a queue.
public struct EnqueueResult: Sendable, Hashable {
  /// The receipt's id; on the wire `messageReceiptId`.
  public let messageReceiptID: String

  init(_ answer: JSON) throws(InvocationError) {
    guard let id = answer["messageReceiptId"]?.string else {
      throw InvocationError(code: InvocationError.unknown, message: "the engine's receipt has no messageReceiptId")
    }
    messageReceiptID = id
  }
}
