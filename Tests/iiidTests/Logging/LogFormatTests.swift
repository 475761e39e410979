import Bytes
import Testing

@testable import iiid

@Suite("Lines of the log")
struct LogFormatTests {
  private let noon = WallTime(milliseconds: 1_795_500_601_042)

  private func line(_ format: LogFormat, _ level: LogLevel, _ message: String) -> String? {
    let line = format.line(level, message, at: noon)
    return String(utf8: line.span)
  }

  @Test(arguments: [(LogLevel.debug, "7"), (.info, "6"), (.notice, "5"), (.warning, "4"), (.error, "3")])
  func prefixesOfTheJournal(level: LogLevel, number: String) {
    #expect(line(.journal, level, "here") == "<\(number)>here\n")
  }

  @Test
  func plainLines() { #expect(line(.plain, .warning, "here") == "2026-11-24T06:10:01.042Z warning: here\n") }

  @Test
  func aMessageIsOneLineWhateverItHolds() {
    #expect(
      line(.journal, .info, "a\nb\r\tc\u{1b}[2J\u{7f}\u{85}\u{202e}é🙂")
        == #"<6>a\nb\r\tc\u{1b}[2J\u{7f}\u{85}\u{202e}é🙂"# + "\n")
    #expect(line(.journal, .info, "\0") == #"<6>\u{0}"# + "\n")
  }

  @Test
  func aLongMessageIsCut() {
    let limit = LogFormat.messageLimit
    #expect(
      line(.journal, .info, String(repeating: "x", count: limit)) == "<6>" + String(repeating: "x", count: limit) + "\n"
    )
    #expect(
      line(.journal, .info, String(repeating: "x", count: limit - 1) + "éy")
        == "<6>" + String(repeating: "x", count: limit - 1) + "…\n")
  }

  @Test(arguments: [
    (Int64(0), "1970-01-01T00:00:00.000Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
    (951_868_799_999, "2000-02-29T23:59:59.999Z"), (-1, "1969-12-31T23:59:59.999Z"),
    (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (4_107_456_000_000, "2100-02-28T00:00:00.000Z"),
    (1_735_689_599_999, "2024-12-31T23:59:59.999Z"),
  ])
  func dates(milliseconds: Int64, text: String) {
    #expect(WallTime(milliseconds: milliseconds).description == text)
  }
}
