extension InvocationError {
  /// What the caller is told of an error that a handler has thrown.
  ///
  /// An `InvocationError` goes out as it is. Everything else has the code ``invocationFailed``; its message is the error's
  /// description, and its stack trace names the type: Swift records no frames when an error is thrown.
  init(thrown error: any Error) {
    if let error = error as? InvocationError {
      self = error
      return
    }
    let text = Self.text(of: error)
    self.init(
      code: Self.invocationFailed, message: text, stacktrace: "\(String(reflecting: type(of: error))): \(text)")
  }

  /// What is wrong with an argument or a result, where.
  init(_ what: String, of functionID: String, _ error: any Error) {
    self.init(
      code: Self.invocationFailed, message: "\(what) of '\(functionID)' does not fit: \(Self.text(of: error))",
      stacktrace: "\(String(reflecting: type(of: error))): \(Self.text(of: error))")
  }

  /// An error in words.
  private static func text(of error: any Error) -> String {
    switch error {
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.keyNotFound(_, let context), DecodingError.dataCorrupted(let context):
      return text(context.debugDescription, context.codingPath)
    case EncodingError.invalidValue(_, let context): return text(context.debugDescription, context.codingPath)
    case is CancellationError: return "the handler was cancelled"
    default: return "\(error)"
    }
  }

  /// A sentence part and the path to what it is about, as `orders[2].price`.
  private static func text(_ message: String, _ path: [any CodingKey]) -> String {
    var place = ""
    for key in path {
      if let index = key.intValue, key.stringValue == "Index \(index)" {
        place += "[\(index)]"
      } else {
        place += place.isEmpty ? key.stringValue : ".\(key.stringValue)"
      }
    }
    return place.isEmpty ? message : "\(message), at \(place)"
  }
}
