/// What a worker says about itself with `engine::workers::register` (engine protocol, section 5.1).
struct Announcement {
  /// The feature of workers that can receive messages beyond 1 MiB.
  static let largeMessages = "large-messages.v1"
  /// The longest description that is kept, in characters.
  static let longestDescription = 280

  var runtime: String?
  var version: String?
  var name: String?
  var description: String?
  var os: String?
  var pid: Int?
  var isolation: String?
  /// The namespace it asks for; nil for the default one.
  var namespace: String?
  var features: [String]

  init(_ input: JSONObject) throws(DecodingFailure) {
    runtime = Self.cleaned(try input.optionalString("runtime"))
    version = Self.cleaned(try input.optionalString("version"))
    name = Self.cleaned(try input.optionalString("name"))
    description = Self.cleaned(try input.optionalString("description")).map {
      String($0.prefix(Self.longestDescription))
    }
    os = Self.cleaned(try input.optionalString("os"))
    pid = try input.optionalNatural("pid")
    isolation = Self.cleaned(try input.optionalString("isolation"))
    namespace = try input.optionalString("namespace")
    _ = try input.optionalObject("telemetry")
    features = try input.optionalStrings("features") ?? []
  }

  /// The text without control characters and without those that change the direction of writing, which would garble
  /// lists on a terminal.
  private static func cleaned(_ text: String?) -> String? {
    guard let text else { return nil }
    var kept = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0..<0x20, 0x7f..<0xa0, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069, 0x061c: continue
      default: kept.append(scalar)
      }
    }
    return String(kept)
  }
}
