import Bytes
import Testing
import WebSocket

/// Random and mutated bytes: nothing traps, and any split gives the same events and the same error.
@Suite struct MutationTests {
  @Test(arguments: [Role.client, .server])
  func frames(role: Role) {
    var random = SeededGenerator(seed: role == .client ? 21 : 22)
    let limits = FrameLimits(maximumFrame: 300, maximumMessage: 500)
    var refused = 0
    var delivered = 0
    for _ in 0..<4000 {
      var stream: [UInt8] = []
      for _ in 0..<Int.random(in: 0...6, using: &random) { stream += Self.frame(from: role, &random) }
      Self.mutate(&stream, &random)
      let whole = Recording(stream, role: role, limits: limits)
      refused += whole.error == nil ? 0 : 1
      delivered += whole.entries.count
      var cuts = (0..<Int.random(in: 0...6, using: &random)).map { _ in Int.random(in: 0...stream.count, using: &random)
      }
      cuts.sort()
      for cuts in [cuts, Array(0..<stream.count)] {
        let recording = Recording(stream, role: role, limits: limits, cuts: cuts)
        // What is left of an incomplete frame may have been taken already.
        guard recording.entries == whole.entries, recording.error == whole.error else {
          Issue.record("\(stream), cut at \(cuts)")
          return
        }
      }
    }
    // The streams reach both ends of the decoder.
    #expect(refused > 1000)
    #expect(delivered > 2000)
  }

  @Test func handshakes() {
    var random = SeededGenerator(seed: 23)
    var refused = 0
    for _ in 0..<4000 {
      var bytes = Array((ServerHandshakeTests.request + "\r\n").utf8)
      Self.mutate(&bytes, &random)
      var accepted: [Bool?] = []
      for cut in [0, Int.random(in: 0...bytes.count, using: &random)] {
        var server = ServerHandshake()
        var input = ByteBuffer(Array(bytes[..<cut]))
        do throws(HandshakeError) {
          var request = try server.receive(&input)
          for byte in bytes[cut...] { input.append(byte) }
          if request == nil { request = try server.receive(&input) }
          accepted.append(request != nil)
        } catch {
          refused += 1
          accepted.append(nil)
        }
      }
      guard accepted[0] == accepted[1] else {
        Issue.record("\(bytes)")
        return
      }
      var response = Array((ClientHandshakeTests.accepted + "\r\n").utf8)
      Self.mutate(&response, &random)
      _ = try? ClientHandshakeTests.receive(String(decoding: response, as: UTF8.self))
    }
    #expect(refused > 1000)
  }

  /// A frame that the peer of `role` may send, mostly.
  static func frame(from role: Role, _ random: inout SeededGenerator) -> [UInt8] {
    let key = role == .server ? (0..<4).map { _ in UInt8.random(in: .min ... .max, using: &random) } : nil
    let first: UInt8 = [0x81, 0x82, 0x01, 0x02, 0x00, 0x80, 0x80, 0x89, 0x8A, 0x88].randomElement(using: &random) ?? 0
    var payload = Array("aé漢🚀 and plain text behind".utf8.prefix(Int.random(in: 0...30, using: &random)))
    if first == 0x88 { payload = [0x03, 0xE8] + payload }
    if first < 0x88, Int.random(in: 0..<8, using: &random) == 0 { payload = [UInt8](repeating: 0x62, count: 200) }
    return WebSocketTests.frame(first, payload, key: key)
  }

  static func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    for _ in 0..<Int.random(in: 0...2, using: &random) {
      guard let index = bytes.indices.randomElement(using: &random) else { return }
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: bytes[index] = UInt8.random(in: .min ... .max, using: &random)
      case 2: bytes.remove(at: index)
      default: bytes.insert(UInt8.random(in: .min ... .max, using: &random), at: index)
      }
    }
  }
}
