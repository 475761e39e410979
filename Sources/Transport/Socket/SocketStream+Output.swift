import Bytes
import CUV
import Glibc

extension SocketStream {
  /// Output below this many bytes of memory is kept by a stream for ever.
  private static let smallCapacity = 1024

  /// Has ``output`` written in the next flush of the loop.
  package func markDirty() {
    guard !isDirty, isOpen, isStarted else { return }
    isDirty = true
    loop.markDirty(self)
  }

  /// Writes what there is, as far as the kernel takes it.
  func flush() {
    isDirty = false
    guard isOpen else { return }
    if pendingOutput > outputMark { isAboveMark = true }
    if isBlocked { return }
    do {
      if let tls { try flushEncrypted(tls) } else if !output.isEmpty { try write(&output) }
    } catch {
      return finish(error)
    }
    guard isOpen else { return }
    if isBlocked { return updatePolling() }
    // Before the end of a TLS handshake the output stays.
    if output.isEmpty { outputWritten() }
  }

  /// Writes `buffer`; what the kernel does not take stays, and waits for the next UV_WRITABLE.
  ///
  /// The corresponding C function is `send`, with MSG_NOSIGNAL: a peer that is gone is an error, not the end of the process.
  func write(_ buffer: inout ByteBuffer) throws(Errno) {
    guard let number = descriptor?.number else { return }
    let length = buffer.count
    var written = 0
    do throws(Errno) {
      written = try unsafe buffer.span.withUnsafeBytes { (bytes) throws(Errno) in
        try systemCall { unsafe send(number, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL)) }
      }
    } catch .wouldBlock {
      written = 0
    }
    buffer.consume(written)
    bytesWritten &+= written
    guard written < length else { return }
    isBlocked = true
    // A peer that is always a little behind must not make the buffer grow by what it has already taken.
    buffer.compact()
  }

  private func outputWritten() {
    if output.capacity > Self.smallCapacity { keepWarm() }
    if linger != nil { return outputEnded() }
    if isAboveMark {
      isAboveMark = false
      owner?.streamDrained(self)
    }
  }

  /// Keeps the memory that traffic needed until there was none for a while.
  func keepWarm() {
    wasUsed = true
    guard !isWarm else { return }
    isWarm = true
    loop.markWarm(self)
  }

  /// Gives the memory of both buffers back when it was not used since the last call.
  ///
  /// - Returns: Whether the stream needs no further look.
  func releaseIdleMemory() -> Bool {
    if isOpen, wasUsed || !output.isEmpty {
      wasUsed = false
      return false
    }
    isWarm = false
    guard isOpen else { return true }
    output = ByteBuffer()
    if input.isEmpty { input = ByteBuffer() }
    return true
  }
}
