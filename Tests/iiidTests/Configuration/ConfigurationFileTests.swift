import Testing

@testable import iiid

@Suite("A configuration file")
struct ConfigurationFileTests {
  private func parse(_ text: String) -> ConfigurationFile { INIParser.parse("f", Array(text.utf8)) }

  private func entries(_ text: String) -> [String] {
    let file = parse(text)
    #expect(file.problems == [])
    return file.entries.map { entry in
      "\(entry.line) [\(entry.section)]" + (entry.key.map { " \($0)=\(entry.value)" } ?? "")
    }
  }

  private func problems(_ text: String) -> [String] { parse(text).problems.map { "\($0.line) \($0.text)" } }

  @Test
  func linesHaveTheirNumbers() {
    #expect(
      entries("# c\n[a]\nx = 1\n\n; c\ny=2\n[b]\nx = 3") == ["2 [a]", "3 [a] x=1", "6 [a] y=2", "7 [b]", "8 [b] x=3"])
    #expect(entries("x = 1") == ["1 [] x=1"])
    #expect(entries("") == [])
    #expect(entries("\n\n") == [])
  }

  @Test
  func whatStandsAroundDoesNotCount() {
    #expect(entries("\u{feff}[a]\r\n  x =  1 2  \r\n\ty:3\r\n") == ["1 [a]", "2 [a] x=1 2", "3 [a] y=3"])
  }

  /// To inih an indented line continues the value above it; to people it is a key.
  @Test
  func anIndentedLineIsAKeyOfItsOwn() {
    #expect(entries("[a]\nx = 1\n  y = 2") == ["1 [a]", "2 [a] x=1", "3 [a] y=2"])
  }

  @Test
  func comments() {
    #expect(
      entries("[a] ; c\nx = 1 ; c\ny = 1;2\nz = # 1\n;[b]\n  # c = 1") == [
        "1 [a]", "2 [a] x=1", "3 [a] y=1;2", "4 [a] z=# 1",
      ])
    #expect(entries("# " + String(repeating: "c", count: 1000)) == [])
    #expect(entries("[a]\nx = 1 ;" + String(repeating: "c", count: 1000)) == ["1 [a]", "2 [a] x=1"])
  }

  @Test
  func emptySectionsAndValuesAreSeen() {
    #expect(entries("[a]\n[ b ]\nx =\n = 1") == ["1 [a]", "2 [ b ]", "3 [ b ] x=", "4 [ b ] =1"])
  }

  @Test
  func signsInValues() {
    #expect(entries("[a]\nx = ws://h:1/?a=b=c") == ["1 [a]", "2 [a] x=ws://h:1/?a=b=c"])
  }

  @Test
  func everyBadLineIsNamed() {
    #expect(
      problems("[a]\ngarbage\nx = 1\n[open\n[b] x = 2\ny = \u{1b}[0m\nmore garbage") == [
        "2 neither [section] nor key = value nor a comment; write key = value",
        "4 no [section]; close the bracket, and put keys on lines of their own",
        "5 no [section]; close the bracket, and put keys on lines of their own",
        "6 holds the control character 0x1b; leave it out",
        "7 neither [section] nor key = value nor a comment; write key = value",
      ])
  }

  @Test
  func theLongestLine() {
    let value = String(repeating: "v", count: ConfigurationFile.longestLine - 2)
    #expect(entries("[a]\nx=\(value)\ny=2") == ["1 [a]", "2 [a] x=\(value)", "3 [a] y=2"])
    #expect(problems("[a]\nx=\(value)v\ny=2") == ["2 has 199 bytes; a line may have 198"])
    #expect(problems(String(repeating: "x", count: 1 << 20)) == ["1 has 1048576 bytes; a line may have 198"])
  }

  @Test
  func whatIsNoText() {
    #expect(INIParser.parse("f", [0x78, 0x3d, 0xff]).problems.map(\.text) == ["no UTF-8; save the file as UTF-8"])
    #expect(problems("[a]\nx = 1\0\n").map { $0.prefix(12) } == ["2 holds the "])
  }

  @Test
  func nobodyReadsOnForEver() {
    let file = parse(String(repeating: "garbage\n", count: 100_000))
    #expect(file.problems.count == 20)
  }

  /// Whatever the bytes: no crash, no line that is not there, no more than one word about a line.
  @Test
  func anyBytes() {
    let pieces: [[UInt8]] =
      ["[", "]", "=", ":", ";", "#", " ", "\t", "\n", "\r\n", "a", "[a]\n", "k = v\n", " ;", "\u{feff}"]
      .map { Array($0.utf8) } + [[0], [0xff], [0xef, 0xbb, 0xbf], Array(repeating: 0x78, count: 199)]
    var random: UInt64 = 1
    for _ in 0..<2000 {
      var content: [UInt8] = []
      for _ in 0..<24 {
        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        content += pieces[Int(random >> 33) % pieces.count]
      }
      let file = INIParser.parse("f", content)
      let lines = content.split(separator: 0x0a, omittingEmptySubsequences: false).count
      #expect(file.entries.allSatisfy { (1...lines).contains($0.line) })
      #expect(Set(file.problems.map(\.line)).count == file.problems.count)
      #expect(Set(file.problems.map(\.line)).isDisjoint(with: file.entries.map(\.line)))
    }
  }

  @Test
  func aLongSectionIsCutByNobody() {
    let name = String(repeating: "s", count: 100)
    #expect(parse("[\(name)]\nx = 1").entries.first?.section == name)
  }
}
