import Bytes
import Testing

@Suite struct ByteBufferTests {
  func text(_ buffer: borrowing ByteBuffer) -> String {
    String(decoding: (0..<buffer.count).map { buffer.span[$0] }, as: UTF8.self)
  }

  @Test func appendsAtTheEndAndConsumesFromTheFront() {
    var buffer = ByteBuffer()
    buffer.append("hello ")
    buffer.append("world")
    buffer.append(33)
    #expect(text(buffer) == "hello world!")
    buffer.consume(6)
    #expect(text(buffer) == "world!")
    buffer.append(" again".utf8.span)
    #expect(text(buffer) == "world! again")
    buffer.consume(buffer.count)
    let isEmpty = buffer.isEmpty
    #expect(isEmpty)
  }

  @Test func editsCountFromTheFirstReadableByte() {
    var buffer = ByteBuffer()
    buffer.append("xxabcd")
    buffer.consume(2)
    buffer.set(65, at: 0)
    #expect(text(buffer) == "Abcd")
    buffer.insertGap(2, at: 1)
    #expect(text(buffer) == "A\0\0bcd")
    buffer.remove(1..<3)
    #expect(text(buffer) == "Abcd")
    buffer.truncate(to: 2)
    #expect(text(buffer) == "Ab")
  }

  @Test func compactingKeepsTheReadableBytes() {
    var buffer = ByteBuffer()
    buffer.append("0123456789")
    buffer.consume(8)
    buffer.reserve(additional: 4)
    #expect(text(buffer) == "89")
  }

  @Test func largeMemoryIsGivenBackWhenEmpty() {
    var buffer = ByteBuffer(capacity: 8 << 20)
    buffer.append("x")
    buffer.consume(1)
    let capacity = buffer.capacity
    #expect(capacity < 8 << 20)
  }

  @Test func takeLeavesAnEmptyBuffer() {
    var buffer = ByteBuffer()
    buffer.append("abc")
    let taken = buffer.take()
    let isEmpty = buffer.isEmpty
    #expect(isEmpty)
    #expect(text(taken) == "abc")
  }

  @Test(arguments: 0..<40) func masksAnyRange(length: Int) {
    let key: UInt32 = 0x0403_0201
    for start in 0..<9 {
      var bytes = [UInt8](repeating: 0, count: start + length + 3)
      var span = bytes.mutableSpan
      Word.exclusiveOr(&span, in: start..<(start + length), with: key)
      for index in bytes.indices {
        let expected = index >= start && index < start + length ? UInt8((index - start) % 4 + 1) : 0
        #expect(bytes[index] == expected)
      }
    }
  }

  @Test func wordsAreLeastSignificantByteFirst() {
    let bytes: [UInt8] = [9, 1, 2, 3, 4, 5, 6, 7, 8]
    #expect(Word.load(bytes.span, at: 1) == 0x0807_0605_0403_0201)
  }

  @Test func literals_areAppendedAsTheyStand() {
    var buffer = ByteBuffer()
    buffer.append(literal: "")
    buffer.append(literal: "a")
    buffer.append(literal: #"{"é":"#)
    #expect(String(utf8: buffer.span) == #"a{"é":"#)
  }
}
