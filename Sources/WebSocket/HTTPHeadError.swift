/// Why bytes are not the head of an HTTP/1.1 message.
package enum HTTPHeadError: Error, Equatable, Sendable {
  /// They break the grammar; in words, and at which byte of the head.
  case malformed(String, offset: Int)
  /// The head is larger than ``HTTPHead/maximumSize``.
  case tooLarge
}
