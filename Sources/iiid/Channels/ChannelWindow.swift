/// How much a client may still write without a wait: what it was told is accepted, and has not left, is counted. Pure; part
/// of a ``WritingEnd``.
struct ChannelWindow {
  /// What is to be done with something that is offered.
  enum Verdict: Equatable {
    /// It fits.
    case accept
    /// It is to wait until it fits.
    case wait
    /// It never fits.
    case tooLarge
  }

  /// The most bytes that are accepted and have not left.
  let limit: Int
  private var pending = 0

  init(limit: Int) { self.limit = limit }

  /// How many bytes fit.
  var room: Int { limit - pending }

  /// Whether `count` bytes fit, and when.
  func verdict(on count: Int) -> Verdict {
    if count > limit { return .tooLarge }
    return count <= room ? .accept : .wait
  }

  /// Bytes were accepted.
  mutating func accepted(_ count: Int) { pending += count }

  /// Bytes have left.
  mutating func left(_ count: Int) { pending -= count }
}
