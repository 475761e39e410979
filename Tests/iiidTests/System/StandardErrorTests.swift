import Bytes
import Glibc
import Testing

@testable import iiid

@Suite("Standard error")
struct StandardErrorTests {
  @Test
  func theJournalIsKnownByItsInode() throws {
    var ends: [CInt] = [0, 0]
    try #require(unsafe pipe(&ends) == 0)
    defer { ends.forEach { close($0) } }
    var status = stat()
    try #require(unsafe fstat(ends[1], &status) == 0)
    let output = StandardError(descriptor: ends[1])
    #expect(output.format(["JOURNAL_STREAM": "\(status.st_dev):\(status.st_ino)"]) == .journal)
    #expect(output.format(["JOURNAL_STREAM": "\(status.st_dev):\(status.st_ino + 1)"]) == .plain)
    #expect(output.format([:]) == .plain)
    #expect(StandardError(descriptor: -1).format(["JOURNAL_STREAM": "0:0"]) == .plain)
  }

  @Test
  func aFullPipeAndAGoneReaderAreHarmless() throws {
    signal(SIGPIPE, SIG_IGN)
    var ends: [CInt] = [0, 0]
    try #require(unsafe pipe(&ends) == 0 && fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0)
    let output = StandardError(descriptor: ends[1])
    // More than a pipe holds: what does not fit is dropped after a moment, and what did fit arrived in order.
    let line = [UInt8](repeating: UInt8(ascii: "x"), count: 100_000)
    output.write(line.span)
    var received = [UInt8](repeating: 0, count: 200_000)
    let count = unsafe read(ends[0], &received, received.count)
    #expect(count == 65_536)
    #expect(received[..<count].allSatisfy { $0 == UInt8(ascii: "x") })
    close(ends[0])
    output.write(line.span)
    close(ends[1])
    // A number that was closed may be another test's by now.
    StandardError(descriptor: -1).write(line.span)
  }
}
