extension Session {
  /// The session that an auth function's result makes.
  ///
  /// - Throws: What is wrong with the result.
  init(_ result: JSONObject, rules: ListenerRules) throws(DecodingFailure) {
    self.rules = rules
    for (name, grants) in try result.optionalObject("namespaces")?.members.map({ ($0.name, $0.value) }) ?? [] {
      guard let grants = grants.array else {
        throw DecodingFailure("invalid type in `namespaces`: \(grants.kindName), expected a list")
      }
      var patterns: [WildcardPattern] = []
      for grant in grants {
        guard let text = grant.string else {
          throw DecodingFailure("invalid type in `namespaces`: \(grant.kindName), expected a string")
        }
        patterns.append(WildcardPattern(call: text) ?? WildcardPattern(text))
      }
      namespaces[name] = patterns
    }
    allowedFunctions = Set(try result.optionalStrings("allowed_functions") ?? [])
    forbiddenFunctions = Set(try result.optionalStrings("forbidden_functions") ?? [])
    allowedTriggerTypes = try result.optionalStrings("allowed_trigger_types").map { Set($0) }
    mayRegisterTriggerTypes = try result.optionalBoolean("allow_trigger_type_registration") ?? false
    mayRegisterFunctions = try result.optionalBoolean("allow_function_registration") ?? true
    context = result.optionalValue("context") ?? [:]
    prefix = try result.optionalString("function_registration_prefix")
  }
}
