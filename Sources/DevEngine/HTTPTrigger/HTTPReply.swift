import Bytes
import WebSocket

/// An answer to a request as far as it is known before it is sent: all of it, or its head.
struct HTTPReply: Equatable {
  var status = 200
  /// Without those that say how the body is framed, which is the connection's affair.
  private(set) var headers: [HTTPHeader] = []
  var body: [UInt8] = []

  /// An answer without a body.
  init() {}

  /// The engine's own answer: `{"error":{"code":…,"message":…}}`.
  init(_ refusal: HTTPRefusal) {
    status = refusal.status
    for header in refusal.headers { set(header.name, header.value) }
    set("Content-Type", "application/json")
    body = Self.bytes(["error": ["code": .string(refusal.code), "message": .string(refusal.message)]])
  }

  /// The answer to a request whose condition said no.
  static var conditionNotMet: HTTPReply {
    var reply = HTTPReply(
      HTTPRefusal(status: 422, code: "CONDITION_NOT_MET", message: "Request condition not met"))
    reply.body = bytes([
      "error": ["code": "CONDITION_NOT_MET", "message": "Request condition not met"], "skipped": true,
    ])
    return reply
  }

  /// What a function has returned: `status_code`, `headers` (an object, or lines `Name: value`) and `body` (engine protocol,
  /// section 5.7). A text is sent as it is when there is a content type; everything else is JSON.
  init(returned value: JSONValue) {
    let members = value.object
    if let status = members?["status_code"]?.integer { setStatus(status) }
    switch members?["headers"] {
    case .object(let object):
      for member in object.members { if let value = member.value.string { add(member.name, value) } }
    case .array(let lines):
      for line in lines.compactMap(\.string) {
        let sides = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        if sides.count == 2 { add(sides[0].trimmingBlanks(), sides[1].trimmingBlanks()) }
      }
    default: break
    }
    let hasType = headers.contains { $0.name.equalsIgnoringCase("Content-Type") }
    switch members?["body"] ?? .object(JSONObject()) {
    case .string(let text) where hasType: body = Array(text.utf8)
    case .null where hasType: break
    case let other:
      body = Self.bytes(other)
      if !hasType { set("Content-Type", "application/json") }
    }
  }

  /// Takes a status that may end an answer; others are ignored.
  mutating func setStatus(_ status: Int) {
    if (200...599).contains(status) { self.status = status }
  }

  /// Adds a header in place of those with the same name.
  mutating func set(_ name: String, _ value: String) {
    headers.removeAll { $0.name.equalsIgnoringCase(name) }
    add(name, value)
  }

  /// Adds a header; one that cannot be sent is left out, and so are those that the connection itself writes.
  mutating func add(_ name: String, _ value: String) {
    let own = ["Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Upgrade", "Trailer", "Date"]
    guard name.isHTTPToken, value.isHTTPFieldValue, !own.contains(where: { $0.equalsIgnoringCase(name) }) else {
      return
    }
    headers.append(HTTPHeader(name, value))
  }

  /// Carries out a text message that a function has written into its answer: `set_status` or `set_headers`; others are
  /// ignored.
  mutating func apply(control text: String) {
    guard let message = (try? JSONValue(parsing: text.utf8.span))?.object else { return }
    switch message["type"]?.string {
    case "set_status": if let status = message["status_code"]?.integer { setStatus(status) }
    case "set_headers":
      for member in message["headers"]?.object?.members ?? [] {
        if let value = member.value.string { set(member.name, value) }
      }
    default: break
    }
  }

  private static func bytes(_ value: JSONValue) -> [UInt8] { Array(value.text.utf8) }
}

extension HTTPReply {
  /// How the body is told apart from what follows it.
  enum Framing: Equatable {
    case length(Int)
    case chunked
    /// By the end of the connection: for clients that know no chunks.
    case end
  }

  /// Whether a body may follow. RFC 9110, sections 15.3.5 and 15.4.5.
  var mayHaveBody: Bool { status != 204 && status != 304 }

  /// Appends the head.
  ///
  /// - Parameters:
  ///   - output: The connection's output.
  ///   - framing: How the body is framed.
  ///   - isLast: Whether the connection ends behind it.
  ///   - time: Seconds since 1970.
  func writeHead(into output: inout ByteBuffer, framing: Framing, isLast: Bool, time: Int) {
    output.append("HTTP/1.1 \(status) \(HTTPStatus.phrase(status))\r\n")
    for header in headers { output.append("\(header.name): \(header.value)\r\n") }
    output.append("Date: \(CivilTime(secondsSince1970: time).httpDate)\r\n")
    if mayHaveBody {
      switch framing {
      case .length(let count): output.append("Content-Length: \(count)\r\n")
      case .chunked: output.append("Transfer-Encoding: chunked\r\n")
      case .end: break
      }
    }
    if isLast || framing == .end { output.append("Connection: close\r\n") }
    output.append("\r\n")
  }
}

extension CivilTime {
  /// As `Sun, 06 Nov 1994 08:49:37 GMT`. RFC 9110, section 5.6.7.
  var httpDate: String {
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    // From the fixed places of 1994-11-06T08:49:37+00:00.
    let text = Array(text())
    let (year, number, clock) = (String(text[0..<4]), String(text[8..<10]), String(text[11..<19]))
    return "\(days[day.dayOfWeek - 1]), \(number) \(months[day.month - 1]) \(year) \(clock) GMT"
  }
}
