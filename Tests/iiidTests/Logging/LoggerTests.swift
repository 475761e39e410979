import Testing

@testable import iiid

@Suite("The logger")
struct LoggerTests {
  private let recorder = LogRecorder()

  private func logger(_ level: LogLevel = .info) -> Logger { Logger(to: recorder, format: .journal, level: level) }

  @Test
  func levelsBelowAreNotEvenMade() {
    let log = logger(.warning)
    var made = 0
    func message() -> String {
      made += 1
      return "m"
    }
    log.debug(message())
    log.info(message())
    log.notice(message())
    log.warning(message())
    log.error(message())
    #expect(recorder.take() == ["<4>m\n", "<3>m\n"])
    #expect(made == 2)
    #expect(log.writes(.error) && !log.writes(.notice))
  }

  @Test
  func repeatedLinesAreCounted() {
    let log = logger()
    for number in 1...8 { log.info("late \(number)", repeating: "late answer") }
    log.info("another")
    #expect(
      recorder.take() == ["<6>late 1\n", "<6>late 2\n", "<6>late 3\n", "<6>late 4\n", "<6>late 5\n", "<6>another\n"])
    recorder.now = RepeatLimit.period
    log.info("late 9", repeating: "late answer")
    #expect(recorder.take() == ["<6>late answer: 3 more\n", "<6>late 9\n"])
    recorder.now *= 3
    log.info("late 10", repeating: "late answer")
    #expect(recorder.take() == ["<6>late 10\n"])
  }

  @Test
  func theEndReportsWhatWasWithheld() {
    let log = logger()
    for _ in 1...7 { log.warning("bad", repeating: "bad lines") }
    _ = recorder.take()
    log.stop()
    #expect(recorder.take() == ["<4>bad lines: 2 more\n"])
  }

  @Test
  func kindsAreCountedApart() {
    let log = logger()
    for _ in 1...6 { log.info("a", repeating: "a") }
    log.info("b", repeating: "b")
    #expect(recorder.take().last == "<6>b\n")
  }
}
