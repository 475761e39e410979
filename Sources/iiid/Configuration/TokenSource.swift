/// Where the bearer token for the engine is.
enum TokenSource: Equatable, Sendable {
  /// In a file, read at the start.
  case file(String)
  /// In the variable `III_TOKEN`; kept out of every description.
  case text(BearerToken)
}
