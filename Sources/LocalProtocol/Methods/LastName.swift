import Bytes
import RawJSON

/// Decodes names, and remembers the last one: a program that calls a function again and again has its name decoded once.
package struct LastName {
  /// The longest token that is remembered; a longer one, which may have megabytes, is decoded each time.
  private static let longest = 256

  private var token: [UInt8] = []
  private var name = ""

  /// Has decoded nothing.
  package init() {}

  /// The characters of `token`, a JSON string with its quotes.
  package mutating func decode(_ token: Span<UInt8>) -> String {
    if Word.areEqual(token, self.token.span) { return name }
    let decoded = String(jsonToken: token) ?? ""
    if token.count <= Self.longest {
      self.token = Array(copying: token)
      name = decoded
    }
    return decoded
  }
}
