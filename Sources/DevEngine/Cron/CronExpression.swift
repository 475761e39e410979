/// When a cron binding fires: six fields, seconds first, and a year if wanted, all in UTC. The grammar is that of the
/// library which a real engine uses: `second minute hour day-of-month month day-of-week [year]`, days of the week from 1
/// (Sunday) to 7, or one of `@yearly`, `@monthly`, `@weekly`, `@daily`, `@hourly`. A day has to match both day fields.
struct CronExpression: Equatable {
  private let seconds: CronField
  private let minutes: CronField
  private let hours: CronField
  private let daysOfMonth: CronField
  private let months: CronField
  private let daysOfWeek: CronField
  private let years: CronField

  private static let shorthands = [
    "@yearly": "0 0 0 1 1 *", "@monthly": "0 0 0 1 * *", "@weekly": "0 0 0 * * 1", "@daily": "0 0 0 * * *",
    "@hourly": "0 0 * * * *",
  ]

  /// Reads `text`.
  ///
  /// - Throws: Which field is wrong, and how.
  init(_ text: String) throws(CronError) {
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    let fields =
      words.count == 1 ? Self.shorthands[words[0]]?.split(separator: " ").map(String.init) ?? words : words
    guard fields.count == 6 || fields.count == 7 else { throw CronError(fields: fields.count) }
    seconds = try CronField(fields[0], of: .seconds)
    minutes = try CronField(fields[1], of: .minutes)
    hours = try CronField(fields[2], of: .hours)
    daysOfMonth = try CronField(fields[3], of: .daysOfMonth)
    months = try CronField(fields[4], of: .months)
    daysOfWeek = try CronField(fields[5], of: .daysOfWeek)
    years = try CronField(fields.count == 7 ? fields[6] : "*", of: .years)
  }

  /// The first time after `time` at which it fires; nil when there is none before the year 2101. Both in seconds since
  /// 1970.
  func next(after time: Int) -> Int? {
    let start = CivilTime(secondsSince1970: time + 1)
    // The clock's part of the first day begins at the start, that of every later one at midnight.
    var second = start.secondOfDay
    var day = start.day
    while true {
      guard let year = years.next(from: day.year) else { return nil }
      if year > day.year {
        day = CivilDay(year: year, month: 1, day: 1)
        second = 0
      }
      guard let month = months.next(from: day.month) else {
        day = CivilDay(year: day.year + 1, month: 1, day: 1)
        second = 0
        continue
      }
      if month > day.month {
        day = CivilDay(year: day.year, month: month, day: 1)
        second = 0
      }
      if daysOfMonth.contains(day.day), daysOfWeek.contains(day.dayOfWeek), let found = nextSecond(from: second) {
        return day.daysSince1970 * 86_400 + found
      }
      day = day.next
      second = 0
    }
  }

  /// The first second of a day from `start` on that matches.
  private func nextSecond(from start: Int) -> Int? {
    var hour = start / 3600
    var minute = start / 60 % 60
    var second = start % 60
    while let found = hours.next(from: hour) {
      if found > hour { (hour, minute, second) = (found, 0, 0) }
      while let found = minutes.next(from: minute) {
        if found > minute { (minute, second) = (found, 0) }
        if let found = seconds.next(from: second) { return hour * 3600 + minute * 60 + found }
        (minute, second) = (minute + 1, 0)
      }
      (hour, minute, second) = (hour + 1, 0, 0)
    }
    return nil
  }
}
