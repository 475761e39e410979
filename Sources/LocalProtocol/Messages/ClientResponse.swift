/// A worker's answer to a request of ours.
package struct ClientResponse: Sendable {
  /// What the worker answers.
  package enum Outcome: Sendable {
    /// Any JSON value.
    case result(Range<Int>)
    /// The function failed.
    case failure(WorkerFailure)
    /// An answer that cannot be passed on: the caller gets `invocation_failed` with `reason`, the worker an error line.
    case unusable(reason: String, LocalError)
  }

  /// The number of our request: 7 for `"d7"`; nil when the id is none of ours.
  package let number: Int?

  /// The id's JSON token; nil when there is none.
  package let id: Range<Int>?

  /// What is answered.
  package let outcome: Outcome
}
