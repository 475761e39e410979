import Testing

@testable import DevEngine

@Suite("Cron: expressions, and bindings that fire by them")
struct CronTests {
  /// Seconds since 1970 of a time in UTC.
  private static func time(_ year: Int, _ month: Int, _ day: Int, _ hour: Int = 0, _ minute: Int = 0, _ second: Int = 0)
    -> Int
  {
    CivilDay(year: year, month: month, day: day).daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second
  }

  private static func text(_ time: Int) -> String { CivilTime(secondsSince1970: time).text() }

  // MARK: - Expressions

  @Test(arguments: [
    ("* * * * * *", "2026-11-23T19:11:18+00:00"), ("0 * * * * *", "2026-11-23T19:12:00+00:00"),
    ("0 0 * * * *", "2026-11-23T20:00:00+00:00"), ("@hourly", "2026-11-23T20:00:00+00:00"),
    ("@daily", "2026-11-24T00:00:00+00:00"), ("@weekly", "2026-11-29T00:00:00+00:00"),
    ("@monthly", "2026-12-01T00:00:00+00:00"), ("@yearly", "2027-01-01T00:00:00+00:00"),
    ("*/20 * * * * *", "2026-11-23T19:11:20+00:00"), ("5/20 * * * * *", "2026-11-23T19:11:25+00:00"),
    ("17 11 19 * * *", "2026-11-24T19:11:17+00:00"), ("16,18 11 19 * * *", "2026-11-23T19:11:18+00:00"),
    ("0 0 2 * * * *", "2026-11-24T02:00:00+00:00"), ("0 30 9 ? * Mon-Fri", "2026-11-24T09:30:00+00:00"),
    ("0 30 9 * * 1", "2026-11-29T09:30:00+00:00"), ("0 30 9 * * SUNDAY", "2026-11-29T09:30:00+00:00"),
    ("0 0 0 29 2 *", "2028-02-29T00:00:00+00:00"), ("0 0 0 31 * *", "2026-12-31T00:00:00+00:00"),
    // Both fields of days have to match.
    ("0 0 0 13 * Fri", "2027-08-13T00:00:00+00:00"), ("0 0 0 1 jan,July ? 2030", "2030-01-01T00:00:00+00:00"),
    ("0 0 0 1 1 * 2028/4", "2028-01-01T00:00:00+00:00"), ("59 59 23 31 12 *", "2026-12-31T23:59:59+00:00"),
  ])
  func nextTime(_ expression: String, _ expected: String) throws {
    let found = try CronExpression(expression).next(after: Self.time(2026, 11, 23, 19, 11, 17))
    #expect(found.map(Self.text) == expected)
  }

  @Test(arguments: ["0 0 0 30 2 *", "0 0 0 1 1 * 2020", "0 0 0 31 2,4,6,9,11 *", "0 0 0 29 2 * 2100"])
  func timeThatNeverComes(_ expression: String) throws {
    #expect(try CronExpression(expression).next(after: Self.time(2026, 11, 23)) == nil)
  }

  @Test(arguments: [
    "", " ", "* * * * *", "* * * * * * * *", "60 * * * * *", "* 60 * * * *", "* * 24 * * *", "* * * 0 * *",
    "* * * 32 * *",
    "* * * * 13 *", "* * * * * 0", "* * * * * 8", "* * * * * * 1969", "* * * * * * 2101", "a * * * * *",
    "mon * * * * *",
    "5-1 * * * * *", "1- * * * * *", "-1 * * * * *", "*/0 * * * * *", "*/60 * * * * *", "*/x * * * * *", "1, * * * * *",
    "? * * * * *", "@never", "1.5 * * * * *", "99999999999999999999 * * * * *", "*/ * * * * *", "1/2/3 * * * * *",
  ])
  func badExpressionIsNamed(_ expression: String) {
    let error = #expect(throws: CronError.self) { try CronExpression(expression) }
    #expect(error?.description.isEmpty == false)
  }

