import Transport

/// Which functions may be called over HTTP, by their URL (engine protocol, section 4.5).
package enum HTTPFunctionRule: String, CaseIterable, Sendable {
  /// None: their registrations are ignored, as by a real engine without that module.
  case off
  /// As a real engine: `https` only, and nothing on this host or in a private network, so that no worker can make the
  /// engine reach what only the engine can reach.
  case strict
  /// Every `http` and `https` URL: for development.
  case any

  /// Why a function with that URL is refused; nil when it is not. What a name stands for is seen only when it is called:
  /// a strict client refuses the address then.
  func objection(to url: String) -> String? {
    guard let (scheme, host) = Self.parts(of: url) else { return "Invalid URL" }
    switch self {
    case .off: return "functions that are called over HTTP are off"
    case .any: return scheme == "http" || scheme == "https" ? nil : "HTTP or HTTPS is required"
    case .strict:
      if scheme != "https" { return "HTTPS is required" }
      let isPrivate = host == "localhost" || SocketAddress(ip: host, port: 0)?.isPrivate == true
      return isPrivate ? "Private IP blocked" : nil
    }
  }

  /// Scheme and host, both in lower case; an IPv6 address without its brackets.
  private static func parts(of url: String) -> (scheme: String, host: String)? {
    let bytes = Array(url.utf8)
    guard bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F }), let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
      bytes[colon...].starts(with: "://".utf8)
    else { return nil }
    let rest = bytes[(colon + 3)...]
    let authority = rest.prefix { !"/?#\\".utf8.contains($0) }
    var host = authority.lastIndex(of: UInt8(ascii: "@")).map { authority[($0 + 1)...] } ?? authority
    if host.first == UInt8(ascii: "[") {
      guard let bracket = host.firstIndex(of: UInt8(ascii: "]")) else { return nil }
      host = host[(host.startIndex + 1)..<bracket]
    } else {
      host = host.prefix { $0 != UInt8(ascii: ":") }
    }
    guard !host.isEmpty else { return nil }
    return (text(bytes[..<colon]), text(host))
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self).lowercased() }
}
