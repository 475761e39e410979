import LocalProtocol
import RawJSON
import Testing

@Suite struct MethodTableTests {
  @Test func everyMethodHasItsRow() {
    #expect(MethodTable.rows.count == Method.allCases.count)
    for method in Method.allCases {
      #expect(method.description.method == method)
      #expect(MethodTable.row(named: JSONKey(method.name.utf8.span))?.method == method)
    }
  }

  @Test func namesAreToldApart() {
    #expect(Set(MethodTable.rows.map(\.name)).count == MethodTable.rows.count)
    for row in MethodTable.rows { #expect(Set(row.parameters.map(\.name)).count == row.parameters.count) }
    for name in ["", "pin", "pings", "Ping", "register_function_with_a_long_name", "rpc.discovery"] {
      #expect(MethodTable.row(named: JSONKey(name.utf8.span)) == nil)
    }
  }

  @Test func methodsInTheirOrder() {
    #expect(
      MethodTable.rows.map(\.name) == [
        "hello", "ping", "register_function", "unregister_function", "register_trigger", "unregister_trigger",
        "register_trigger_type", "unregister_trigger_type", "trigger", "cancel", "log", "list_functions",
        "get_function", "list_triggers", "list_trigger_types", "list_workers", "status", "health",
        "subscribe", "unsubscribe", "drain", "create_channel", "attach_channel", "read_channel", "write_channel",
        "close_channel", "rpc.discover", "shutdown", "reload", "outbox_list", "outbox_retry", "outbox_drop",
      ])
    #expect(MethodTable.rows.filter(\.mayBeNotification).map(\.name) == ["ping", "trigger", "cancel", "log"])
    #expect(MethodTable.rows.filter { !$0.isAllowedInBatch }.map(\.name) == ["hello", "subscribe", "attach_channel"])
    #expect(
      MethodTable.rows.filter(\.isAdministrative).map(\.name)
        == ["shutdown", "reload", "outbox_list", "outbox_retry", "outbox_drop"])
  }

  /// A default is a value that the parameter takes, and a required parameter has none.
  @Test func defaultsAreInRange() {
    for row in MethodTable.rows {
      for parameter in row.parameters {
        #expect(!(parameter.isRequired && parameter.standard != nil), "\(row.name).\(parameter.name)")
        #expect(!parameter.summary.isEmpty)
        switch (parameter.kind, parameter.standard) {
        case (.integer(let range), .integer(let value)): #expect(range.contains(value))
        case (.boolean, .boolean), (_, nil): break
        case (.enumeration(let values), .string(let value)): #expect(values.contains(value))
        default: Issue.record("\(row.name).\(parameter.name): a default of another kind")
        }
      }
    }
  }
}
