/// The start line and the header lines of an HTTP/1.1 message.
///
/// RFC 9112, sections 2 to 5.
package struct HTTPHead: Equatable, Sendable {
  /// The largest head that is read, in bytes, its empty line included.
  package static var maximumSize: Int { 16 * 1024 }

  /// The first line.
  package let startLine: String
  /// The header lines in their order.
  package let headers: [HTTPHeader]

  /// The values of all headers called `name`, in their order.
  package func values(_ name: String) -> [String] {
    headers.filter { $0.name.equalsIgnoringCase(name) }.map(\.value)
  }

  /// The value of the header called `name`; nil when there is none or more than one.
  package func onlyValue(_ name: String) -> String? {
    let values = values(name)
    return values.count == 1 ? values[0] : nil
  }

  /// Whether a header called `name` lists `token`, without regard to case. RFC 9110, section 5.6.1.
  package func lists(_ token: String, in name: String) -> Bool {
    values(name).contains { value in
      value.utf8.split(separator: UInt8(ascii: ",")).contains { element in
        String(Substring(element)).trimmingBlanks().equalsIgnoringCase(token)
      }
    }
  }
}

extension HTTPHead {
  /// Method, target and version of a request's first line. RFC 9112, section 3.
  package struct RequestLine: Equatable, Sendable {
    package let method: String
    package let target: String
    /// As `HTTP/1.1`.
    package let version: String
  }

  /// Version, status and reason of a response's first line. RFC 9112, section 4.
  package struct StatusLine: Equatable, Sendable {
    /// As `HTTP/1.1`.
    package let version: String
    /// 100 to 999.
    package let status: Int
    /// May be empty.
    package let reason: String
  }

  /// The start line as a request's; nil if it is none.
  package var requestLine: RequestLine? {
    let parts = startLine.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, parts[0].isHTTPToken, parts[1].isVisibleASCII, parts[2].isHTTPVersion else { return nil }
    return RequestLine(method: parts[0], target: parts[1], version: parts[2])
  }

  /// The start line as a response's; nil if it is none.
  package var statusLine: StatusLine? {
    let parts = startLine.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 2, parts[0].isHTTPVersion, parts[1].utf8.count == 3,
      parts[1].utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
      let status = Int(parts[1]), status >= 100
    else { return nil }
    return StatusLine(version: parts[0], status: status, reason: parts.count == 3 ? parts[2] : "")
  }
}
