/// The waits between attempts to connect: 1 s, doubled each time up to 30 s, each ±30 %, without an end.
///
/// Pure: randomness is an argument.
package struct Backoff: Sendable, Equatable {
  /// The first wait, in milliseconds.
  package var initial: Int
  /// The longest wait before jitter, in milliseconds.
  package var maximum: Int
  /// How far a wait strays from its value, in percent.
  package var jitter: Int

  private var attempts = 0

  /// A sequence of waits that begins with `initial` milliseconds.
  package init(initial: Int = 1000, maximum: Int = 30_000, jitter: Int = 30) {
    self.initial = initial
    self.maximum = maximum
    self.jitter = jitter
  }

  /// The next wait in milliseconds; `random` is 64 random bits.
  package mutating func next(random: UInt64) -> Int {
    var wait = initial
    for _ in 0..<attempts where wait < maximum { wait *= 2 }
    wait = min(wait, maximum)
    // Beyond this many attempts the wait is the longest anyway.
    if attempts < 62 { attempts += 1 }
    let spread = wait * jitter / 100
    return wait - spread + Int(random % UInt64(2 * spread + 1))
  }

  /// Begins anew.
  package mutating func reset() { attempts = 0 }
}
