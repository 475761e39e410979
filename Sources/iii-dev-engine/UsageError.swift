/// A command line that means nothing.
struct UsageError: Error, Equatable, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }

  static func value(_ text: String, _ option: OptionDefinition) -> UsageError {
    UsageError("\(option.flag): '\(text)' is no \(option.argument ?? "value")")
  }
}
