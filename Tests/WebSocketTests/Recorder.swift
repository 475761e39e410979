import Bytes
import WebSocket

/// What a decoder made of a stream of bytes: its events with copies of their payloads, and its error.
struct Recording: Equatable {
  struct Entry: Equatable, Sendable {
    let event: FrameEvent
    let payload: [UInt8]

    init(_ event: FrameEvent, _ payload: [UInt8] = []) {
      self.event = event
      self.payload = payload
    }

    init(_ event: FrameEvent, _ payload: String) { self.init(event, Array(payload.utf8)) }
  }

  var entries: [Entry] = []
  var error: WebSocketError?
  /// Bytes that are left in the input.
  var rest = 0
}

extension Recording {
  /// Decodes `stream`, given in pieces that end at `cuts` (rising) and at its end.
  init(_ stream: [UInt8], role: Role, limits: FrameLimits = FrameLimits(), cuts: [Int] = []) {
    var decoder = FrameDecoder(role: role, limits: limits)
    var input = ByteBuffer()
    var start = 0
    for end in cuts + [stream.count] {
      for byte in stream[start..<end] { input.append(byte) }
      start = end
      do throws(WebSocketError) {
        try decoder.decode(&input) { event, payload in
          entries.append(Entry(event, payload.copy))
          return true
        }
      } catch {
        self.error = error
        break
      }
    }
    rest = input.count
  }
}

extension Span<UInt8> {
  var copy: [UInt8] {
    var bytes: [UInt8] = []
    for index in indices { bytes.append(self[index]) }
    return bytes
  }
}

extension ByteBuffer {
  init(_ bytes: [UInt8]) {
    self.init()
    for byte in bytes { append(byte) }
  }

  init(_ text: String) { self.init(Array(text.utf8)) }

  /// A copy of the readable bytes.
  var bytes: [UInt8] { span.copy }

  /// The readable bytes as text.
  var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// SplitMix64: the same numbers for the same seed, everywhere.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

/// A frame, written without the code under test: any bits, any length form.
func frame(
  _ first: UInt8, _ payload: [UInt8] = [], key: [UInt8]? = nil, length: [UInt8]? = nil
) -> [UInt8] {
  var bytes = [first]
  let mask: UInt8 = key == nil ? 0 : 0x80
  if let length {
    bytes.append(length[0] | mask)
    bytes += length.dropFirst()
  } else if payload.count <= 125 {
    bytes.append(UInt8(payload.count) | mask)
  } else if payload.count <= 65535 {
    bytes += [126 | mask, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
  } else {
    bytes += [127 | mask, 0, 0, 0, 0]
    bytes += [24, 16, 8, 0].map { UInt8(payload.count >> $0 & 0xFF) }
  }
  guard let key else { return bytes + payload }
  return bytes + key + payload.enumerated().map { $1 ^ key[$0 % 4] }
}
