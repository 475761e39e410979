import Bytes
import Testing
import WebSocket

@Suite struct FrameDecoderTests {
  // MARK: RFC 6455, section 5.7

  @Test func unmaskedText() {
    let recording = Recording([0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F], role: .client)
    #expect(recording == Recording(entries: [.init(.message(.text), "Hello")]))
  }

  @Test func maskedText() {
    let stream: [UInt8] = [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
    #expect(Recording(stream, role: .server) == Recording(entries: [.init(.message(.text), "Hello")]))
  }

  @Test func fragmentedText() {
    let stream: [UInt8] = [0x01, 0x03, 0x48, 0x65, 0x6C, 0x80, 0x02, 0x6C, 0x6F]
    #expect(Recording(stream, role: .client) == Recording(entries: [.init(.message(.text), "Hello")]))
  }

  @Test func pingAndMaskedPong() {
    let ping: [UInt8] = [0x89, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F]
    #expect(Recording(ping, role: .client) == Recording(entries: [.init(.ping, "Hello")]))
    let pong: [UInt8] = [0x8A, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
    #expect(Recording(pong, role: .server) == Recording(entries: [.init(.pong, "Hello")]))
  }

  @Test func binaryOf256BytesAndOf64KiB() {
    let short = [UInt8](repeating: 7, count: 256)
    #expect(
      Recording([0x82, 0x7E, 0x01, 0x00] + short, role: .client)
        == Recording(entries: [.init(.message(.binary), short)]))
    let long = [UInt8](repeating: 9, count: 65536)
    #expect(
      Recording([0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0] + long, role: .client)
        == Recording(entries: [.init(.message(.binary), long)]))
  }

  // MARK: Messages

  @Test(arguments: [0, 1, 124, 125, 126, 127, 128, 65534, 65535, 65536, 65537, 200_000])
  func lengths(length: Int) {
    let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let expected = Recording(entries: [.init(.message(.binary), payload)])
    #expect(Recording(frame(0x82, payload), role: .client) == expected)
    #expect(Recording(frame(0x82, payload, key: [1, 2, 3, 4]), role: .server) == expected)
    // In pieces that meet the mask key at each of its bytes.
    let stream = frame(0x82, payload, key: [0xFF, 0, 0x55, 0xAA])
    let cuts = Array(stride(from: 5, to: stream.count, by: 1 + max(1, stream.count / 50)))
    #expect(Recording(stream, role: .server, cuts: cuts) == expected)
  }

  @Test func emptyFragmentsAreAllowed() {
    let stream = frame(0x01) + frame(0x00) + frame(0x00, Array("a".utf8)) + frame(0x80)
    #expect(Recording(stream, role: .client) == Recording(entries: [.init(.message(.text), "a")]))
  }

  @Test func charactersAcrossFragments() {
    let text = "aé漢🚀"
    let bytes = Array(text.utf8)
    for first in 0...bytes.count {
      for second in first...bytes.count {
        let stream =
          frame(0x01, Array(bytes[..<first])) + frame(0x00, Array(bytes[first..<second]))
          + frame(0x80, Array(bytes[second...]))
        #expect(Recording(stream, role: .client) == Recording(entries: [.init(.message(.text), text)]))
      }
    }
  }

