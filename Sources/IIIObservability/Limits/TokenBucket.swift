/// How many spans may be sent: a number per second, and a supply for bursts, of which a part is kept for spans that
/// matter more (engine protocol, section 7.7).
///
/// Pure: time is an argument, in milliseconds.
package struct TokenBucket: Sendable, Equatable {
  /// Tokens per second.
  package let rate: Double
  /// The most tokens there are.
  package let burst: Double
  /// Below this only preferred ones get a token.
  private let reserve: Double
  private var tokens: Double
  private var last: Int
  /// How many got none.
  package private(set) var refused = 0

  /// A full bucket.
  ///
  /// - Parameters:
  ///   - rate: Tokens per second, at least 0.
  ///   - burst: The most tokens; a fifth of them is kept for those that are preferred.
  ///   - now: The time.
  package init(rate: Double, burst: Int, now: Int) {
    self.rate = max(0, rate)
    self.burst = Double(max(0, burst))
    reserve = self.burst / 5
    tokens = self.burst
    last = now
  }

  /// Takes a token, if there is one for such a span.
  package mutating func take(isPreferred: Bool, now: Int) -> Bool {
    if now > last {
      tokens = min(burst, tokens + Double(now - last) * rate / 1000)
      last = now
    }
    guard tokens >= 1, isPreferred || tokens - 1 >= reserve else {
      refused += 1
      return false
    }
    tokens -= 1
    return true
  }

  /// How many got none since this was asked the last time.
  package mutating func takeRefused() -> Int {
    defer { refused = 0 }
    return refused
  }
}
