extension MethodDescription {
  static let rpcDiscover = MethodDescription(
    .rpcDiscover, "rpc.discover", "Describes this protocol as an OpenRPC document.",
    result: "an OpenRPC document: every method with its parameters and their schemas")
}
