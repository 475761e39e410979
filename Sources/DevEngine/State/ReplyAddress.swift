/// Where the outcome of a call goes: the caller's connection, and what it called.
struct ReplyAddress {
  let connection: Int
  let id: InvocationID
  /// The function as the caller named it.
  let functionID: String
  /// The caller's trace context, which goes back to it.
  var trace: TraceContext
}
