/// What `iiid wait` waits for, beside that the daemon answers.
struct WaitGoal: Equatable {
  /// That the daemon is connected to its engine.
  var engine = false
  /// That there is a function of this id.
  var functionID: String?
  /// Where it is looked for; nil for the daemon's own namespace.
  var namespace: String?

  /// What of is to be told, to notice it.
  var topics: [String] {
    (engine || functionID != nil ? ["connection"] : [])
      + (functionID != nil ? ["registration", "functions_available"] : [])
  }
}
