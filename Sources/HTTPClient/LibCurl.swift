import CCurl

/// What the library as a whole needs.
enum LibCurl {
  private static let isPrepared: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  /// Sets the library up, once: it must not be left to the first of several threads.
  ///
  /// The corresponding C function is `curl_global_init`.
  static func prepare() { _ = isPrepared }

  /// The library's words for a code. The corresponding C function is `curl_easy_strerror`.
  static func text(of code: CURLcode) -> String {
    guard let text = unsafe curl_easy_strerror(code) else { return "error \(code.rawValue)" }
    return unsafe String(cString: text)
  }
}
