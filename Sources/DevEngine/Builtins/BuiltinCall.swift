/// One call of a built-in function.
struct BuiltinCall {
  let functionID: String
  let input: JSONValue
  /// The calling worker's connection; nil for the queue.
  let caller: Int?
  let trace: TraceContext
  /// For an answer that is given later, by ``EngineState/conclude(_:result:error:_:)``.
  let invocation: PendingInvocation
  let now: Int

  /// The input's members; built-in functions take nothing but objects.
  func members() throws(DecodingFailure) -> JSONObject {
    guard let object = input.object else {
      throw DecodingFailure("invalid type: \(input.kindName), expected an object")
    }
    return object
  }
}