  @Test func fiveFieldsAreExplained() {
    #expect(throws: CronError(fields: 5)) { try CronExpression("* * * * *") }
    #expect(CronError(fields: 5).description.contains("6 or 7: second minute hour day month weekday [year]"))
  }

  /// Every day from 1969 to 2101 has its number, its name and its place in the week.
  @Test func calendarIsTheGregorianOne() {
    var expected = (year: 1969, month: 1, day: 1, weekday: 4)
    for days in CivilDay(year: 1969, month: 1, day: 1)
      .daysSince1970..<CivilDay(year: 2101, month: 1, day: 1).daysSince1970
    {
      let day = CivilDay(daysSince1970: days)
      guard day.daysSince1970 == days, (day.year, day.month, day.day, day.dayOfWeek) == expected else {
        Issue.record("\(days): \(day), expected \(expected)")
        return
      }
      let isLeap = expected.year % 4 == 0 && (expected.year % 100 != 0 || expected.year % 400 == 0)
      let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      expected.weekday = expected.weekday % 7 + 1
      expected.day += 1
      if expected.day > lengths[expected.month - 1] { (expected.month, expected.day) = (expected.month + 1, 1) }
      if expected.month > 12 { (expected.year, expected.month) = (expected.year + 1, 1) }
    }
  }

  @Test func timesAreWrittenAsARealEngineWritesThem() {
    let time = Self.time(2026, 11, 23, 19, 11, 7)
    #expect(CivilTime(secondsSince1970: time).text() == "2026-11-23T19:11:07+00:00")
    #expect(CivilTime(secondsSince1970: time).text(milliseconds: 4) == "2026-11-23T19:11:07.004+00:00")
    #expect(CivilTime(secondsSince1970: -1).text() == "1969-12-31T23:59:59+00:00")
  }

  // MARK: - Bindings

  /// The clock on the wall at the state's time 0, in milliseconds.
  private static let wall = time(2026, 11, 23, 19, 11, 16) * 1000 + 500

  private static func bind(_ config: String, id: String = "b") -> String {
    #"{"type":"registertrigger","id":"\#(id)","trigger_type":"cron","function_id":"tick","config":\#(config),"metadata":"m"}"#
  }

  private static func result(_ number: Int, _ outcome: String = #""result":null"#) -> String {
    #"{"type":"invocationresult","invocation_id":"\#(Conversation.id(number))","function_id":"tick",\#(outcome)}"#
  }

