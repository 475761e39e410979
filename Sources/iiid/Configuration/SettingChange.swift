/// A setting that has another value after the configuration was read again.
struct SettingChange: Equatable, Sendable {
  /// The setting's name, as `limits.connections`.
  var key: String
  /// The value that held, as it is written; nil when there was none, or it is a secret.
  var old: String?
  /// The value that was read, likewise.
  var new: String?
  /// When that counts.
  var effect: SettingEffect
}

extension SettingChange: CustomStringConvertible {
  /// As the log has it.
  var description: String {
    let values = old == nil && new == nil ? "changed" : "\(old ?? "nothing") -> \(new ?? "nothing")"
    switch effect {
    case .now: return "\(key): \(values)"
    case .reconnect: return "\(key): \(values), with the next connection to the engine"
    case .restart: return "\(key): \(values), needs a restart"
    }
  }
}

extension ServeConfiguration {
  /// Takes over what another reading has brought, except for what counts at a start only.
  ///
  /// - Parameter other: The configuration as it is written now.
  /// - Returns: Everything in which the two differ; what needs a restart is among it each time until there is one.
  mutating func takeChanges(of other: ServeConfiguration) -> [SettingChange] {
    let before = self
    var changes: [SettingChange] = []
    for row in SettingDefinition.all {
      var after = self
      guard row.kind.take(other, &after) else { continue }
      if row.effect != .restart { self = after }
      changes.append(
        SettingChange(key: row.name, old: row.kind.text(before), new: row.kind.text(other), effect: row.effect))
    }
    let tokenFile = SettingDefinition.tokenFile
    if token != other.token, !changes.contains(where: { $0.key == tokenFile.name }) {
      changes.append(SettingChange(key: tokenFile.name, effect: tokenFile.effect))
    }
    token = other.token
    origins = other.origins
    files = other.files
    warnings = other.warnings
    return changes
  }
}
