/// A method that local programs may call, in the order of the table.
package enum Method: Int, CaseIterable, Sendable {
  case hello
  case ping
  case registerFunction
  case unregisterFunction
  case registerTrigger
  case unregisterTrigger
  case registerTriggerType
  case unregisterTriggerType
  case trigger
  case cancel
  case log
  case listFunctions
  case getFunction
  case listTriggers
  case listTriggerTypes
  case listWorkers
  case status
  case health
  case subscribe
  case unsubscribe
  case drain
  case createChannel
  case attachChannel
  case readChannel
  case writeChannel
  case closeChannel
  case rpcDiscover
  case shutdown
  case reload
  case outboxList
  case outboxRetry
  case outboxDrop

  /// The method's row of the table.
  package var description: MethodDescription { MethodTable.rows[rawValue] }

  /// The name on the wire.
  package var name: String { description.name }
}
