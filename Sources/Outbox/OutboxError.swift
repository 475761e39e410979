/// Why the outbox does not take, keep or find something.
package enum OutboxError: Error, Equatable, Sendable {
  /// The file cannot be made or opened.
  case place(String)
  /// Another process has the file.
  case inUse
  /// The file can be opened, and holds nothing that can be used; why, in words.
  case content(String)
  /// The disk, or the file, is full.
  case full
  /// Anything else that went wrong while writing or reading; why, in words.
  case failed(String)
  /// As many calls are kept as may be: by all, or by one user.
  case tooMany(limit: Int, isOfUser: Bool)
  /// As many bytes are kept as may be: by all, or by one user.
  case tooMuch(limit: Int, isOfUser: Bool)
  /// One call with more bytes than may be kept at all.
  case tooLarge(limit: Int, size: Int)
}

extension OutboxError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .place(let reason): reason
    case .inUse: "another process has it open"
    case .content(let reason): reason
    case .full: "the disk is full"
    case .failed(let reason): reason
    case .tooMany(let limit, let isOfUser): "\(isOfUser ? "this user has" : "there are") \(limit) calls in the outbox"
    case .tooMuch(let limit, let isOfUser):
      "\(isOfUser ? "this user's calls" : "the calls") in the outbox may have \(limit) bytes"
    case .tooLarge(let limit, let size): "a call of \(size) bytes does not fit into the outbox, which takes \(limit)"
    }
  }
}
