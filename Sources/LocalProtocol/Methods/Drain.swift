extension MethodDescription {
  static let drain = MethodDescription(
    .drain, "drain", "A worker says: I finish what I have, send nothing new.",
    result: "in_flight: how many invocations this connection still has to answer",
    returns: .object(["in_flight": .integer]))
}
