import Bytes
import III
import LocalProtocol
import RawJSON
import Transport

/// A command's conversation with the daemon: requests out, lines in, one after the other.
///
/// Owned by the command. A daemon that hangs is noticed by the deadline that each call is given.
final class DaemonConnection {
  /// The longest line that is taken. What an engine sends ends long before that.
  private static let longestLine = 1 << 30

  private let socket: LocalSocket
  private var input = ByteBuffer()
  private var decoder = LineDecoder(limit: longestLine)
  private var requests = 0
  /// Whether the daemon has closed the connection.
  private(set) var isAtEnd = false

  init(_ socket: consuming LocalSocket) { self.socket = socket }

  /// Sends a request.
  ///
  /// - Parameters:
  ///   - method: The method's name.
  ///   - deadline: How long the daemon may take to take it.
  ///   - parameters: Writes the members of `params`, if there are any.
  /// - Returns: The request's number.
  /// - Throws: That the daemon is gone, or does not take it.
  func send(
    _ method: String, until deadline: MonotonicTime, _ parameters: (inout ByteBuffer) -> Void = { _ in }
  ) throws(CommandFailure) -> Int {
    requests += 1
    var line = ByteBuffer()
    line.append("{\"jsonrpc\":\"2.0\",\"id\":")
    line.append(integer: requests)
    line.append(",\"method\":")
    line.append(jsonString: method)
    line.append(",\"params\":{")
    parameters(&line)
    line.append("}}\n")
    do throws(Errno) {
      try socket.send(line.span, until: deadline)
    } catch .brokenPipe {
      // It has closed already, and may have said why: that is still to be read.
    } catch .timedOut {
      throw Self.late
    } catch {
      throw CommandFailure("the connection to the daemon: \(error)", .unavailable)
    }
    return requests
  }

  /// The next line that the daemon sends; nil when it has closed the connection.
  func receive(until deadline: MonotonicTime) throws(CommandFailure) -> DaemonLine? {
    while true {
      var line: DaemonLine?
      var isMalformed = false
      decoder.decode(&input, atEnd: isAtEnd) { event, text in
        line = event == .line ? DaemonLine(text) : nil
        isMalformed = line == nil
        return false
      }
      if isMalformed {
        throw CommandFailure("what answers at this socket does not speak the protocol of iiid", .software)
      }
      if let line { return line }
      if isAtEnd { return nil }
      let count = input.count
      do throws(Errno) {
        try socket.receive(into: &input, until: deadline)
        isAtEnd = input.count == count
      } catch .connectionReset {
        isAtEnd = true
      } catch .timedOut {
        throw Self.late
      } catch {
        throw CommandFailure("the connection to the daemon: \(error)", .unavailable)
      }
    }
  }

  /// The answer to the one request that is open.
  func answer(until deadline: MonotonicTime) throws(CommandFailure) -> Result<[UInt8], DaemonError> {
    while let line = try receive(until: deadline) {
      switch line {
      case .result(_, let value): return .success(value)
      case .error(_, let error): return .failure(error)
      case .event, .other: continue
      }
    }
    throw CommandFailure("the daemon closed the connection before it answered", .unavailable)
  }

  /// Sends a request and waits for its result, which is parsed; an error is the command's.
  ///
  /// - Parameters:
  ///   - method: The method's name.
  ///   - deadline: When to give up.
  ///   - parameters: Writes the members of `params`, if there are any.
  /// - Returns: The result.
  /// - Throws: The daemon's error, or that there is no answer.
  func ask(
    _ method: String, until deadline: MonotonicTime, _ parameters: (inout ByteBuffer) -> Void = { _ in }
  ) throws(CommandFailure) -> JSON {
    _ = try send(method, until: deadline, parameters)
    switch try answer(until: deadline) {
    case .success(let value): return (try? JSON(parsing: value)) ?? .null
    case .failure(let error): throw error.failure
    }
  }

  private static var late: CommandFailure { CommandFailure("the daemon did not answer in time", .timedOut) }
}