  private func scene(_ config: String = #"{"expression":"* * * * * *"}"#) -> Conversation {
    var engine = Conversation()
    engine.wallClockOffset = Self.wall
    engine.join(1, name: "w")
    engine.send(1, #"{"type":"registerfunction","id":"tick"}"#)
    #expect(engine.send(1, Self.bind(config)).isEmpty)
    return engine
  }

  @Test func firesAtItsTime() {
    var engine = scene()
    #expect(engine.state.nextDeadline == 500)
    #expect(engine.advance(to: 499).isEmpty)
    #expect(
      engine.advance(to: 502) == [
        #"1 {"type":"invokefunction","invocation_id":"\#(Conversation.id(3))","function_id":"tick","#
          + #""data":{"actual_time":"2026-11-23T19:11:17.002+00:00","job_id":"b","#
          + #""scheduled_time":"2026-11-23T19:11:17+00:00","trigger":"cron"},"traceparent":"\#(Conversation.traceparent(4))","metadata":"m"}"#
      ])
    // As with a real engine, runs do not overlap, and what passes meanwhile is left out.
    #expect(engine.advance(to: 3900).isEmpty)
    #expect(engine.send(1, Self.result(3)).isEmpty)
    #expect(engine.state.nextDeadline == 4500)
    #expect(engine.advance(to: 4500)[0].contains(#""scheduled_time":"2026-11-23T19:11:21+00:00""#))
    // A failure does not end it, nor does the loss of the function.
    #expect(engine.send(1, Self.result(5, #""error":{"code":"x","message":"y"}"#)).isEmpty)
    engine.send(1, #"{"type":"unregisterfunction","id":"tick"}"#)
    #expect(engine.advance(to: 5500).isEmpty)
    #expect(engine.state.nextDeadline == 6500)
  }

  @Test func conditionDecides() {
    var engine = scene(#"{"expression":"* * * * * *","condition_function_id":"may"}"#)
    engine.send(1, #"{"type":"registerfunction","id":"may"}"#)
    #expect(engine.advance(to: 500)[0].contains(#""function_id":"may","data":{"actual_time""#))
    #expect(engine.send(1, Self.result(3, #""result":false"#)).isEmpty)
    #expect(engine.advance(to: 1500)[0].contains(#""function_id":"may""#))
    #expect(engine.send(1, Self.result(5, #""result":0"#))[0].contains(#""function_id":"tick","data":{"actual_time""#))
    engine.send(1, Self.result(7))
    _ = engine.advance(to: 2500)
    #expect(engine.send(1, Self.result(9, #""error":{"code":"x","message":"y"}"#)).isEmpty)
    #expect(engine.state.nextDeadline == 3500)
  }

  @Test(arguments: [
    (#"{"type":"unregistertrigger","id":"b"}"#, true),
    (#"{"type":"registertriggertype","id":"cron","description":"mine"}"#, false),
  ])
  func endsWithItsBinding(_ frame: String, _ isSilent: Bool) {
    var engine = scene()
    #expect(engine.send(1, frame).isEmpty == isSilent)
    #expect(engine.advance(to: 5000).isEmpty)
    #expect(engine.state.nextDeadline == nil)
  }

  @Test func endsWithItsBinder() {
    var engine = scene()
    _ = engine.disconnect(1)
    #expect(engine.advance(to: 5000).isEmpty)
    #expect(engine.state.cron.jobs.isEmpty)
  }

  @Test func comesBackFromAnotherProvider() {
    var engine = scene()
    engine.join(2, name: "p")
    #expect(engine.send(2, #"{"type":"registertriggertype","id":"cron","description":"mine"}"#).count == 1)
    #expect(engine.advance(to: 5000).isEmpty)
    _ = engine.disconnect(2)
    #expect(engine.advance(to: 5500)[0].contains(#""function_id":"tick""#))
  }

  @Test(arguments: ["null", "{}", #"{"expression":""}"#, #"{"expression":"* * * * *"}"#, #"{"expression":5}"#])
  func badConfigurationIsRefusedAtOnce(_ config: String) {
    var engine = Conversation()
    engine.join(1, name: "w")
    let answer = engine.send(1, Self.bind(config))
    #expect(answer.count == 1)
    #expect(
      answer[0].hasPrefix(
        #"1 {"type":"triggerregistrationresult","id":"b","trigger_type":"cron","function_id":"tick","#
          + #""error":{"code":"trigger_registration_failed","message":""#))
    #expect(engine.state.bindings.isEmpty)
    let call =
      #"{"type":"invokefunction","invocation_id":"bbbbbbbb-0000-4000-8000-000000000000","#
      + #""function_id":"engine::register_trigger","data":{"trigger_type":"cron","function_id":"f","config":\#(config)}}"#
    #expect(engine.send(1, call)[0].contains(#""error":{"code":"trigger_registration_failed""#))
    #expect(engine.state.bindings.isEmpty)
  }

  @Test func clockThatWasSetIsFollowed() {
    var engine = scene(#"{"expression":"0 0 * * * *"}"#)
    // The clock is looked at again after a minute at the latest.
    #expect(engine.state.nextDeadline == 60_000)
    engine.wallClockOffset = Self.time(2026, 11, 24, 7, 59, 59) * 1000 - 60_000
    #expect(engine.advance(to: 60_000)[0].contains(#""scheduled_time":"2026-11-23T20:00:00+00:00""#))
  }
}
