/// When a changed value counts after the configuration was read again.
enum SettingEffect: String, CaseIterable, Sendable {
  /// At once.
  case now
  /// With the next connection to the engine.
  case reconnect
  /// When the daemon starts anew.
  case restart
}
