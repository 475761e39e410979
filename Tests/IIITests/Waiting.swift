import Testing

/// Waits until `fact` holds, which is another thread's; what every test of a worker waits with.
///
/// - Parameters:
///   - what: The fact in words.
///   - location: Who waits.
///   - fact: Asked every few milliseconds.
/// - Throws: When it does not come to hold, what is also recorded. What has not happened after two minutes never will, on the
///   busiest machine and under a sanitizer.
func waitUntil(
  _ what: String, location: SourceLocation = #_sourceLocation, _ fact: () async throws -> Bool
) async throws {
  let limit = ContinuousClock.now + .seconds(120)
  while try await !fact() {
    guard ContinuousClock.now < limit else {
      Issue.record("waited in vain: \(what)", sourceLocation: location)
      throw LinkScene.Late()
    }
    try await Task.sleep(for: .milliseconds(2))
  }
}
