/// What the access rules have under way.
struct AccessTable {
  /// Connections whose auth function has not answered yet.
  var arrivals: [Int: Arrival] = [:]
  /// Connections whose registration hook has not answered yet.
  var held: [Int: HeldFrames] = [:]
}
