import Bytes
import Testing
import WebSocket

/// What a peer may not do, and the code that it gets for it.
@Suite struct FrameDecoderViolationTests {
  struct Violation: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let role: Role
    let code: CloseCode
    let stream: [UInt8]
    /// What is handed out before the violation.
    let before: [Recording.Entry]

    init(
      _ name: String, _ code: CloseCode, _ stream: [UInt8], role: Role = .client, before: [Recording.Entry] = []
    ) {
      self.testDescription = name
      self.role = role
      self.code = code
      self.stream = stream
      self.before = before
    }
  }

  static let key: [UInt8] = [1, 2, 3, 4]

  static let violations: [Violation] =
    [
      Violation("RSV1", .protocolError, frame(0xC1)),
      Violation("RSV2", .protocolError, frame(0xA1)),
      Violation("RSV3 on a control frame", .protocolError, frame(0x99)),
      Violation("masked frame from a server", .protocolError, frame(0x81, [0x61], key: key)),
      Violation("unmasked frame from a client", .protocolError, frame(0x81, [0x61]), role: .server),
      Violation("unmasked close from a client", .protocolError, frame(0x88), role: .server),
      Violation("ping of 126 bytes", .protocolError, frame(0x89, [UInt8](repeating: 0, count: 126))),
      Violation("close of 64 KiB", .protocolError, frame(0x88, [UInt8](repeating: 0, count: 65536))),
      Violation("fragmented ping", .protocolError, frame(0x09)),
      Violation("fragmented close", .protocolError, frame(0x08)),
      Violation("16-bit length of 0", .protocolError, frame(0x81, length: [126, 0, 0])),
      Violation("16-bit length of 125", .protocolError, frame(0x81, length: [126, 0, 125])),
      Violation("64-bit length of 65535", .protocolError, frame(0x81, length: [127, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF])),
      Violation("64-bit length of 1", .protocolError, frame(0x81, length: [127, 0, 0, 0, 0, 0, 0, 0, 1])),
      Violation("length with the top bit", .protocolError, frame(0x81, length: [127, 0x80, 0, 0, 0, 0, 0, 0, 1])),
      Violation(
        "length of all ones", .protocolError, frame(0x82, length: [127] + [UInt8](repeating: 0xFF, count: 8))),
      Violation("continuation without a start", .protocolError, frame(0x80, [0x61])),
      Violation("open continuation without a start", .protocolError, frame(0x00, [0x61])),
      Violation("text inside a fragmented message", .protocolError, frame(0x01, [0x61]) + frame(0x81, [0x62])),
      Violation("binary inside a fragmented message", .protocolError, frame(0x02, [0x61]) + frame(0x02, [0x62])),
      Violation(
        "continuation after the end", .protocolError, frame(0x01) + frame(0x80) + frame(0x80),
        before: [.init(.message(.text))]),
      Violation("close of one byte", .protocolError, frame(0x88, [0x03])),
      Violation("invalid UTF-8 in a close reason", .invalidData, frame(0x88, [0x03, 0xE8, 0xFF])),
      Violation("half a character in a close reason", .invalidData, frame(0x88, [0x03, 0xE8, 0xC3])),
      Violation("invalid UTF-8", .invalidData, frame(0x81, [0x61, 0xFF])),
      Violation("half a character at the end", .invalidData, frame(0x81, [0x61, 0xC3])),
      Violation("half a character at the end of the last fragment", .invalidData, frame(0x01, [0xE6]) + frame(0x80)),
      Violation("wrong continuation in the next fragment", .invalidData, frame(0x01, [0xE6]) + frame(0x00, [0x41])),
      Violation("surrogate", .invalidData, frame(0x81, [0xED, 0xA0, 0x80])),
      Violation("invalid UTF-8 under a mask", .invalidData, frame(0x81, [0x61, 0xC0], key: key), role: .server),
      Violation("frame of 2^62 bytes", .tooBig, frame(0x82, length: [127, 0x40, 0, 0, 0, 0, 0, 0, 0])),
      Violation(
        "frame of 2^63 - 1 bytes", .tooBig, frame(0x82, length: [127, 0x7F] + [UInt8](repeating: 0xFF, count: 7))),
      Violation(
        "continuation of 2^63 - 1 bytes", .tooBig,
        frame(0x02, [1]) + frame(0x80, length: [127, 0x7F] + [UInt8](repeating: 0xFF, count: 7))),
    ]
    + [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map { opcode in
      Violation("reserved opcode \(opcode)", .protocolError, frame(0x80 | opcode))
    }
    + [0, 1, 999, 1004, 1005, 1006, 1015, 1100, 2000, 2999, 5000, 65535].map { (code: UInt16) in
      Violation("close code \(code)", .protocolError, frame(0x88, [UInt8(code >> 8), UInt8(code & 0xFF)]))
    }

  @Test(arguments: violations)
  func isRefused(violation: Violation) {
    let whole = Recording(violation.stream, role: violation.role)
    #expect(whole.entries == violation.before)
    #expect(whole.error?.code == violation.code)
    #expect(whole.rest == 0)
    // However the bytes arrive; an error may come before all bytes are there.
    for cut in 0..<min(violation.stream.count, 100) {
      #expect(Recording(violation.stream, role: violation.role, cuts: [cut]) == whole)
    }
    // And what was complete before it was handed out.
    let ping = frame(0x89, [7], key: violation.role == .server ? Self.key : nil)
    let after = Recording(ping + violation.stream, role: violation.role)
    #expect(after.entries == [.init(.ping, [7])] + violation.before)
    #expect(after.error == whole.error)
  }

  @Test func anErrorIsThrownOnce() throws {
    var decoder = FrameDecoder(role: .client)
    var input = ByteBuffer(frame(0xC1) + frame(0x81, [0x61]))
    #expect(throws: WebSocketError(code: .protocolError, reason: "reserved bit set")) {
      try decoder.decode(&input) { _, _ in true }
    }
    #expect(input.bytes == [])
    input.append(0x81)
    input.append(0x00)
    try decoder.decode(&input) { _, _ in
      Issue.record("an event after the error")
      return true
    }
    #expect(input.bytes == [])
  }

  // MARK: Early

  @Test func invalidTextIsRefusedBeforeItsFrameIsComplete() {
    let stream = frame(0x81, Array("abc".utf8) + [0xFF] + [UInt8](repeating: 0x61, count: 96), key: Self.key)
    #expect(Recording(Array(stream[..<9]), role: .server).error == nil)
    #expect(Recording(Array(stream[..<10]), role: .server).error?.code == .invalidData)
    let fragment = frame(0x01, [0xF4, 0x90] + [UInt8](repeating: 0x80, count: 50))
    #expect(Recording(Array(fragment[..<3]), role: .client).error == nil)
    #expect(Recording(Array(fragment[..<4]), role: .client).error?.code == .invalidData)
  }

  @Test func limitsAreCheckedFromTheHeader() {
    let limits = FrameLimits(maximumFrame: 1000, maximumMessage: 1500)
    let header = frame(0x82, length: [126, 0x03, 0xE9])
    #expect(Recording(header, role: .client, limits: limits).error?.code == .tooBig)
    #expect(Recording(frame(0x82, length: [126, 0x03, 0xE8]), role: .client, limits: limits).error == nil)
    // 1000 + 500 bytes fit, one more does not: seen before a byte of the second fragment is there.
    let first = frame(0x02, [UInt8](repeating: 0, count: 1000))
    let fits = first + frame(0x80, [UInt8](repeating: 0, count: 500))
    #expect(Recording(fits, role: .client, limits: limits).entries.count == 1)
    let tooLong = first + frame(0x80, length: [126, 0x01, 0xF5])
    let recording = Recording(tooLong, role: .client, limits: limits)
    #expect(recording.entries == [])
    #expect(recording.error?.code == .tooBig)
  }

  @Test func messagesOfManyFragmentsStartFromZeroEachTime() {
    let limits = FrameLimits(maximumFrame: 10, maximumMessage: 20)
    let message = frame(0x02, [UInt8](repeating: 1, count: 10)) + frame(0x80, [UInt8](repeating: 2, count: 10))
    let recording = Recording(message + message + message, role: .client, limits: limits)
    #expect(recording.entries.count == 3)
    #expect(recording.error == nil)
  }

  @Test func controlFramesAreNotLimitedByTheMessageLimit() {
    let limits = FrameLimits(maximumFrame: 1, maximumMessage: 1)
    let recording = Recording(frame(0x89, [1, 2, 3]), role: .client, limits: limits)
    #expect(recording == Recording(entries: [.init(.ping, [1, 2, 3])]))
  }

  @Test func roomForALargeFrameIsReservedOnce() throws {
    var decoder = FrameDecoder(role: .client)
    var input = ByteBuffer(frame(0x82, length: [127, 0, 0, 0, 0, 0, 0x50, 0, 0]))
    try decoder.decode(&input) { _, _ in true }
    let capacity = input.capacity
    #expect(capacity >= 5 << 20)
    // As a socket is read: with room for 64 KiB each time, also when only the frame's last bytes arrive.
    var received = 0
    for length in [1] + [Int](repeating: 64 * 1024, count: 79) + [64 * 1024 - 1] {
      input.append(capacity: 64 * 1024) { span in
        for _ in 0..<length { span.append(5) }
      }
      let grown = input.capacity
      #expect(grown == capacity)
      try decoder.decode(&input) { _, payload in
        received = payload.count
        return true
      }
    }
    #expect(received == 5 << 20)
    // Given back: the buffer ran empty.
    #expect(input.capacity < capacity)
  }

  @Test func aSteadyRestDoesNotGrowTheInput() throws {
    var decoder = FrameDecoder(role: .client)
    var input = ByteBuffer()
    let message = frame(0x82, [UInt8](repeating: 5, count: 1000))
    var count = 0
    input.append(message[0])
    for _ in 0..<2000 {
      // The second half of one message and the first byte of the next.
      for byte in message.dropFirst() { input.append(byte) }
      input.append(message[0])
      try decoder.decode(&input) { _, _ in
        count += 1
        return true
      }
    }
    #expect(count == 2000)
    #expect(input.capacity < 16 * 1024)
  }
}
