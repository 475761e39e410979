/// What comes of a call of a built-in function that did not fail.
enum BuiltinOutcome {
  /// The caller's result.
  case result(JSONValue?)
  /// The caller gets its result later, or none because its connection ends.
  case unanswered
}
