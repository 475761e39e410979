import RawJSON

/// The names that are looked for in every message, made once.
enum Key {
  static let jsonrpc: JSONKey = "jsonrpc"
  static let id: JSONKey = "id"
  static let method: JSONKey = "method"
  static let params: JSONKey = "params"
  static let result: JSONKey = "result"
  static let error: JSONKey = "error"
  static let code: JSONKey = "code"
  static let message: JSONKey = "message"
  static let data: JSONKey = "data"
  static let stacktrace: JSONKey = "stacktrace"
  static let type: JSONKey = "type"
  static let queue: JSONKey = "queue"

  /// The only value of `jsonrpc`.
  static let version: JSONKey = "2.0"
}
