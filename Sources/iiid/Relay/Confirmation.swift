/// What a request waits for that asks the engine what it knows.
enum Confirmation {
  /// A binding of a function, by its id.
  case trigger(String)
  /// A trigger type.
  case triggerType(String)
}
