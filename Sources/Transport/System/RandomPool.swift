import CUV
import Glibc

/// Random numbers from the kernel, 4 KiB of them per system call.
///
/// For WebSocket mask keys, handshake keys and the random part of ids: one per owner, without a lock.
package struct RandomPool: ~Copyable {
  private static var size: Int { 512 }

  private var words: [UInt64] = []
  private var position = 0

  /// An empty pool, filled at its first use.
  package init() {}

  /// The next 64 random bits.
  package mutating func next() -> UInt64 {
    if position == words.count { refill() }
    defer { position &+= 1 }
    return words[position]
  }

  /// The next 16 random bytes.
  package mutating func nextBytes() -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<2 {
      let word = next()
      for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift))) }
    }
    return bytes
  }

  /// The corresponding C function is `getrandom`.
  private mutating func refill() {
    if words.isEmpty { words = [UInt64](repeating: 0, count: Self.size) }
    unsafe words.withUnsafeMutableBytes { buffer in
      var filled = 0
      while filled < buffer.count {
        let count = unsafe getrandom(buffer.baseAddress?.advanced(by: filled), buffer.count - filled, 0)
        // Without flags the call waits for the kernel's pool and then cannot fail but by a signal.
        precondition(count > 0 || errno == EINTR, "the kernel gives no random bytes")
        if count > 0 { filled += count }
      }
    }
    position = 0
  }
}
