/// Why nothing can be listened on.
package enum ListenerError: Error, Equatable, Sendable {
  /// The path has more than the 107 bytes that a socket address holds.
  case pathTooLong(path: String, bytes: Int)
  /// Another process answers on the path, or is about to listen on it.
  case inUse(path: String)
  /// What stands at the path is no socket, and is not removed.
  case notASocket(path: String)
  /// An inherited descriptor that does not listen on a stream socket.
  case notListening(descriptor: Int32)
  /// No address to listen on; why, in words.
  case address(String)
  /// A system call failed.
  case system(operation: String, Errno)
}

extension ListenerError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .pathTooLong(let path, let bytes): "\(path): a socket path may have 107 bytes, this one has \(bytes)"
    case .inUse(let path): "\(path): another process listens there"
    case .notASocket(let path): "\(path): exists and is not a socket"
    case .notListening(let descriptor): "descriptor \(descriptor) is not a listening stream socket"
    case .address(let text): text
    case .system(let operation, let error): "\(operation): \(error)"
    }
  }
}
