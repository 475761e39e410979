/// What a call is for that one of the engine's own triggers made.
enum OwnTriggerCall {
  /// Whether a cron binding's function is to be called with that payload.
  case cronCondition(binding: String, payload: JSONValue)
  /// The function of a cron binding.
  case cron(binding: String)
  /// Whether the function of an HTTP request is to be called; by the request's number.
  case httpCondition(Int)
  /// The function of an HTTP request.
  case http(Int)
}
