import Bytes
import CUV
import Glibc

extension SocketStream {
  /// What is taken at most after the peer is gone: more than the kernel holds for it.
  private static let restLimit = 8 << 20

  /// One read, handed to the owner.
  func receive() {
    let count: Int
    do {
      guard let got = try readOnce() else { return }
      count = got
    } catch {
      // What arrived before an error was read before it.
      hasReachedEnd = true
      return finish(error)
    }
    if linger != nil {
      input.removeAll()
      tls?.received.removeAll()
      if count == 0 { close() }
      return
    }
    if count > 0 { return deliver() }
    hasReachedEnd = true
    if family == .internet { return finish(nil) }
    updatePolling()
    owner?.streamReachedEnd(self)
  }

  /// Reads what the kernel still holds of a peer that is gone.
  func receiveRest() {
    var total = 0
    while isOpen, total < Self.restLimit {
      guard let count = try? readOnce(), count > 0 else { return }
      total += count
      if !isPaused { deliver() }
    }
  }

  /// Hands over what there is in ``input``.
  func deliver() {
    if let tls, !decrypt(with: tls) { return }
    if !input.isEmpty { owner?.streamReceived(self) }
    if isOpen { settleInput() }
    // TLS has an end of its own, after which the peer sends nothing that counts.
    if isOpen, let tls, tls.hasReachedEnd {
      hasReachedEnd = true
      finish(nil)
    }
  }

  /// Appends one read to ``input``.
  ///
  /// - Returns: The number of bytes, 0 at the end of the peer's output, nil when there is nothing to read now.
  private func readOnce() throws(Errno) -> Int? {
    guard let number = descriptor?.number else { return nil }
    if let tls { return try Self.read(number, into: &tls.received) }
    if input.count < Self.smallRemainder, input.capacity < Self.readSize {
      // Into the loop's buffer, behind what is left from before: an idle stream has no buffer.
      var buffer = loop.spareInput.take()
      buffer.append(input.span)
      swap(&buffer, &input)
    }
    return try Self.read(number, into: &input)
  }

  /// The corresponding C function is `recv`.
  static func read(_ number: CInt, into buffer: inout ByteBuffer) throws(Errno) -> Int? {
    var count = 0
    do throws(Errno) {
      try buffer.append(capacity: readSize) { (output: inout OutputSpan<UInt8>) throws(Errno) in
        try unsafe output.withUnsafeMutableBufferPointer { (free, initialized) throws(Errno) in
          count = try systemCall { unsafe recv(number, free.baseAddress, min(free.count, readSize), 0) }
          initialized += count
        }
      }
    } catch .wouldBlock {
      return nil
    }
    return count
  }

  /// Gives the buffer of a read back when little or nothing is left in it. One that grew for a large message is kept
  /// for the next, until the stream is idle.
  private func settleInput() {
    guard input.count < Self.smallRemainder else { return }
    guard input.capacity <= 2 * Self.readSize else { return keepWarm() }
    var rest = ByteBuffer()
    if !input.isEmpty {
      rest = ByteBuffer(capacity: input.count)
      rest.append(input.span)
    }
    swap(&rest, &input)
    rest.removeAll()
    if loop.spareInput.capacity < rest.capacity { swap(&rest, &loop.spareInput) }
  }
}
