import Bytes
import WebSocket

/// libFuzzer's entry. The first byte of an input says what it is for, the second how it is cut into pieces; the rest is
/// what a peer sends. Cut or not, the decoder and the handshakes must say the same, and never trap.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  guard input.count >= 2 else { return 0 }
  let stream = Array(input.dropFirst(2))
  let step = Int(input[1]) + 1
  switch input[0] % 5 {
  case 0: compare(step) { transcript(frames: stream, role: .client, step: $0) }
  case 1: compare(step) { transcript(frames: stream, role: .server, step: $0) }
  case 2: compare(step) { transcript(request: stream, step: $0) }
  case 3: compare(step) { transcript(response: stream, step: $0) }
  default: roundTrip(stream, size: step)
  }
  return 0
}

/// Ends the program when pieces (of one byte, and of `step`) and the whole stream at once give different transcripts.
private func compare(_ step: Int, _ run: (Int) -> [String]) {
  let whole = run(Int.max)
  for size in [1, step] {
    let pieces = run(size)
    guard pieces == whole else { fatalError("in pieces of \(size): \(pieces)\nat once: \(whole)") }
  }
}

/// Calls `body` with pieces of at most `step` bytes until it returns false.
private func feed(_ stream: [UInt8], step: Int, _ body: (Span<UInt8>) -> Bool) {
  var start = 0
  while start < stream.count {
    let end = start + min(step, stream.count - start)
    guard body(stream.span.extracting(start..<end)) else { return }
    start = end
  }
}

private func copy(_ bytes: Span<UInt8>) -> [UInt8] { bytes.indices.map { bytes[$0] } }

private func transcript(frames stream: [UInt8], role: Role, step: Int) -> [String] {
  var decoder = FrameDecoder(role: role, limits: FrameLimits(maximumFrame: 1000, maximumMessage: 3000))
  var input = ByteBuffer()
  var lines: [String] = []
  feed(stream, step: step) { piece in
    input.append(piece)
    do throws(WebSocketError) {
      try decoder.decode(&input) { event, payload in
        let bytes = copy(payload)
        if event == .message(.text) {
          precondition(String(validating: bytes, as: UTF8.self) != nil, "not UTF-8: \(bytes)")
        }
        lines.append("\(event) \(bytes)")
        return true
      }
      return true
    } catch {
      lines.append("\(error)")
      return false
    }
  }
  return lines
}

private func transcript(request stream: [UInt8], step: Int) -> [String] {
  var handshake = ServerHandshake()
  var input = ByteBuffer()
  var output = ByteBuffer()
  var lines: [String] = []
  feed(stream, step: step) { piece in
    input.append(piece)
    do throws(HandshakeError) {
      guard let request = try handshake.receive(&input) else { return true }
      lines.append("\(request)")
      handshake.write(.accept, into: &output)
    } catch {
      handshake.write(error, into: &output)
    }
    return false
  }
  return lines + ["\(copy(output.span))"]
}

private func transcript(response stream: [UInt8], step: Int) -> [String] {
  guard
    var handshake = try? ClientHandshake(
      host: "h", port: nil, target: "/", key: Array("the sample nonce".utf8))
  else { fatalError("our own handshake") }
  var input = ByteBuffer()
  var lines: [String] = []
  feed(stream, step: step) { piece in
    input.append(piece)
    do throws(HandshakeError) {
      guard try handshake.receive(&input) else { return true }
      lines.append("accepted")
    } catch {
      lines.append("\(error)")
    }
    return false
  }
  return lines
}

/// What the encoder writes, with a wrong hint and in fragments of `size`, the decoder reads.
private func roundTrip(_ payload: [UInt8], size: Int) {
  for role in [Role.client, .server] {
    let encoder = FrameEncoder(role: role, fragmentationThreshold: size, fragmentSize: size)
    var wire = ByteBuffer()
    encoder.write(.binary, sizeHint: size, maskKey: UInt32(size) &* 0x9E37_79B9, into: &wire) {
      $0.append(payload.span)
    }
    var decoder = FrameDecoder(role: role == .client ? .server : .client)
    var received: [[UInt8]] = []
    do throws(WebSocketError) {
      try decoder.decode(&wire) { _, message in
        received.append(copy(message))
        return true
      }
    } catch {
      fatalError("\(error)")
    }
    guard received == [payload], wire.isEmpty else { fatalError("\(role), \(size): \(received)") }
  }
}
