import RawJSON

extension MethodDescription {
  static let hello = MethodDescription(
    .hello, "hello", "Says who calls, and asks what the daemon is and allows. Never required.",
    parameters: [
      Parameter(
        "client",
        .members([
          Parameter("name", .nonBlankString, "The program's name."),
          Parameter("version", .string, "The program's version."),
        ]), "What the program calls itself; shown in lists and logs."),
      Parameter("protocol", .integer(1...1), "The version of the local protocol that the program speaks."),
      Parameter("worker_name", .nonBlankString, "A name for this connection in lists of workers."),
    ],
    result: "protocol, server, connection_id, peer, engine, limits and features",
    returns: .object([
      "protocol": .integer, "server": .object(["name": .string, "version": .string]), "connection_id": .integer,
      "peer": .object(["uid": .integer, "gid": .integer, "groups": .array(.integer), "pid": .integer]),
      "engine": .object(["state": .linkState, "namespace": .string, "worker_id": .optional(.string)]),
      "limits": .map(.integer), "features": .array(.string),
    ]),
    isAllowedInBatch: false)
}

/// The arguments of `hello`.
package struct HelloParameters: Sendable {
  enum Slot: Int { case client, protocolVersion, workerName }

  /// The program's name.
  package let clientName: String?
  /// The program's version.
  package let clientVersion: String?
  /// The name for the connection in lists of workers.
  package let workerName: String?

  /// Reads what ``MessageReader`` has checked.
  package init(_ arguments: Arguments, _ reader: borrowing MessageReader, _ text: Span<UInt8>) {
    let envelope = reader.envelope
    workerName = arguments.member(Slot.workerName, in: envelope)?.string(in: text)
    if let client = arguments.member(Slot.client, in: envelope) {
      let object = client.raw(in: text)
      clientName = reader.nested.find("name")?.string(in: object)
      clientVersion = reader.nested.find("version")?.string(in: object)
    } else {
      clientName = nil
      clientVersion = nil
    }
  }
}
