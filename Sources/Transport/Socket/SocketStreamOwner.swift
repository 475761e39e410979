/// Who reads and writes a ``SocketStream``. Not held by it: an owner closes its stream before it goes. Every callback comes
/// from the loop, none after ``SocketStream/close()``, which may be called in any of them.
package protocol SocketStreamOwner: AnyObject {
  /// New bytes stand in `stream.input`: those of one read. What the owner leaves there comes again with the next ones.
  func streamReceived(_ stream: SocketStream)

  /// The peer writes no more (AF_UNIX only): it may still read, so what it asked for is to be answered.
  func streamReachedEnd(_ stream: SocketStream)

  /// The peer is gone, or the connection failed. Called once; the stream is closed by then. Bytes that arrived before and
  /// were not handled, because reading was paused, stand in `stream.input`.
  func streamClosed(_ stream: SocketStream, _ error: Errno?)

  /// All output was written, after there was more of it than ``SocketStream/outputMark``.
  func streamDrained(_ stream: SocketStream)
}

extension SocketStreamOwner {
  package func streamReachedEnd(_ stream: SocketStream) {}
  package func streamDrained(_ stream: SocketStream) {}
}
