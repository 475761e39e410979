/// How long and how large what an HTTP client does may be.
struct HTTPLimits {
  /// How long the head of a request may take, and the pause before it, in milliseconds.
  var head = 10_000
  /// How long nothing may arrive of a body that is waited for, and how long a client may take nothing of an answer, in
  /// milliseconds.
  var idle = 30_000
  /// How long a function may take until its answer begins, in milliseconds (engine protocol, section 5.7).
  var function = 30_000
  /// How large a JSON body may be, in bytes; other bodies flow through.
  var json = 16 << 20
  /// How much of an answer may wait to be sent before its function is made to wait, in bytes.
  var pending = 256 << 10
  /// How many connections there may be.
  var connections = 512
}
