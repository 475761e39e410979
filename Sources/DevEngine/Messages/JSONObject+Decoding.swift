/// Typed access to members, as strict as a real engine's decoding: an absent member and null are the same to an optional
/// one, any other kind than the expected is a failure.
extension JSONObject {
  func requiredString(_ name: String) throws(DecodingFailure) -> String {
    guard let value = self[name] else { throw DecodingFailure("missing field `\(name)`") }
    guard let text = value.string else { throw mismatch(name, value, "a string") }
    return text
  }

  func optionalString(_ name: String) throws(DecodingFailure) -> String? {
    guard let value = self[name], value != .null else { return nil }
    guard let text = value.string else { throw mismatch(name, value, "a string") }
    return text
  }

  /// Any value, null standing for none.
  func optionalValue(_ name: String) -> JSONValue? {
    guard let value = self[name], value != .null else { return nil }
    return value
  }

  func optionalObject(_ name: String) throws(DecodingFailure) -> JSONObject? {
    guard let value = self[name], value != .null else { return nil }
    guard let object = value.object else { throw mismatch(name, value, "an object") }
    return object
  }

  func optionalBoolean(_ name: String) throws(DecodingFailure) -> Bool? {
    guard let value = self[name], value != .null else { return nil }
    guard case .boolean(let flag) = value else { throw mismatch(name, value, "a boolean") }
    return flag
  }

  func optionalNatural(_ name: String) throws(DecodingFailure) -> Int? {
    guard let value = self[name], value != .null else { return nil }
    guard let number = value.integer, number >= 0 else { throw mismatch(name, value, "a natural number") }
    return number
  }

  func optionalStrings(_ name: String) throws(DecodingFailure) -> [String]? {
    guard let value = self[name], value != .null else { return nil }
    guard let elements = value.array else { throw mismatch(name, value, "a list") }
    var strings: [String] = []
    for element in elements {
      guard let text = element.string else { throw mismatch(name, element, "a string") }
      strings.append(text)
    }
    return strings
  }

  private func mismatch(_ name: String, _ value: JSONValue, _ expected: String) -> DecodingFailure {
    DecodingFailure("invalid type in `\(name)`: \(value.kindName), expected \(expected)")
  }
}
