/// What is wrong with a cron expression.
struct CronError: Error, Equatable, CustomStringConvertible {
  let description: String

  /// A field is wrong.
  init(_ unit: CronField.Unit, _ problem: String) { description = "\(unit.rawValue): \(problem)" }

  /// There are too many fields or too few; five are what other programs take.
  init(fields count: Int) {
    description =
      "it has \(count) field\(count == 1 ? "" : "s"); write 6 or 7: second minute hour day month weekday [year]"
  }
}
