import Transport

/// Decides which lines of a kind that a peer can make at will are written: the first few of each period, then a count.
struct RepeatLimit {
  /// How many lines of a kind are written per period.
  static let allowance = 5
  /// How long a period is, in milliseconds.
  static let period = 10_000

  private struct Window {
    var ends: MonotonicTime
    var written: Int
    var withheld: Int
    var level: LogLevel
  }

  /// Lines that were counted instead of written.
  struct Withheld: Equatable {
    var kind: String
    var count: Int
    var level: LogLevel
  }

  private var windows: [String: Window] = [:]

  /// When the next period with withheld lines ends; nil when nothing is withheld.
  var nextReport: MonotonicTime? { windows.values.filter { $0.withheld > 0 }.map(\.ends).min() }

  /// Whether a line of `kind` is written now; counts it otherwise.
  mutating func admits(_ kind: String, _ level: LogLevel, at now: MonotonicTime) -> Bool {
    // A period that ended with withheld lines is kept until its report was taken.
    guard var window = windows[kind], now < window.ends || window.withheld > 0 else {
      windows[kind] = Window(ends: now + Self.period, written: 1, withheld: 0, level: level)
      return true
    }
    if window.written < Self.allowance {
      window.written += 1
      windows[kind] = window
      return true
    }
    window.withheld += 1
    window.level = max(window.level, level)
    windows[kind] = window
    return false
  }

  /// What was withheld in the periods that have ended, in the order of the kinds; forgets those periods.
  mutating func takeReports(at now: MonotonicTime) -> [Withheld] {
    let ended = windows.filter { $0.value.ends <= now }
    for kind in ended.keys { windows[kind] = nil }
    return ended.filter { $0.value.withheld > 0 }
      .map { Withheld(kind: $0.key, count: $0.value.withheld, level: $0.value.level) }
      .sorted { $0.kind < $1.kind }
  }
}
