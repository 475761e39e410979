/// The waits between attempts to connect: 1 s, doubled each time up to 30 s, each ±30 %, without an end, unless told
/// otherwise.
///
/// Pure: randomness is an argument.
package struct Backoff: Sendable, Equatable {
  /// The first wait, in milliseconds.
  package var initial: Int
  /// The longest wait before jitter, in milliseconds.
  package var maximum: Int
  /// What a wait is multiplied by for the next one; at least 1.
  package var multiplier: Double
  /// How far a wait strays from its value, in percent.
  package var jitter: Int
  /// How many waits there are in a row; nil: any number.
  package var limit: Int?

  private var attempts = 0
  /// The next wait before jitter and maximum.
  private var wait: Double

  /// A sequence of waits that begins with `initial` milliseconds.
  package init(
    initial: Int = 1000, maximum: Int = 30_000, multiplier: Double = 2, jitter: Int = 30, limit: Int? = nil
  ) {
    self.initial = initial
    self.maximum = maximum
    self.multiplier = multiplier
    self.jitter = jitter
    self.limit = limit
    wait = Double(initial)
  }

  /// Whether no wait is left.
  package var isSpent: Bool { limit.map { attempts >= $0 } ?? false }

  /// The next wait in milliseconds; `random` is 64 random bits.
  package mutating func next(random: UInt64) -> Int {
    let wait = self.wait < Double(maximum) ? Int(self.wait) : maximum
    if wait < maximum { self.wait *= multiplier }
    attempts &+= 1
    let spread = wait / 100 * jitter + wait % 100 * jitter / 100
    return wait - spread + Int(random % UInt64(2 * spread + 1))
  }

  /// Begins anew.
  package mutating func reset() {
    attempts = 0
    wait = Double(initial)
  }
}
