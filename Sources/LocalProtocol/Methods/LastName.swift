import Bytes
import RawJSON

/// Decodes names, and remembers the last one: a program that calls a function again and again has its name decoded once.
package struct LastName {
  private var token: [UInt8] = []
  private var name = ""

  /// Has decoded nothing.
  package init() {}

  /// The characters of `token`, a JSON string with its quotes.
  package mutating func decode(_ token: Span<UInt8>) -> String {
    guard !Word.areEqual(token, self.token.span) else { return name }
    self.token = Array(copying: token)
    name = String(jsonToken: token) ?? ""
    return name
  }
}
