package import RawJSON

/// The one table of methods: requests are read by it, the documentation is checked against it. A further method is a
/// case of ``Method``, a file beside this one, and a row here.
package enum MethodTable {
  /// The rows, in the order of ``Method``.
  package static let rows: [MethodDescription] = [
    .hello, .ping, .registerFunction, .unregisterFunction, .registerTrigger, .unregisterTrigger,
    .registerTriggerType, .unregisterTriggerType, .trigger, .cancel, .log, .listFunctions, .getFunction, .listTriggers,
    .listTriggerTypes, .listWorkers, .status, .health, .subscribe, .unsubscribe, .drain,
    .createChannel, .attachChannel, .readChannel, .writeChannel, .closeChannel,
    .rpcDiscover, .shutdown, .reload, .outboxList, .outboxRetry, .outboxDrop,
  ]

  private static let keys = rows.map(\.key)

  /// The row of the method with this name; nil when there is none.
  package static func row(named key: JSONKey) -> MethodDescription? {
    for index in keys.indices where keys[index] == key { return rows[index] }
    return nil
  }
}
