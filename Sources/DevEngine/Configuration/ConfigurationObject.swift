/// One object of a configuration file, with its place in it. Members that nobody knows are refused, so that a slip of the
/// pen does not open what was meant to be closed.
struct ConfigurationObject {
  let place: String
  private let members: JSONObject

  /// The object that stands at `place`, whose members have no other names than these.
  init(_ value: JSONValue, at place: String, known: [String]) throws(ConfigurationProblem) {
    guard let object = value.object else {
      throw ConfigurationProblem(place, "is \(value.kindName)", remedy: "give an object")
    }
    self.place = place
    members = object
    guard let unknown = object.members.first(where: { !known.contains($0.name) }) else { return }
    throw ConfigurationProblem(
      self.place(of: unknown.name), "is unknown",
      remedy: "leave it out, or give one of \(known.joined(separator: ", "))")
  }

  /// Where a member stands.
  func place(of name: String) -> String { place.isEmpty ? name : "\(place).\(name)" }

  /// The value of a member; nil when it is absent or null.
  func value(_ name: String) -> JSONValue? { members.optionalValue(name) }

  /// A text that is not blank.
  func text(_ name: String) throws(ConfigurationProblem) -> String? {
    guard let value = value(name) else { return nil }
    guard let text = value.string else {
      throw ConfigurationProblem(place(of: name), "is \(value.kindName)", remedy: "give a text")
    }
    guard !text.allSatisfy(\.isWhitespace) else {
      throw ConfigurationProblem(place(of: name), "is blank", remedy: "fill it in, or leave it out")
    }
    return text
  }

  /// A whole number within `range`.
  func number(_ name: String, in range: ClosedRange<Int>) throws(ConfigurationProblem) -> Int? {
    guard let value = value(name) else { return nil }
    let remedy = "give a whole number from \(range.lowerBound) to \(range.upperBound)"
    guard let number = value.integer else {
      throw ConfigurationProblem(place(of: name), "is \(value.kindName)", remedy: remedy)
    }
    guard range.contains(number) else { throw ConfigurationProblem(place(of: name), "is out of range", remedy: remedy) }
    return number
  }

  /// A list, each element with its place; empty when it is absent.
  func list(_ name: String) throws(ConfigurationProblem) -> [(place: String, value: JSONValue)] {
    guard let value = value(name) else { return [] }
    guard let elements = value.array else {
      throw ConfigurationProblem(place(of: name), "is \(value.kindName)", remedy: "give a list")
    }
    return elements.enumerated().map { ("\(place(of: name))[\($0.offset)]", $0.element) }
  }
}
