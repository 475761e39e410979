import Bytes
import Testing

@testable import WebSocket

@Suite struct FrameHeaderTests {
  @Test(arguments: [0, 1, 125, 126, 127, 255, 256, 65535, 65536, 65537, 1 << 24, 1 << 32, Int.max])
  func lengthsInTheirShortestForm(length: Int) throws {
    for role in [Role.client, .server] {
      let header = FrameHeader(
        isFinal: true, opcode: .binary, maskKey: role == .server ? 0x0403_0201 : nil, payloadLength: length)
      var buffer = ByteBuffer()
      header.append(to: &buffer)
      let expected = (length < 126 ? 2 : length < 65536 ? 4 : 10) + (role == .server ? 4 : 0)
      #expect(header.encodedLength == expected)
      #expect(buffer.bytes.count == expected)
      let read = try FrameHeader(buffer.span, receivedBy: role)
      #expect(read == header)
      for count in 0..<expected {
        let partial = try FrameHeader(buffer.span.extracting(first: count), receivedBy: role)
        #expect(partial == nil)
      }
    }
  }

  @Test func maskKeyIsInWireOrder() {
    var buffer = ByteBuffer()
    FrameHeader(isFinal: false, opcode: .text, maskKey: 0x0403_0201, payloadLength: 258).append(to: &buffer)
    #expect(buffer.bytes == [0x01, 0xFE, 0x01, 0x02, 0x01, 0x02, 0x03, 0x04])
  }

  @Test func overwritesInPlace() {
    var buffer = ByteBuffer([9, 0, 0, 0, 0, 9])
    FrameHeader(isFinal: true, opcode: .binary, maskKey: nil, payloadLength: 0x1234).write(to: &buffer, at: 1)
    #expect(buffer.bytes == [9, 0x82, 126, 0x12, 0x34, 9])
  }
}
