import Transport

/// What values a setting takes, and where in the ``ServeConfiguration`` they go.
struct SettingKind: Sendable {
  /// A field of the configuration.
  typealias Place<Value> = any WritableKeyPath<ServeConfiguration, Value> & Sendable

  /// What the help calls the value, as `URL`; nil for a switch of the command line, which takes none.
  let argument: String?
  /// The only texts that it takes; empty for any.
  var choices: [String] = []
  /// Puts the value that a text means into its place.
  let set: @Sendable (String, inout ServeConfiguration) throws(SettingProblem) -> Void
  /// The value in its place as such a text; nil when there is none.
  let text: @Sendable (ServeConfiguration) -> String?
  /// Takes the value over from another configuration; whether that changed anything.
  let take: @Sendable (ServeConfiguration, inout ServeConfiguration) -> Bool
}

extension SettingKind {
  /// A name or a path: anything that a line of a file can hold.
  static func text(_ argument: String, _ place: Place<String?>) -> SettingKind {
    SettingKind(
      argument: argument,
      set: { text, configuration throws(SettingProblem) in configuration[keyPath: place] = try checked(text) },
      text: { $0[keyPath: place] }, take: taking(place))
  }

  /// A whole number in `range`, counted in `argument`.
  static func integer(_ argument: String, _ range: ClosedRange<Int>, _ place: Place<Int>) -> SettingKind {
    SettingKind(
      argument: argument,
      set: { text, configuration throws(SettingProblem) in
        configuration[keyPath: place] = try number(text, in: range)
      },
      text: { String($0[keyPath: place]) }, take: taking(place))
  }

  /// As ``integer(_:_:_:)``, for a place that may stay empty.
  static func integer(_ argument: String, _ range: ClosedRange<Int>, _ place: Place<Int?>) -> SettingKind {
    SettingKind(
      argument: argument,
      set: { text, configuration throws(SettingProblem) in
        configuration[keyPath: place] = try number(text, in: range)
      },
      text: { $0[keyPath: place].map { String($0) } }, take: taking(place))
  }

  /// `yes` or `no`.
  static func boolean(_ place: Place<Bool>) -> SettingKind {
    SettingKind(
      argument: "BOOLEAN", choices: ["yes", "no"],
      set: { text, configuration throws(SettingProblem) in
        switch text {
        case "yes", "true", "on", "1": configuration[keyPath: place] = true
        case "no", "false", "off", "0": configuration[keyPath: place] = false
        default: throw SettingProblem("neither yes nor no", remedy: "give yes or no")
        }
      },
      text: { $0[keyPath: place] ? "yes" : "no" }, take: taking(place))
  }

  /// A switch of the command line: what is there is on.
  static func flag(_ place: Place<Bool>) -> SettingKind {
    SettingKind(
      argument: nil, set: { _, configuration in configuration[keyPath: place] = true },
      text: { $0[keyPath: place] ? "yes" : "no" }, take: taking(place))
  }

  /// One of the names of `Value`.
  static func choice<Value: RawRepresentable<String> & CaseIterable & Equatable & Sendable>(
    _ argument: String, _ what: String, _ place: Place<Value>
  ) -> SettingKind {
    let choices = Value.allCases.map(\.rawValue)
    return SettingKind(
      argument: argument, choices: choices,
      set: { text, configuration throws(SettingProblem) in
        guard let value = Value(rawValue: text) else { throw notAmong(choices, what) }
        configuration[keyPath: place] = value
      },
      text: { $0[keyPath: place].rawValue }, take: taking(place))
  }

  /// One of `choices`, or nothing.
  static func choice(_ argument: String, _ what: String, of choices: [String], _ place: Place<String?>) -> SettingKind {
    SettingKind(
      argument: argument, choices: choices,
      set: { text, configuration throws(SettingProblem) in
        guard choices.contains(text) else { throw notAmong(choices, what) }
        configuration[keyPath: place] = text
      },
      text: { $0[keyPath: place] }, take: taking(place))
  }

  /// The permission bits of a file, in octal digits.
  static func mode(_ place: Place<UInt32>) -> SettingKind {
    SettingKind(
      argument: "MODE",
      set: { text, configuration throws(SettingProblem) in
        let remedy = "give octal digits from 0600 to 0666, as 0660"
        guard text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "7") ~= $0 }), let bits = UInt32(text, radix: 8)
        else { throw SettingProblem("no mode of a file", remedy: remedy) }
        guard bits & ~0o666 == 0, bits & 0o600 == 0o600 else { throw SettingProblem("out of range", remedy: remedy) }
        configuration[keyPath: place] = bits
      },
      text: { "0" + String($0[keyPath: place], radix: 8) }, take: taking(place))
  }

  /// The address of an engine. Shown without its query, in which tokens travel.
  static func address(_ place: Place<WebSocketURL>) -> SettingKind {
    SettingKind(
      argument: "URL",
      set: { text, configuration throws(SettingProblem) in
        do throws(WebSocketURLError) {
          configuration[keyPath: place] = try WebSocketURL(text)
        } catch {
          throw SettingProblem("\(error)", remedy: "give an address like ws://127.0.0.1:49134 or wss://engine.example")
        }
      },
      text: { $0[keyPath: place].withoutQuery }, take: taking(place))
  }

  /// Where a Unix socket is.
  static func socket(_ place: Place<String>) -> SettingKind {
    SettingKind(
      argument: "PATH",
      set: { text, configuration throws(SettingProblem) in
        configuration[keyPath: place] = try SocketPath.check(checked(text))
      },
      text: { $0[keyPath: place].isEmpty ? nil : $0[keyPath: place] }, take: taking(place))
  }
}

extension SettingKind {
  private static func taking<Value: Equatable & Sendable>(
    _ place: Place<Value>
  ) -> @Sendable (ServeConfiguration, inout ServeConfiguration) -> Bool {
    { other, own in
      guard own[keyPath: place] != other[keyPath: place] else { return false }
      own[keyPath: place] = other[keyPath: place]
      return true
    }
  }

  /// `text`, unless a line of a file could not hold it.
  private static func checked(_ text: String) throws(SettingProblem) -> String {
    let bytes = text.utf8
    guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
      throw SettingProblem("holds a control character", remedy: "leave it out")
    }
    if bytes.allSatisfy({ $0 == 0x20 }) { throw SettingProblem("is blank", remedy: "leave it out or fill it in") }
    var before: UInt8 = 0
    for byte in bytes {
      if before == 0x20, byte == UInt8(ascii: ";") || byte == UInt8(ascii: "#") {
        throw SettingProblem("holds a comment's sign after a blank", remedy: "put comments on lines of their own")
      }
      before = byte
    }
    if bytes.count > 1, bytes.first == UInt8(ascii: "\""), bytes.last == UInt8(ascii: "\"") {
      throw SettingProblem("is quoted", remedy: "write it without the quotes")
    }
    return text
  }

  private static func number(_ text: String, in range: ClosedRange<Int>) throws(SettingProblem) -> Int {
    let remedy = "give a whole number from \(range.lowerBound) to \(range.upperBound)"
    let isDecimal = text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    guard isDecimal, let number = Int(text) else { throw SettingProblem("not a number", remedy: remedy) }
    guard range.contains(number) else { throw SettingProblem("out of range", remedy: remedy) }
    return number
  }

  private static func notAmong(_ choices: [String], _ what: String) -> SettingProblem {
    SettingProblem("no \(what)", remedy: "give one of \(choices.joined(separator: ", "))")
  }
}
