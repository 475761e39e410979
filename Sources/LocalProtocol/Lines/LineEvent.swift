/// What ``LineDecoder`` found at the front of the input.
package enum LineEvent: Equatable, Sendable {
  /// A line; its bytes are handed along, without CR and LF.
  case line
  /// A line beyond the limit of so many bytes, which was skipped up to its end; no bytes are handed along.
  case tooLong(size: Int)
}
