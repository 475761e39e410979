/// What kind of connection a ``SocketStream`` is; decides what the end of its input means.
package enum SocketFamily: Sendable {
  /// AF_UNIX: a peer may end its output and still wait for ours; only a hang-up says that it is gone.
  case local
  /// AF_INET and AF_INET6, used for WebSocket only: a peer that ends its output is gone.
  case internet
}
