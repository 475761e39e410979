import Bytes
import Testing
import WebSocket

@Suite struct FrameEncoderTests {
  /// One message with a hint that may be wrong, behind bytes that must stay as they are.
  static func encode(
    _ kind: MessageKind, _ payload: [UInt8], hint: Int, encoder: FrameEncoder, key: UInt32 = 0x0403_0201
  ) -> [UInt8] {
    var output = ByteBuffer([0xAA, 0xBB])
    encoder.write(kind, sizeHint: hint, maskKey: key, into: &output) { $0.append(payload.span) }
    let bytes = output.bytes
    #expect(bytes.starts(with: [0xAA, 0xBB]))
    return Array(bytes.dropFirst(2))
  }

  @Test func examplesOfTheStandard() {
    let hello = Array("Hello".utf8)
    #expect(
      Self.encode(.text, hello, hint: 5, encoder: FrameEncoder(role: .server)) == [
        0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F,
      ])
    #expect(
      Self.encode(.text, hello, hint: 5, encoder: FrameEncoder(role: .client), key: 0x3D21_FA37) == [
        0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58,
      ])
    var output = ByteBuffer()
    FrameEncoder(role: .server).writePing(hello.span, maskKey: 0, into: &output)
    FrameEncoder(role: .client).writePong(hello.span, maskKey: 0x3D21_FA37, into: &output)
    #expect(
      output.bytes == [0x89, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F] + [
        0x8A, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58,
      ])
  }

  @Test(arguments: [0, 1, 7, 8, 9, 124, 125, 126, 127, 65534, 65535, 65536, 65537, 300_000])
  func anyHintGivesTheSameBytes(length: Int) {
    let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let key: [UInt8] = [1, 2, 3, 4]
    for hint in [0, 1, 125, 126, 65535, 65536, 1 << 20, length] {
      #expect(
        Self.encode(.binary, payload, hint: hint, encoder: FrameEncoder(role: .client))
          == frame(0x82, payload, key: key))
      #expect(
        Self.encode(.text, payload, hint: hint, encoder: FrameEncoder(role: .server)) == frame(0x81, payload))
    }
  }

  @Test func readyMessages() {
    var output = ByteBuffer()
    FrameEncoder(role: .client).write(.binary, [1, 2, 3].span, maskKey: 0x0403_0201, into: &output)
    #expect(output.bytes == frame(0x82, [1, 2, 3], key: [1, 2, 3, 4]))
  }

  // MARK: Fragments

  @Test(arguments: [1, 2, 9, 10, 11, 19, 20, 21, 25, 125, 126, 200, 300])
  func fragments(size: Int) {
    let payload = (0..<100).map { UInt8($0) }
    for threshold in [0, 1, 99, 100] {
      for hint in [0, 100, 125, 200, 70_000] {
        for role in [Role.client, .server] {
          let encoder = FrameEncoder(role: role, fragmentationThreshold: threshold, fragmentSize: size)
          let stream = Self.encode(.binary, payload, hint: hint, encoder: encoder)
          let peer: Role = role == .client ? .server : .client
          #expect(Recording(stream, role: peer) == Recording(entries: [.init(.message(.binary), payload)]))
          let frames = threshold < 100 ? (100 + size - 1) / size : 1
          let headers = (1...frames).reduce(0) { sum, index in
            let length = frames == 1 ? 100 : index < frames ? size : 100 - (frames - 1) * size
            return sum + (length <= 125 ? 2 : 4) + (role == .client ? 4 : 0)
          }
          #expect(stream.count == 100 + headers)
        }
      }
    }
  }

  @Test func fragmentsOnTheWire() {
    let encoder = FrameEncoder(role: .server, fragmentationThreshold: 4, fragmentSize: 2)
    #expect(
      Self.encode(.text, Array("abcde".utf8), hint: 5, encoder: encoder)
        == frame(0x01, Array("ab".utf8)) + frame(0x00, Array("cd".utf8)) + frame(0x80, Array("e".utf8)))
    #expect(Self.encode(.text, Array("abcd".utf8), hint: 4, encoder: encoder) == frame(0x81, Array("abcd".utf8)))
    #expect(Self.encode(.text, [], hint: 0, encoder: encoder) == frame(0x81))
  }

  @Test func fragmentsHaveKeysOfTheirOwn() {
    let encoder = FrameEncoder(role: .client, fragmentationThreshold: 4, fragmentSize: 4)
    let stream = Self.encode(.binary, [UInt8](repeating: 0, count: 12), hint: 12, encoder: encoder)
    let keys = [2, 12, 22].map { Array(stream[$0..<($0 + 4)]) }
    #expect(keys[0] == [1, 2, 3, 4])
    #expect(Set(keys).count == 3)
  }

  @Test func byDefaultAbove16MiBInFragmentsOf1MiB() throws {
    let payload = [UInt8](repeating: 1, count: (16 << 20) + 1)
    let encoder = FrameEncoder(role: .server)
    var output = ByteBuffer()
    encoder.write(.binary, payload.span.extracting(first: 16 << 20), maskKey: 0, into: &output)
    let single = output.count
    #expect(single == (16 << 20) + 10)
    output.removeAll()

    encoder.write(.binary, payload.span, maskKey: 0, into: &output)
    let fragmented = output.count
    #expect(fragmented == payload.count + 16 * 10 + 2)
    let first = output.span.extracting(first: 10).copy
    #expect(first == [0x02, 127, 0, 0, 0, 0, 0, 0x10, 0, 0])
    let last = output.span.extracting(last: 3).copy
    #expect(last == [0x80, 1, 1])
    var decoder = FrameDecoder(role: .client)
    var received = 0
    try decoder.decode(&output) { _, message in
      received = message.count
      return true
    }
    #expect(received == payload.count)
  }

  // MARK: Control frames

  @Test func closes() {
    var output = ByteBuffer()
    let encoder = FrameEncoder(role: .server)
    encoder.writeClose(nil, maskKey: 0, into: &output)
    encoder.writeClose(.normal, maskKey: 0, into: &output)
    encoder.writeClose(.internalError, reason: "é", maskKey: 0, into: &output)
    #expect(
      output.bytes == [0x88, 0] + [0x88, 2, 0x03, 0xE8] + [0x88, 4, 0x03, 0xF3, 0xC3, 0xA9])
  }

  @Test(arguments: [
    ("a", 123, 123), ("a", 124, 123), ("a", 500, 123), ("é", 61, 122), ("é", 62, 122), ("漢", 41, 123),
    ("漢", 42, 123), ("🚀", 30, 120), ("🚀", 31, 120),
  ])
  func longReasonsAreCutBetweenCharacters(character: String, count: Int, expected: Int) {
    var output = ByteBuffer()
    let reason = String(repeating: character, count: count)
    FrameEncoder(role: .client).writeClose(.normal, reason: reason, maskKey: 0x1234_5678, into: &output)
    let recording = Recording(output.bytes, role: .server)
    #expect(recording.entries == [.init(.close(.normal), Array(reason.utf8.prefix(expected)))])
  }
}
