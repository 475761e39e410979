import Bytes
import WebSocket

/// Takes a request's body off a connection's input, whichever way it is framed. RFC 9112, sections 6 and 7.
struct HTTPBodyReader {
  private enum State: Equatable {
    case counted(Int)
    case chunkSize
    case chunk(Int)
    case chunkEnd
    case trailer
    case complete
  }

  /// How long the line before a chunk may be, in bytes; and how long all lines behind the last one.
  private static let maximumLine = 256
  private static let maximumTrailer = 8192

  private var state: State
  private var trailerSize = 0

  /// How many bytes the body has; nil when that shows at its end only.
  let length: Int?

  /// Whether all of it was read.
  var isComplete: Bool { state == .complete }

  /// The body that follows a head.
  ///
  /// - Throws: When the head says two things at once about it, or something that is not understood here.
  init(_ head: HTTPHead) throws(HTTPRefusal) {
    let codings = head.values("Transfer-Encoding")
    let lengths = head.values("Content-Length")
    if !codings.isEmpty {
      // Two servers in a row that take different ones of the two for the end could be made to see different requests.
      guard lengths.isEmpty else { throw .badRequest("Content-Length and Transfer-Encoding exclude each other") }
      guard codings.count == 1, codings[0].equalsIgnoringCase("chunked") else {
        throw HTTPRefusal(
          status: 501, code: "NOT_IMPLEMENTED", message: "Only the transfer coding chunked is known here",
          endsConnection: true)
      }
      length = nil
      state = .chunkSize
      return
    }
    guard let text = lengths.first else {
      length = 0
      state = .complete
      return
    }
    guard lengths.allSatisfy({ $0 == text }), (1...15).contains(text.utf8.count),
      text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }), let count = Int(text)
    else { throw .badRequest("Content-Length is no number") }
    length = count
    state = count == 0 ? .complete : .counted(count)
  }

  /// Takes what has arrived.
  ///
  /// - Parameters:
  ///   - input: The connection's input; what belongs to the next request stays.
  ///   - content: Gets each piece of the body.
  /// - Throws: When it is no chunked body.
  mutating func read(_ input: inout ByteBuffer, _ content: (Span<UInt8>) -> Void) throws(HTTPRefusal) {
    while !input.isEmpty, state != .complete {
      switch state {
      case .counted(let left):
        let count = min(left, input.count)
        content(input.span.extracting(0..<count))
        input.consume(count)
        state = left == count ? .complete : .counted(left - count)
      case .chunkSize:
        guard let line = try Self.line(&input, limit: Self.maximumLine) else { return }
        let digits = line.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
        guard (1...8).contains(digits.count), let size = Int(String(decoding: digits, as: UTF8.self), radix: 16),
          digits.first != UInt8(ascii: "-"), digits.first != UInt8(ascii: "+")
        else { throw .badRequest("A chunk has no size") }
        state = size == 0 ? .trailer : .chunk(size)
      case .chunk(let left):
        let count = min(left, input.count)
        content(input.span.extracting(0..<count))
        input.consume(count)
        state = left == count ? .chunkEnd : .chunk(left - count)
      case .chunkEnd:
        guard let line = try Self.line(&input, limit: 2) else { return }
        guard line.isEmpty else { throw .badRequest("A chunk does not end where it should") }
        state = .chunkSize
      case .trailer:
        guard let line = try Self.line(&input, limit: Self.maximumTrailer - trailerSize) else { return }
        trailerSize += line.count + 2
        if line.isEmpty { state = .complete }
      case .complete: return
      }
    }
  }

  /// The next line without its CR LF; nil when it has not arrived whole.
  private static func line(_ input: inout ByteBuffer, limit: Int) throws(HTTPRefusal) -> [UInt8]? {
    var line: [UInt8] = []
    var isWhole = false
    for index in 0..<min(input.count, limit) where !isWhole {
      line.append(input.span[index])
      isWhole = line.last == UInt8(ascii: "\n")
    }
    guard isWhole else {
      guard input.count < limit else { throw .badRequest("A line of a chunked body is too long") }
      return nil
    }
    input.consume(line.count)
    line.removeLast()
    guard line.popLast() == UInt8(ascii: "\r") else { throw .badRequest("LF without CR in a chunked body") }
    return line
  }
}
