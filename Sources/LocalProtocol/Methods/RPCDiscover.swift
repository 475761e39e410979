extension MethodDescription {
  static let rpcDiscover = MethodDescription(
    .rpcDiscover, "rpc.discover", "Describes this protocol as an OpenRPC document.",
    result: "an OpenRPC document: every method with its parameters and their schemas",
    returns: .object([
      "openrpc": .string, "info": .object(["title": .string, "version": .string, "description": .string]),
      "methods": .array(.engineRow(["name": .string, "params": .array(.anything), "result": .anything])),
      "components": .object(["errors": .map(.object(["code": .integer, "message": .string]))]),
    ]))
}
