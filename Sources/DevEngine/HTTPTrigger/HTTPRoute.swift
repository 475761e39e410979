/// Which requests a binding of the type `http` is for (engine protocol, section 5.7): a method and a path, in which `:name`
/// stands for any one segment.
struct HTTPRoute: Equatable {
  /// The methods that a route may have.
  static let methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]

  let method: String
  /// As it was registered, with a slash in front or without.
  let path: String
  private let segments: [Segment]

  private enum Segment: Equatable {
    case text(String)
    case parameter(String)
  }

  /// Reads a binding's configuration: `api_path`, and `http_method`, which is GET when it is absent.
  init(config: JSONValue) throws(TriggerConfigError) {
    guard let path = config.object?["api_path"]?.string else {
      throw TriggerConfigError("api_path is required for http triggers")
    }
    let method = (config.object?["http_method"]?.string ?? "GET").uppercased()
    guard Self.methods.contains(method) else {
      throw TriggerConfigError("http_method '\(method)' is none of \(Self.methods.joined(separator: ", "))")
    }
    self.method = method
    self.path = path
    segments = Self.split(path).map { segment in
      segment.first == ":" && segment.count > 1 ? .parameter(String(segment.dropFirst())) : .text(segment)
    }
  }

  /// Whether both are for the same requests, so that there can be only one of them.
  func collides(with other: HTTPRoute) -> Bool { method == other.method && shape == other.shape }

  /// The path with each parameter's name taken off.
  private var shape: [Segment] {
    segments.map { if case .parameter = $0 { .parameter("") } else { $0 } }
  }

  /// The values of the parameters when the route is for a path, as they stand in it.
  func match(_ path: String) -> [(name: String, value: String)]? {
    let parts = Self.split(path)
    guard parts.count == segments.count else { return nil }
    var values: [(name: String, value: String)] = []
    for (segment, part) in zip(segments, parts) {
      switch segment {
      case .text(let text): if !text.isSameBytes(as: part) { return nil }
      case .parameter(let name):
        if part.isEmpty { return nil }
        values.append((name, part))
      }
    }
    return values
  }

  /// Whether a text stands where the other route, which is for the same path, has a parameter first.
  func precedes(_ other: HTTPRoute) -> Bool {
    for (mine, theirs) in zip(segments, other.segments) {
      switch (mine, theirs) {
      case (.text, .parameter): return true
      case (.parameter, .text): return false
      default: continue
      }
    }
    return false
  }

  /// The segments behind the first slash, which may be left out; a slash at the end makes an empty one.
  private static func split(_ path: String) -> [String] {
    let rest = path.utf8.first == UInt8(ascii: "/") ? path.dropFirst() : path[...]
    return rest.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
  }
}
