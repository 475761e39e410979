import CCurl
import Glibc
import Transport

/// One request on its way: libcurl's handle, and what its callbacks write into. Lives for one ``run()``, on one thread.
///
/// The corresponding C functions are `curl_easy_init`, `curl_easy_setopt` and `curl_easy_perform`.
@safe final class Transfer {
  private let request: HTTPRequest
  private let isCancelled: () -> Bool
  private var body: [UInt8] = []
  private var isTooLarge = false
  private var metPrivateAddress = false

  init(_ request: HTTPRequest, isCancelled: @escaping () -> Bool) {
    self.request = request
    self.isCancelled = isCancelled
  }

  func run() throws(HTTPFailure) -> HTTPResponse {
    guard let handle = unsafe curl_easy_init() else { throw .request("libcurl gives no handle") }
    defer { unsafe curl_easy_cleanup(handle) }
    var headers: UnsafeMutablePointer<curl_slist>?
    defer { unsafe curl_slist_free_all(headers) }
    // Without an Expect header of ours curl would wait for "100 Continue" before a large body.
    for line in request.headers.map(\.line) + ["Expect:"] { unsafe headers = curl_slist_append(headers, line) }

    var words = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE))
    let code = unsafe words.withUnsafeMutableBufferPointer { words in
      unsafe request.body.withUnsafeBufferPointer { body in
        unsafe perform(handle, headers: headers, body: body, words: words.baseAddress)
      }
    }
    if isTooLarge { throw .tooLarge(limit: request.maximumResponse) }
    if metPrivateAddress { throw .privateAddress }
    let status = unsafe iiid_curl_status(handle)
    guard code == CURLE_OK, status >= 200 else {
      let said = String(decoding: words.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      let text = said.isEmpty ? LibCurl.text(of: code) : said
      throw status >= 200 ? .response(text) : .request(text)
    }
    return HTTPResponse(status: status, body: body)
  }

  private func perform(
    _ handle: UnsafeMutableRawPointer, headers: UnsafeMutablePointer<curl_slist>?, body: UnsafeBufferPointer<UInt8>,
    words: UnsafeMutablePointer<CChar>?
  ) -> CURLcode {
    let me = unsafe Unmanaged.passUnretained(self).toOpaque()
    let codes = unsafe [
      iiid_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, words),
      iiid_curl_set_string(handle, CURLOPT_URL, request.url),
      iiid_curl_set_string(handle, CURLOPT_PROTOCOLS_STR, request.isStrict ? "https" : "http,https"),
      iiid_curl_set_string(handle, CURLOPT_PROXY, ""),
      iiid_curl_set_string(handle, CURLOPT_CUSTOMREQUEST, request.method),
      iiid_curl_set_pointer(handle, CURLOPT_HTTPHEADER, headers),
      // Any pointer will do for a body without a byte; without one, curl would ask for the body.
      iiid_curl_set_pointer(
        handle, CURLOPT_POSTFIELDS, body.baseAddress ?? UnsafePointer(me.assumingMemoryBound(to: UInt8.self))),
      iiid_curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)),
      iiid_curl_set_long(handle, CURLOPT_TIMEOUT_MS, request.timeout),
      iiid_curl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0),
      // Signals belong to the whole process.
      iiid_curl_set_long(handle, CURLOPT_NOSIGNAL, 1),
      iiid_curl_set_long(handle, CURLOPT_NOPROGRESS, 0),
      iiid_curl_set_writer(handle, { unsafe Transfer.of($3).received($0, $1 * $2) }, me),
      iiid_curl_set_progress(handle, { me, _, _, _, _ in unsafe Transfer.of(me).isCancelled() ? 1 : 0 }, me),
      iiid_curl_set_opener(handle, { me, _, address in unsafe Transfer.of(me).openSocket(address) }, me),
    ]
    if let failed = codes.first(where: { $0 != CURLE_OK }) { return failed }
    return unsafe curl_easy_perform(handle)
  }

  private static func of(_ pointer: UnsafeMutableRawPointer?) -> Transfer {
    guard let pointer = unsafe pointer else { preconditionFailure("libcurl hands back what it was given") }
    return unsafe Unmanaged<Transfer>.fromOpaque(pointer).takeUnretainedValue()
  }

  // MARK: - Callbacks

  /// Bytes of the answer's body; anything but their number ends the transfer.
  private func received(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    guard body.count + count <= request.maximumResponse else {
      isTooLarge = true
      return 0
    }
    unsafe body.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
    return count
  }

  /// Makes a socket for an address that a name was resolved to: the last moment to refuse it, and the only one that a name
  /// server cannot get around by giving another answer the next time.
  private func openSocket(_ address: UnsafeMutablePointer<curl_sockaddr>?) -> curl_socket_t {
    guard let address = unsafe address else { return CURL_SOCKET_BAD }
    if request.isStrict, let start = unsafe iiid_curl_address(address),
      unsafe SocketAddress(bytes: start, length: Int(address.pointee.addrlen)).isPrivate
    {
      metPrivateAddress = true
      return CURL_SOCKET_BAD
    }
    let (family, type, number) = unsafe (address.pointee.family, address.pointee.socktype, address.pointee.`protocol`)
    return socket(family, type | CInt(SOCK_CLOEXEC.rawValue), number)
  }
}
