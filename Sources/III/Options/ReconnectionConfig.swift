import Transport

/// When and how often a connection is made anew: after a wait that grows from attempt to attempt.
public struct ReconnectionConfig: Sendable, Hashable {
  /// The first wait.
  public var initialDelay: Duration = .seconds(1)
  /// The longest wait, before jitter.
  public var maximumDelay: Duration = .seconds(30)
  /// What a wait is multiplied by for the next; at least 1.
  public var multiplier = 2.0
  /// How far a wait strays from its value, as a share of it; from 0 to 1.
  public var jitter = 0.3
  /// How many attempts follow, in a row, after one that failed or a connection that was lost; nil: any number.
  ///
  /// When they are used up, the worker is in the state ``ConnectionState/failed``, and its calls fail with
  /// ``InvocationError/notConnected``.
  public var maximumRetries: Int?

  /// 1 s, doubled up to 30 s, each ±30 %, for ever (engine protocol, section 8.1).
  public init() {}
}

extension ReconnectionConfig {
  /// The waits, as the link takes them.
  ///
  /// - Throws: ``ConnectionError`` for a number that means nothing.
  var backoff: Backoff {
    get throws(ConnectionError) {
      guard initialDelay > .zero, maximumDelay > .zero else {
        throw InitOptions.invalid("a wait between attempts to connect is not above zero")
      }
      guard multiplier >= 1, multiplier.isFinite else {
        throw InitOptions.invalid("the multiplier of the waits between attempts is below 1")
      }
      guard (0...1).contains(jitter) else {
        throw InitOptions.invalid("the jitter of the waits between attempts is not from 0 to 1")
      }
      if let maximumRetries, maximumRetries < 0 {
        throw InitOptions.invalid("the number of retries is below zero: leave it out for any number")
      }
      return Backoff(
        initial: initialDelay.milliseconds, maximum: maximumDelay.milliseconds, multiplier: multiplier,
        jitter: Int(jitter * 100), limit: maximumRetries)
    }
  }
}
