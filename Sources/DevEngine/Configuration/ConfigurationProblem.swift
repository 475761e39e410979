/// What is wrong in a configuration file, where, and what to do about it.
package struct ConfigurationProblem: Error, Equatable, Sendable, CustomStringConvertible {
  /// The member, as `listeners[0].rbac.expose_functions[2]`; empty for the whole file.
  package let place: String
  package let reason: String
  package let remedy: String

  init(_ place: String, _ reason: String, remedy: String) {
    self.place = place
    self.reason = reason
    self.remedy = remedy
  }

  /// One line, without the file's name.
  package var description: String { (place.isEmpty ? "" : "\(place): ") + "\(reason); \(remedy)" }
}
