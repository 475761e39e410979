import Bytes

/// One request from its head to the end of its answer. Owned by its ``HTTPConnection``.
final class HTTPExchange {
  /// The engine's number for it.
  let number: Int
  let request: HTTPServerRequest
  var body: HTTPBodyReader
  /// The binding that it is for.
  var route: (binding: String, path: String, parameters: JSONObject)?
  /// What has arrived of a JSON body.
  var json = ByteBuffer()
  /// Whether its function was called.
  var isCalled = false
  /// The engine's ends of the channels that the function was given.
  var channels: HTTPChannels?
  /// The answer, as far as the function has said it.
  var reply = HTTPReply()
  /// How the answer's body is framed, once its head was sent.
  var framing: HTTPReply.Framing?

  init(number: Int, request: HTTPServerRequest, body: HTTPBodyReader) {
    self.number = number
    self.request = request
    self.body = body
  }

  /// Whether the connection ends behind the answer: because the client wants it, or because it has not sent all of its
  /// request and nobody wants the rest.
  var isLast: Bool { request.wantsClose || !body.isComplete }
}
