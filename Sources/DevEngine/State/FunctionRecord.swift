/// A registered function and the connection of the worker that owns it.
struct FunctionRecord {
  var definition: FunctionDefinition
  var owner: Int
}
