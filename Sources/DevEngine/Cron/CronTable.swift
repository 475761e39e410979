/// The cron bindings. Owned by ``EngineState``.
struct CronTable {
  /// What is known of one binding.
  struct Job {
    let expression: CronExpression
    /// When it fires next, in seconds since 1970; nil while its function runs, and when it never fires again.
    var next: Int?
  }

  /// How long the clock on the wall is trusted to go on evenly, in milliseconds: it may be set, and a machine may sleep.
  private static let trust = 60_000

  /// By the bindings' ids.
  var jobs: [String: Job] = [:]
  /// When the clock on the wall is to be looked at again.
  private var lookAgain = 0

  /// When the earliest job is due or the clock is to be looked at, on the state's clock.
  ///
  /// - Parameter offset: How far the clock on the wall is before the state's, in milliseconds.
  /// - Returns: In milliseconds; nil when nothing is due any more.
  func deadline(offset: Int) -> Int? {
    guard let next = jobs.values.compactMap(\.next).min() else { return nil }
    return min(next * 1000 - offset, lookAgain)
  }

  /// Looks at the clock again in a while.
  mutating func looked(at now: Int) { lookAgain = now + Self.trust }

  /// The ids of the jobs that are due at `time`, in seconds since 1970, earliest first.
  func due(at time: Int) -> [(id: String, scheduled: Int)] {
    jobs.compactMap { id, job in job.next.flatMap { $0 <= time ? (id: id, scheduled: $0) : nil } }
      .sorted { ($0.scheduled, $0.id) < ($1.scheduled, $1.id) }
  }
}
