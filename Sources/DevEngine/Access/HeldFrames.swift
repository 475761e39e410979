/// What a connection has sent while a hook decides about its registration: it is handled afterwards, in order, as if the
/// hook had taken no time.
struct HeldFrames {
  /// Beyond so many, nothing more is read from the connection until they are handled.
  static let mark = 256

  var messages: [WorkerMessage] = []
  var isPaused = false
}
