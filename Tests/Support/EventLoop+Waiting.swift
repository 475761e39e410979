import Transport

extension EventLoop {
  /// Runs turns of the loop until `fact` holds; what every test that waits for something waits with.
  ///
  /// - Parameter fact: Asked after each turn, and at least every few milliseconds: a fact needs no event of its own.
  /// - Returns: Whether it came to hold. What has not happened after two minutes never will, on the busiest machine and
  ///   under a sanitizer.
  package func run(until fact: () -> Bool) -> Bool {
    updateTime()
    let limit = now + 120_000
    let tick = Timer(on: self) {}
    tick.start(after: 5, repeatingEvery: 5)
    defer { tick.close() }
    while !fact() {
      guard now < limit else { return false }
      runOnce()
    }
    return true
  }
}
