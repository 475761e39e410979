/// A registered function and the connection of the worker that owns it.
struct FunctionRecord {
  var definition: FunctionDefinition
  var owner: Int
  /// Where it is called over HTTP; nil when its owner executes it.
  var endpoint: HTTPEndpoint?
}
