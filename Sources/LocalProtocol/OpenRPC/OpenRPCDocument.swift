/// What `rpc.discover` answers: the local protocol as an OpenRPC document (spec.open-rpc.org, 1.3.2), made of the table that
/// requests are read by.
package enum OpenRPCDocument {
  /// The document; `version` is the daemon's.
  package static func report(version: String) -> Report {
    .object([
      "openrpc": "1.3.2",
      "info": .object([
        "title": "iiid: the local protocol",
        "version": .string(version),
        "description": "JSON-RPC 2.0 by the line over a Unix socket; docs/protocol.md is its page.",
      ]),
      "methods": .array(MethodTable.rows.map(method)),
      "components": .object(["errors": .members(LocalError.Row.allCases.map { ($0.code, error($0)) })]),
    ])
  }

  private static func method(_ row: MethodDescription) -> Report {
    .object([
      "name": .string(row.name),
      "summary": .string(row.summary),
      "paramStructure": "by-name",
      // Those that must be there come first, as the specification asks.
      "params": .array(
        row.parameters.filter(\.isRequired).compactMap(descriptor)
          + row.parameters.filter { !$0.isRequired }.compactMap(descriptor)),
      "result": .object(["name": "result", "description": .string(row.result), "schema": row.shape.schema]),
      "x-notification": .boolean(row.mayBeNotification),
      "x-batch": .boolean(row.isAllowedInBatch),
      "x-administrative": .boolean(row.isAdministrative),
    ])
  }

  private static func descriptor(_ parameter: Parameter) -> Report? {
    guard let schema = parameter.schema else { return nil }
    return .object([
      "name": .string(parameter.name),
      "description": .string(parameter.summary),
      "required": .boolean(parameter.isRequired),
      "schema": schema,
    ])
  }

  private static func error(_ row: LocalError.Row) -> Report {
    .object(["code": .integer(row.number), "message": .string(row.code)])
  }
}
