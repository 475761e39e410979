/// Why a frame or a built-in function's input cannot be understood. A frame is dropped for it, without a word to the
/// worker; a call of a built-in function fails with `deserialization_error`.
package struct DecodingFailure: Error, Equatable, Sendable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
