/// A point in time as people write it, in UTC: for the stamps of the log, nothing is measured with it.
struct WallTime: Equatable, Sendable {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  let milliseconds: Int64
}

extension WallTime: CustomStringConvertible {
  /// As `2026-11-24T06:10:01.123Z` (RFC 3339).
  var description: String {
    let (days, rest) = Self.divide(milliseconds, by: 86_400_000)
    let (year, month, day) = Self.date(days)
    let (seconds, fraction) = Self.divide(rest, by: 1000)
    let (minutes, second) = Self.divide(seconds, by: 60)
    let (hour, minute) = Self.divide(minutes, by: 60)
    return "\(Self.pad(year, 4))-\(Self.pad(month, 2))-\(Self.pad(day, 2))T\(Self.pad(hour, 2)):\(Self.pad(minute, 2)):"
      + "\(Self.pad(second, 2)).\(Self.pad(fraction, 3))Z"
  }

  /// The date in the Gregorian calendar, `days` after 1970-01-01.
  ///
  /// Counted in years that begin in March, so that the leap day is the last of its year; 400 years have 146,097 days.
  private static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, dayOfEra) = divide(days + 719_468, by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
  }

  /// Quotient and remainder, rounded down: also before 1970.
  private static func divide(_ number: Int64, by divisor: Int64) -> (Int64, Int64) {
    let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }

  private static func pad(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
