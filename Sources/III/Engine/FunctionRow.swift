/// What an engine knows about one function (engine protocol, section 5.2).
struct FunctionRow: Equatable {
  /// What was found under an id.
  enum Finding: Equatable {
    /// A function, of the worker of this name when the row has one.
    case found(worker: String?)
    /// Nothing.
    case missing
    /// Something that we may not see.
    case hidden
  }

  /// The function's id.
  var id: String
  /// What was found.
  var finding: Finding
}
