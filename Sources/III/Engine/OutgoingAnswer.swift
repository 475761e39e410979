import Bytes
import RawJSON

/// The frame that answers an invocation (engine protocol, section 2.11): its size, and its bytes straight into a buffer.
struct OutgoingAnswer {
  /// The invocation's id.
  var id: UUIDBits

  private static let head = #"{"type":"invocationresult","invocation_id":""#
  private static let function = #"","function_id":"#
  private static let result = #","result":"#
  private static let code = #","error":{"code":"#
  private static let message = #","message":"#
  private static let stacktrace = #","stacktrace":"#

  private func headSize(_ functionToken: Span<UInt8>) -> Int {
    Self.head.utf8.count + UUIDBits.textLength + Self.function.utf8.count + functionToken.count
  }

  /// How many bytes a frame with a result of `count` bytes has.
  func size(functionToken: Span<UInt8>, result count: Int) -> Int {
    headSize(functionToken) + Self.result.utf8.count + count + 1
  }

  /// How many bytes a frame with an error of strings of these many bytes has, quotes included.
  func size(functionToken: Span<UInt8>, code: Int, message: Int, stacktrace: Int?) -> Int {
    headSize(functionToken) + Self.code.utf8.count + code + Self.message.utf8.count + message
      + (stacktrace.map { Self.stacktrace.utf8.count + $0 } ?? 0) + 2
  }

  private func appendHead(_ functionToken: Span<UInt8>, to buffer: inout ByteBuffer) {
    buffer.append(Self.head)
    buffer.append(id)
    buffer.append(Self.function)
    buffer.append(functionToken)
  }

  /// Appends the frame with a result.
  func append(functionToken: Span<UInt8>, result: Span<UInt8>, to buffer: inout ByteBuffer) {
    appendHead(functionToken, to: &buffer)
    buffer.append(Self.result)
    buffer.append(result)
    buffer.append(UInt8(ascii: "}"))
  }

  /// Appends the frame with an error whose strings are JSON strings of `text`.
  func append(
    functionToken: Span<UInt8>, errorTokens text: Span<UInt8>, code: Range<Int>, message: Range<Int>,
    stacktrace: Range<Int>?, to buffer: inout ByteBuffer
  ) {
    appendHead(functionToken, to: &buffer)
    buffer.append(Self.code)
    buffer.append(text.extracting(code))
    buffer.append(Self.message)
    buffer.append(text.extracting(message))
    if let stacktrace {
      buffer.append(Self.stacktrace)
      buffer.append(text.extracting(stacktrace))
    }
    buffer.append("}}")
  }

  /// Appends the frame with an error.
  func append(
    functionToken: Span<UInt8>, code: String, message: String, stacktrace: String?, to buffer: inout ByteBuffer
  ) {
    appendHead(functionToken, to: &buffer)
    buffer.append(Self.code)
    buffer.append(jsonString: code)
    buffer.append(Self.message)
    buffer.append(jsonString: message)
    if let stacktrace {
      buffer.append(Self.stacktrace)
      buffer.append(jsonString: stacktrace)
    }
    buffer.append("}}")
  }
}
