public import Bytes

/// The two halves of writing a message, before and after its payload.
extension FrameEncoder {
  /// Messages from here on make room in the output at once instead of growing it step by step.
  private static var largeMessage: Int { 64 * 1024 }

  /// Appends the header that a payload of `sizeHint` bytes needs.
  @usableFromInline
  func begin(_ kind: MessageKind, sizeHint: Int, maskKey: UInt32, in output: inout ByteBuffer) {
    if sizeHint >= Self.largeMessage {
      let needed = sizeHint &+ headersLength(sizeHint)
      // At least doubled, so that many messages behind each other do not move the output each time.
      if output.capacity &- output.count < needed { output.reserve(additional: max(needed, output.count)) }
    }
    header(kind, isFinal: true, length: sizeHint, maskKey: maskKey).append(to: &output)
  }

  /// Corrects the header that stands at `start` if the payload behind it is not of `sizeHint` bytes, and masks.
  @usableFromInline
  func end(_ kind: MessageKind, sizeHint: Int, maskKey: UInt32, in output: inout ByteBuffer, from start: Int) {
    let reserved = FrameHeader.encodedLength(payloadLength: sizeHint, masked: role == .client)
    let length = output.count &- start &- reserved
    precondition(length >= 0, "a message's body took bytes away")
    if isFragmented(length) {
      split(kind, maskKey: maskKey, in: &output, from: start, headerLength: reserved)
      return
    }
    if length != sizeHint {
      let header = header(kind, isFinal: true, length: length, maskKey: maskKey)
      Self.resizeGap(in: &output, at: start, from: reserved, to: header.encodedLength)
      header.write(to: &output, at: start)
    }
    if role == .client {
      output.exclusiveOr(in: (output.count &- length)..<output.count, with: maskKey)
    }
  }

  /// Cuts the payload behind the header at `start` into fragments, each byte moving once.
  private func split(
    _ kind: MessageKind, maskKey: UInt32, in output: inout ByteBuffer, from start: Int, headerLength: Int
  ) {
    let length = output.count &- start &- headerLength
    let fullHeader = FrameHeader.encodedLength(payloadLength: fragmentSize, masked: role == .client)
    // From here on fragments move towards the end only, so that the last one can go first.
    Self.resizeGap(in: &output, at: start, from: headerLength, to: fullHeader)
    let added = headersLength(length) &- fullHeader
    output.append(capacity: added) { span in
      for _ in 0..<added { span.append(0) }
    }

    var index = fragmentCount(length)
    while index > 0 {
      index &-= 1
      let offset = index &* fragmentSize
      let size = min(fragmentSize, length &- offset)
      let isLast = offset &+ size == length
      let key = Self.maskKey(maskKey, fragment: index)
      var header = header(kind, isFinal: isLast, length: size, maskKey: key)
      if index > 0 { header.opcode = .continuation }
      let headerStart = start &+ index &* (fullHeader &+ fragmentSize)
      let payloadStart = headerStart &+ header.encodedLength
      let source = start &+ fullHeader &+ offset
      output.move(source..<(source &+ size), to: payloadStart)
      header.write(to: &output, at: headerStart)
      if role == .client { output.exclusiveOr(in: payloadStart..<(payloadStart &+ size), with: key) }
    }
  }

  private func header(_ kind: MessageKind, isFinal: Bool, length: Int, maskKey: UInt32) -> FrameHeader {
    FrameHeader(
      isFinal: isFinal, opcode: kind.opcode, maskKey: role == .client ? maskKey : nil, payloadLength: length)
  }

  /// Whether a message of `length` bytes needs two or more fragments.
  private func isFragmented(_ length: Int) -> Bool { length > max(fragmentationThreshold, fragmentSize) }

  private func fragmentCount(_ length: Int) -> Int { (length &+ fragmentSize &- 1) / fragmentSize }

  /// The bytes of all headers of a message of `length` bytes.
  private func headersLength(_ length: Int) -> Int {
    let masked = role == .client
    guard isFragmented(length) else {
      return FrameHeader.encodedLength(payloadLength: length, masked: masked)
    }
    let fullFragments = fragmentCount(length) &- 1
    let rest = length &- fullFragments &* fragmentSize
    return fullFragments &* FrameHeader.encodedLength(payloadLength: fragmentSize, masked: masked)
      &+ FrameHeader.encodedLength(payloadLength: rest, masked: masked)
  }

  /// Grows or shrinks the room for a header, moving the payload behind it.
  private static func resizeGap(in output: inout ByteBuffer, at start: Int, from old: Int, to new: Int) {
    if new > old { output.insertGap(new &- old, at: start) }
    if new < old { output.remove(start..<(start &+ old &- new)) }
  }

  /// A key of its own for each fragment: the first one's is the message's, the others are mixed from it.
  private static func maskKey(_ key: UInt32, fragment: Int) -> UInt32 {
    guard fragment > 0 else { return key }
    var mixed = key &+ UInt32(truncatingIfNeeded: fragment) &* 0x9E37_79B9
    mixed = (mixed ^ mixed &>> 16) &* 0x85EB_CA6B
    mixed = (mixed ^ mixed &>> 13) &* 0xC2B2_AE35
    return mixed ^ mixed &>> 16
  }
}
