import Bytes
import LocalProtocol
import RawJSON

/// One line read, as the tests look at it.
final class Script {
  var reader = MessageReader()
  let line: String
  let message: ClientMessage

  init(_ line: String, batchOffset: Int? = nil) {
    self.line = line
    message = reader.read(line.utf8.span, batchOffset: batchOffset)
  }

  /// One word for what was understood, so that a test is one line: `trigger 1`, `trigger`, `response d1`, `batch 2`, or
  /// the error line.
  var outcome: String {
    switch message {
    case .request(let request): request.method.name + (request.id.map { " \($0)" } ?? "")
    case .response(let response): "response \(response.number.map { "d\($0)" } ?? "?") \(outcome(response))"
    case .batch(let count): "batch \(count)"
    case .refused(let id, let error): written { DaemonMessage.error(id, error, to: &$0) }
    }
  }

  private func outcome(_ response: ClientResponse) -> String {
    switch response.outcome {
    case .result(let range): text(range)
    case .failure(let failure):
      "code=\(failure.code.map(text) ?? "-") message=\(failure.message.map(text) ?? "-") "
        + "stacktrace=\(failure.stacktrace.map(text) ?? "-")"
    case .unusable(let reason, _): "unusable: \(reason)"
    }
  }

  /// The error, if the line was refused.
  var error: LocalError? { if case .refused(_, let error) = message { error } else { nil } }

  /// The id with which the error is answered.
  var refusedID: RequestID? { if case .refused(let id, _) = message { id } else { nil } }

  /// The request, if it is one.
  var request: ClientRequest? { if case .request(let request) = message { request } else { nil } }

  /// The answer, if it is one.
  var response: ClientResponse? { if case .response(let response) = message { response } else { nil } }

  func text(_ range: Range<Int>) -> String {
    String(decoding: Array(line.utf8)[range], as: UTF8.self)
  }
}

/// What `write` appends, as text.
func written(_ write: (inout ByteBuffer) -> Void) -> String {
  var buffer = ByteBuffer()
  write(&buffer)
  return String(utf8: buffer.span) ?? "?"
}
