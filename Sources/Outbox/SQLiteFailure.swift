/// Why SQLite did not do something.
struct SQLiteFailure: Error, Equatable, Sendable {
  /// Its extended result code.
  let code: Int32
  /// Its words.
  let text: String

  /// The result code without what extends it.
  var primary: Int32 { code & 0xff }
}

extension SQLiteFailure: CustomStringConvertible {
  var description: String { "\(text) (SQLite \(code))" }
}