  @Test func controlFramesBetweenFragments() {
    let key: [UInt8] = [9, 8, 7, 6]
    let stream =
      frame(0x02, [1, 2], key: key) + frame(0x89, Array("p".utf8), key: key) + frame(0x00, [3], key: key)
      + frame(0x8A, [], key: key) + frame(0x80, [4], key: key) + frame(0x81, Array("x".utf8), key: key)
    #expect(
      Recording(stream, role: .server)
        == Recording(entries: [
          .init(.ping, "p"), .init(.pong), .init(.message(.binary), [1, 2, 3, 4]), .init(.message(.text), "x"),
        ]))
  }

  /// All events so far, and each kind of them, for the tests of splits.
  static let everything: [UInt8] = {
    let key: [UInt8] = [0x11, 0x22, 0x33, 0x44]
    return frame(0x81, Array("é".utf8), key: key) + frame(0x82, [UInt8](repeating: 3, count: 126), key: key)
      + frame(0x01, [0xE6, 0xBC], key: key) + frame(0x89, [1, 2, 3], key: key) + frame(0x00, [0xA2], key: key)
      + frame(0x80, [], key: key) + frame(0x8A, [], key: key) + frame(0x81, [], key: key)
      + frame(0x88, [0x03, 0xE9] + Array("bye é".utf8), key: key) + frame(0x81, Array("late".utf8), key: key)
  }()

  @Test func everySplitGivesTheSameEvents() {
    let stream = Self.everything
    let whole = Recording(stream, role: .server)
    #expect(
      whole
        == Recording(entries: [
          .init(.message(.text), "é"), .init(.message(.binary), [UInt8](repeating: 3, count: 126)),
          .init(.ping, [1, 2, 3]), .init(.message(.text), "漢"), .init(.pong), .init(.message(.text)),
          .init(.close(.goingAway), "bye é"),
        ]))
    for cut in 0...stream.count { #expect(Recording(stream, role: .server, cuts: [cut]) == whole) }
    for step in 1...7 {
      let cuts = Array(stride(from: step, to: stream.count, by: step))
      #expect(Recording(stream, role: .server, cuts: cuts) == whole)
    }
    for first in stride(from: 0, to: stream.count, by: 5) {
      for second in stride(from: first, to: stream.count, by: 7) {
        #expect(Recording(stream, role: .server, cuts: [first, second]) == whole)
      }
    }
  }

  @Test func stopsWhenTheBodySaysSo() throws {
    let stream = frame(0x81, Array("one".utf8)) + frame(0x01, Array("tw".utf8)) + frame(0x89) + frame(0x80, [0x6F])
    var decoder = FrameDecoder(role: .client)
    var input = ByteBuffer(stream)
    var seen: [String] = []
    var rests: [Int] = []
    for _ in 0..<4 {
      try decoder.decode(&input) { event, payload in
        seen.append("\(event) \(String(decoding: payload.copy, as: UTF8.self))")
        return false
      }
      rests.append(input.count)
    }
    #expect(seen == ["message(WebSocket.MessageKind.text) one", "ping ", "message(WebSocket.MessageKind.text) two"])
    // What was handled is consumed, and nothing beyond it.
    #expect(rests == [9, 3, 0, 0])
  }

  // MARK: Close

  @Test(
    arguments: [
      ([], nil, ""), ([0x03, 0xE8], 1000, ""), ([0x03, 0xF3, 0x6F, 0x6B], 1011, "ok"), ([0x03, 0xF4], 1012, ""),
      ([0x03, 0xF6], 1014, ""), ([0x0B, 0xB8], 3000, ""), ([0x13, 0x87], 4999, ""),
    ] as [([UInt8], UInt16?, String)])
  func close(payload: [UInt8], code: UInt16?, reason: String) {
    let expected = Recording(entries: [.init(.close(code.map { CloseCode(rawValue: $0) }), reason)])
    #expect(Recording(frame(0x88, payload), role: .client) == expected)
  }

  @Test func nothingFollowsAClose() throws {
    let stream = frame(0x88) + frame(0x81, [0x61]) + [0xFF, 0xFF]
    #expect(Recording(stream, role: .client) == Recording(entries: [.init(.close(nil))]))
    #expect(Recording(stream, role: .client, cuts: [2, 3, 5]) == Recording(entries: [.init(.close(nil))]))
  }

  @Test func closeInsideAFragmentedMessage() {
    let stream = frame(0x01, [0x61]) + frame(0x88, [0x03, 0xE8]) + frame(0x80, [0x62])
    #expect(Recording(stream, role: .client) == Recording(entries: [.init(.close(.normal))]))
  }
}
