import Bytes
import Testing
import WebSocket

/// What an encoder writes, a decoder of the other role reads: for messages, sizes, hints, keys and pieces from a seeded
/// generator.
@Suite struct RoundTripTests {
  @Test(arguments: [Role.client, .server])
  func anySequenceOfMessages(role: Role) throws {
    var random = SeededGenerator(seed: role == .client ? 11 : 12)
    for _ in 0..<100 {
      let encoder = FrameEncoder(
        role: role, fragmentationThreshold: Int.random(in: 0...3000, using: &random),
        fragmentSize: Int.random(in: 1...700, using: &random))
      var output = ByteBuffer()
      var expected = Recording()
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        expected.entries.append(Self.write(to: &output, encoder, &random))
      }
      let stream = output.bytes
      var cuts: [Int] = []
      while cuts.count < 40 {
        let next = (cuts.last ?? 0) + Int.random(in: 0...200, using: &random)
        guard next <= stream.count else { break }
        cuts.append(next)
      }
      let recording = Recording(stream, role: role == .client ? .server : .client, cuts: cuts)
      guard recording == expected else {
        Issue.record("\(stream.count) bytes, cut at \(cuts)")
        return
      }
    }
  }

  /// Writes one message or control frame, and says what is to be read.
  static func write(
    to output: inout ByteBuffer, _ encoder: FrameEncoder, _ random: inout SeededGenerator
  ) -> Recording.Entry {
    let key = UInt32.random(in: .min ... .max, using: &random)
    let short = (0..<Int.random(in: 0...125, using: &random)).map { UInt8($0) }
    switch Int.random(in: 0..<6, using: &random) {
    case 0:
      encoder.writePing(short.span, maskKey: key, into: &output)
      return .init(.ping, short)
    case 1:
      encoder.writePong(short.span, maskKey: key, into: &output)
      return .init(.pong, short)
    case 2, 3:
      let text = String((0..<Int.random(in: 0...1500, using: &random)).map { "aé漢🚀".shuffled(using: &random)[$0 % 4] })
      encoder.write(.text, sizeHint: Int.random(in: 0...70_000, using: &random), maskKey: key, into: &output) {
        $0.append(text)
      }
      return .init(.message(.text), text)
    default:
      let length = [0, 1, 125, 126, 127, 3000, 65535, 65536].randomElement(using: &random) ?? 0
      let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 13) }
      encoder.write(.binary, sizeHint: length, maskKey: key, into: &output) { $0.append(payload.span) }
      return .init(.message(.binary), payload)
    }
  }
}
