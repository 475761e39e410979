/// Which end of the connection we are: a client masks what it sends and refuses masked frames, a server the reverse.
///
/// RFC 6455, section 5.1.
public enum Role: Sendable, Equatable {
  /// We dialled.
  case client
  /// We accepted.
  case server
}
