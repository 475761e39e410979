/// One field of a ``CronExpression``: the numbers that match it.
struct CronField: Equatable {
  /// What a field counts.
  enum Unit: String {
    case seconds = "seconds"
    case minutes = "minutes"
    case hours = "hours"
    case daysOfMonth = "days of month"
    case months = "months"
    case daysOfWeek = "days of week"
    case years = "years"

    /// The numbers that it has.
    var range: ClosedRange<Int> {
      switch self {
      case .seconds, .minutes: 0...59
      case .hours: 0...23
      case .daysOfMonth: 1...31
      case .months: 1...12
      case .daysOfWeek: 1...7
      case .years: 1970...2100
      }
    }

    /// The number of a name, without regard to case: short, long, and for some days in between.
    func number(of name: String) -> Int? {
      let name = name.lowercased()
      let names: [[String]] =
        switch self {
        case .months: Self.monthNames
        case .daysOfWeek: Self.dayNames
        default: []
        }
      return names.firstIndex { $0.contains(name) }.map { $0 + 1 }
    }

    private static let monthNames = [
      ["jan", "january"], ["feb", "february"], ["mar", "march"], ["apr", "april"], ["may"], ["jun", "june"],
      ["jul", "july"], ["aug", "august"], ["sep", "september"], ["oct", "october"], ["nov", "november"],
      ["dec", "december"],
    ]
    private static let dayNames = [
      ["sun", "sunday"], ["mon", "monday"], ["tue", "tues", "tuesday"], ["wed", "wednesday"],
      ["thu", "thurs", "thursday"], ["fri", "friday"], ["sat", "saturday"],
    ]
  }

  /// In rising order.
  private let numbers: [Int]

  /// Reads a field: parts with commas between them, each `*`, a number, a name or a range of either, with `/step` or
  /// without. `?` is another way to write `*` where days are meant.
  init(_ text: String, of unit: Unit) throws(CronError) {
    var found: Set<Int> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      found.formUnion(try Self.numbers(String(part), unit))
    }
    numbers = found.sorted()
  }

  /// The first matching number that is not below `number`.
  func next(from number: Int) -> Int? {
    var low = 0
    var high = numbers.count
    while low < high {
      let middle = (low + high) / 2
      if numbers[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low < numbers.count ? numbers[low] : nil
  }

  func contains(_ number: Int) -> Bool { next(from: number) == number }

  private static func numbers(_ part: String, _ unit: Unit) throws(CronError) -> [Int] {
    let sides = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard sides.count == 2 else { return Array(try range(part, unit, opensAtPoint: false)) }
    let base = try range(sides[0], unit, opensAtPoint: true)
    guard let step = natural(sides[1]), (1...unit.range.upperBound).contains(step) else {
      throw CronError(unit, "the step '\(sides[1])' is no number from 1 to \(unit.range.upperBound)")
    }
    return Array(stride(from: base.lowerBound, through: base.upperBound, by: step))
  }

  /// The numbers between the ends of a part, of which there may be one; with `opensAtPoint` a single number stands for all
  /// from it on, as it does before a step.
  private static func range(_ text: String, _ unit: Unit, opensAtPoint: Bool) throws(CronError) -> ClosedRange<Int> {
    if text == "*" || (text == "?" && (unit == .daysOfMonth || unit == .daysOfWeek)) { return unit.range }
    let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let first = try number(ends[0], unit)
    guard ends.count == 2 else { return opensAtPoint ? first...unit.range.upperBound : first...first }
    let last = try number(ends[1], unit)
    guard first <= last else { throw CronError(unit, "the range '\(text)' runs backwards") }
    return first...last
  }

  private static func number(_ text: String, _ unit: Unit) throws(CronError) -> Int {
    if let number = natural(text) {
      guard unit.range.contains(number) else {
        throw CronError(unit, "'\(text)' is not from \(unit.range.lowerBound) to \(unit.range.upperBound)")
      }
      return number
    }
    guard let number = unit.number(of: text) else { throw CronError(unit, "'\(text)' means nothing there") }
    return number
  }

  /// The number of up to nine decimal digits.
  private static func natural(_ text: String) -> Int? {
    guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
    else {
      return nil
    }
    return Int(text)
  }
}
