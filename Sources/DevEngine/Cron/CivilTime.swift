/// A second of a day, in UTC.
struct CivilTime: Equatable {
  let day: CivilDay
  /// 0 to 86,399.
  let secondOfDay: Int

  init(secondsSince1970 time: Int) {
    let days = (time >= 0 ? time : time - 86_399) / 86_400
    day = CivilDay(daysSince1970: days)
    secondOfDay = time - days * 86_400
  }

  /// As RFC 3339 has it, with UTC written as an offset as a real engine writes it, and milliseconds unless they are 0.
  func text(milliseconds: Int = 0) -> String {
    let fraction = milliseconds == 0 ? "" : ".\(Self.digits(milliseconds, 3))"
    let date = "\(Self.digits(day.year, 4))-\(Self.digits(day.month, 2))-\(Self.digits(day.day, 2))"
    let (hour, minute, second) = (secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60)
    return
      "\(date)T\(Self.digits(hour, 2)):\(Self.digits(minute, 2)):\(Self.digits(second, 2))\(fraction)+00:00"
  }

  private static func digits(_ number: Int, _ count: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, count - text.count)) + text
  }
}
