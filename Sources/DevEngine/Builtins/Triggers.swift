extension EngineState {
  /// `engine::triggers::list`: there are no trigger types yet.
  func listTriggerTypes(_ call: BuiltinCall) throws -> BuiltinOutcome {
    _ = try call.members()
    return .result(["triggers": []])
  }

  /// `engine::registered-triggers::list`: there are no bindings yet.
  func listBindings(_ call: BuiltinCall) throws -> BuiltinOutcome {
    _ = try call.members()
    return .result(["registered_triggers": []])
  }
}
