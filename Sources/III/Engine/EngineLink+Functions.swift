extension EngineLink {
  /// Registers a function: one frame now, when there is a connection, and one on each later connection.
  ///
  /// - Parameters:
  ///   - id: Its id; registering it again replaces the definition.
  ///   - definition: The further members of the frame, without braces, as `"description":"…","metadata":{…}`; checked
  ///     for what an engine does not take. Empty for none.
  /// - Returns: Nil when it was taken.
  @discardableResult
  package func registerFunction(_ id: String, definition: [UInt8]) -> RegistrationRefusal? {
    nil
  }

  /// Takes a function back. Without effect when it is not registered.
  package func unregisterFunction(_ id: String) {
  }

  /// What is known about a function; nil when it is not registered.
  package func registrationState(of id: String) -> RegistrationState? {
    nil
  }
}
