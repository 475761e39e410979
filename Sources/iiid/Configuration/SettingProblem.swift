/// Why a text is no value of a setting.
struct SettingProblem: Error, Equatable, Sendable {
  /// What is wrong with it.
  let reason: String
  /// What to write instead.
  let remedy: String

  init(_ reason: String, remedy: String) {
    self.reason = reason
    self.remedy = remedy
  }
}

extension SettingProblem: CustomStringConvertible {
  var description: String { "\(reason); \(remedy)" }
}
