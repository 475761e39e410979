/// An enqueued call in the queue in memory.
struct QueuedJob {
  let receipt: String
  let queue: String
  let function: FunctionKey
  let data: JSONValue
  let trace: TraceContext
  var metadata: JSONValue?
  /// How often it was delivered without success.
  var failures = 0
}
