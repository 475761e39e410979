internal import Bytes

/// Taking the payload that follows a header. Each function returns whether to go on.
extension FrameDecoder {
  /// How much is unmasked and then checked at a time, so that the second look finds it in the cache.
  private static var blockSize: Int { 16 * 1024 }

  /// A message in one frame: stays in `input` until it is complete.
  mutating func takeSingle(
    _ kind: MessageKind, _ header: FrameHeader, from input: inout ByteBuffer,
    _ body: (FrameEvent, Span<UInt8>) -> Bool
  ) throws(WebSocketError) -> Bool {
    let length = header.payloadLength
    let end = min(input.count, length)
    try open(&input, taken..<end, header, isText: kind == .text)
    guard end == length else { return false }
    guard kind == .binary || utf8.isComplete else { throw Self.invalidText }
    phase = .header
    let goOn = body(.message(kind), input.span.extracting(0..<length))
    input.consume(length)
    return goOn
  }

  /// A fragment: moves to `assembled` as it arrives.
  mutating func takeFragment(
    _ header: FrameHeader, from input: inout ByteBuffer, _ body: (FrameEvent, Span<UInt8>) -> Bool
  ) throws(WebSocketError) -> Bool {
    let kind = fragmented ?? .binary
    let length = min(input.count, header.payloadLength &- taken)
    try open(&input, 0..<length, header, isText: kind == .text)
    assembled.append(input.span.extracting(0..<length))
    input.consume(length)
    guard taken == header.payloadLength else { return false }
    phase = .header
    guard header.isFinal else { return true }
    guard kind == .binary || utf8.isComplete else { throw Self.invalidText }
    fragmented = nil
    let goOn = body(.message(kind), assembled.span)
    assembled.removeAll()
    return goOn
  }

  /// A control frame: short, so that it is taken when it is complete.
  mutating func takeControl(
    _ header: FrameHeader, from input: inout ByteBuffer, _ body: (FrameEvent, Span<UInt8>) -> Bool
  ) throws(WebSocketError) -> Bool {
    let length = header.payloadLength
    guard input.count >= length else { return false }
    if let key = header.maskKey { input.exclusiveOr(in: 0..<length, with: key) }
    phase = .header
    guard header.opcode == .close else {
      let goOn = body(header.opcode == .ping ? .ping : .pong, input.span.extracting(0..<length))
      input.consume(length)
      return goOn
    }
    let code = try Self.closeCode(input.span.extracting(0..<length))
    phase = .finished
    _ = body(.close(code), input.span.extracting(min(length, 2)..<length))
    return true
  }

  /// Unmasks and checks `range` of `input`, the next bytes of the current frame.
  private mutating func open(
    _ input: inout ByteBuffer, _ range: Range<Int>, _ header: FrameHeader, isText: Bool
  ) throws(WebSocketError) {
    var start = range.lowerBound
    while start < range.upperBound {
      let end = min(start &+ Self.blockSize, range.upperBound)
      if let key = header.maskKey { input.exclusiveOr(in: start..<end, with: key.advanced(byBytes: taken)) }
      if isText, !utf8.consume(input.span.extracting(start..<end)) { throw Self.invalidText }
      taken &+= end &- start
      start = end
    }
  }

  /// The code of a close frame's payload, whose reason is checked too. RFC 6455, section 5.5.1.
  private static func closeCode(_ payload: Span<UInt8>) throws(WebSocketError) -> CloseCode? {
    guard !payload.isEmpty else { return nil }
    guard payload.count >= 2 else { throw .violation("close frame with half a code") }
    let code = CloseCode(rawValue: UInt16(payload[0]) &<< 8 | UInt16(payload[1]))
    guard code.isSendable else { throw .violation("close code \(code) must not be sent") }
    var utf8 = UTF8Validator()
    guard utf8.consume(payload.extracting(droppingFirst: 2)), utf8.isComplete else {
      throw WebSocketError(code: .invalidData, reason: "close reason is not UTF-8")
    }
    return code
  }

  private static var invalidText: WebSocketError { WebSocketError(code: .invalidData, reason: "text is not UTF-8") }
}

extension UInt32 {
  /// The mask key as the payload byte at `count` meets it first.
  fileprivate func advanced(byBytes count: Int) -> UInt32 {
    let bits = UInt32(truncatingIfNeeded: count & 3) &<< 3
    return self &>> bits | self &<< (32 &- bits)
  }
}
