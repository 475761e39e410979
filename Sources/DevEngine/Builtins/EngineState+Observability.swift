extension EngineState {
  /// `engine::baggage::get`: one value of the call's own baggage (engine protocol, section 5.5).
  func getBaggage(_ call: BuiltinCall) throws -> BuiltinOutcome {
    let key = try call.members().requiredString("key")
    return .result(["value": JSONValue(Baggage(call.trace.baggage)[key])])
  }

  /// `engine::baggage::get_all`
  func getAllBaggage(_ call: BuiltinCall) throws -> BuiltinOutcome {
    _ = try call.members()
    let entries = Baggage(call.trace.baggage).all.map { JSONObject.Member(name: $0.key, value: .string($0.value)) }
    return .result(["baggage": .object(JSONObject(entries))])
  }

  /// `engine::baggage::set`: with a real engine, too, the change reaches nobody.
  func setBaggage(_ call: BuiltinCall) throws -> BuiltinOutcome {
    let input = try call.members()
    _ = try input.requiredString("key")
    _ = try input.requiredString("value")
    return .result(["success": true, "note": "The value is set for this call only and does not reach the caller."])
  }
}
