import COpenSSL

/// Keyed hashes of messages (RFC 2104) over SHA-256.
package enum Signature {
  /// The 64 lower-case hexadecimal digits of the hash of `message` under `key`.
  ///
  /// The corresponding C function is `HMAC`.
  package static func hex(of message: String, key: String) -> String {
    let key = Array(key.utf8)
    let message = Array(message.utf8)
    var hash = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var length: CUnsignedInt = 0
    // Both lengths are of arrays in memory, and the hash is one that OpenSSL always has.
    unsafe HMAC(EVP_sha256(), key, CInt(clamping: key.count), message, message.count, &hash, &length)
    let digits = Array("0123456789abcdef".utf8)
    let text = hash.prefix(Int(length)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] }
    return String(decoding: text, as: UTF8.self)
  }
}
