/// Accepts connections: on a Unix path, on a TCP address, or on a descriptor that was handed over.
///
/// Owned by who serves them; closes itself when it is let go.
package final class Listener {
  /// The loop that it lives on.
  package let loop: EventLoop
  /// The Unix path, if it listens on one that it made.
  package let path: String?
  /// The TCP port, the real one when 0 was asked for.
  package let port: UInt16?
  /// Called when the kernel refuses a connection, with the error (as too many open files); the listener goes on.
  package var acceptFailed: ((Errno) -> Void)?

  let accepted: (SocketStream) -> Void

  /// Listens on `path`, with mode 0660 from the first moment on.
  ///
  /// Missing directories are made with mode 0750. A socket that is left over there is replaced when nobody answers on it.
  ///
  /// - Parameter accepted: Gets each connection, to be started by its owner in the call.
  package init(
    on loop: EventLoop, unixPath path: String, _ accepted: @escaping (SocketStream) -> Void
  ) throws(ListenerError) {
    self.loop = loop
    self.path = path
    self.port = nil
    self.accepted = accepted
  }

  /// Listens on a TCP address.
  ///
  /// - Parameters:
  ///   - host: An IPv4 or IPv6 address, or `localhost`.
  ///   - port: 0 for any free port.
  ///   - accepted: Gets each connection, to be started by its owner in the call.
  package init(
    on loop: EventLoop, host: String, port: UInt16, _ accepted: @escaping (SocketStream) -> Void
  ) throws(ListenerError) {
    self.loop = loop
    self.path = nil
    self.port = port
    self.accepted = accepted
  }

  /// Listens on a descriptor that a service manager has bound (`LISTEN_FDS`); takes its ownership. Its path is not
  /// removed at the end.
  package init(
    on loop: EventLoop, inherited descriptor: consuming Descriptor, _ accepted: @escaping (SocketStream) -> Void
  ) throws(ListenerError) {
    self.loop = loop
    self.path = nil
    self.port = nil
    self.accepted = accepted
  }

  /// Accepts no more until ``resume()``; connections wait in the kernel's queue.
  package func pause() {
  }

  /// Accepts again.
  package func resume() {
  }

  /// Ends listening, and removes the path when it is still ours.
  package func close() {
  }
}
