import Bytes
@testable import RawJSON
import Testing

@Suite struct EnvelopeScannerTests {
  static func scan(_ text: String, descendingInto names: [JSONKey] = []) throws -> JSONEnvelope {
    var envelope = JSONEnvelope(descendingInto: names)
    try envelope.scan(text.utf8.span)
    return envelope
  }

  static func slice(_ text: String, _ range: Range<Int>) -> String {
    String(utf8: text.utf8.span.extracting(range)) ?? "?"
  }

  static func error(_ bytes: [UInt8]) -> JSONScanError? {
    var envelope = JSONEnvelope()
    do {
      try envelope.scan(bytes.span)
      return nil
    } catch { return error }
  }

  @Test func membersAreByteRanges() throws {
    let text = #" { "id" : 1 , "params":{"a":[1,2,{"b":null}],"c":"x\"y"}, "ok":true } "#
    let envelope = try Self.scan(text)
    #expect(envelope.root == .object)
    #expect(envelope.members.map { Self.slice(text, $0.name) } == ["id", "params", "ok"])
    #expect(
      envelope.members.map { Self.slice(text, $0.value) } == ["1", #"{"a":[1,2,{"b":null}],"c":"x\"y"}"#, "true"])
    #expect(envelope.members.map(\.kind) == [.integer, .object, .boolean])
    #expect(envelope.members.map(\.depth) == [0, 3, 0])
  }

  @Test func namedMembersAreDescendedInto() throws {
    let text = #"{"params":{"function_id":"f","payload":{"params":{"x":1}}},"id":"q","error":[]}"#
    let envelope = try Self.scan(text, descendingInto: ["params", "error"])
    let params = try #require(envelope.index(of: "params"))
    let payload = try #require(envelope.find("payload", in: params))
    #expect(Self.slice(text, payload.value) == #"{"params":{"x":1}}"#)
    #expect(payload.depth == 2)
    #expect(envelope.find("function_id", in: params)?.string(in: text.utf8.span) == "f")
    #expect(envelope.find("function_id") == nil)
    #expect(envelope.find("x", in: params) == nil)
    #expect(envelope.find("id")?.string(in: text.utf8.span) == "q")
    #expect(envelope.find("params")?.depth == 3)
  }

  @Test func theLastOfEqualNamesCountsAndEscapedNamesAreUnderstood() throws {
    let text = #"{"id":1,"id":2,"\u0069d":3}"#
    #expect(try Self.scan(text).find("id")?.integer(in: text.utf8.span) == 3)
  }

  @Test func elementsOfARootArrayAreListed() throws {
    let text = #"[{"id":1}, 2,"x",[3]]"#
    let envelope = try Self.scan(text)
    #expect(envelope.root == .array)
    #expect(envelope.members.map { Self.slice(text, $0.value) } == [#"{"id":1}"#, "2", #""x""#, "[3]"])
    #expect(try Self.scan("[]").members.isEmpty)
  }

  @Test func longNamesNeverMatchAShorterKey() throws {
    let text = #"{"trigger_request_format_and_more":1,"trigger_request_format":2}"#
    #expect(try Self.scan(text).find("trigger_request_format")?.integer(in: text.utf8.span) == 2)
  }

  @Test(arguments: [
    "9223372036854775807", "-9223372036854775808", "0", "-0",
  ])
  func integersThatFit(text: String) throws {
    let line = #"{"n":\#(text)}"#
    #expect(try Self.scan(line).find("n")?.integer(in: line.utf8.span) == Int(text))
  }

  @Test(arguments: ["9223372036854775808", "-9223372036854775809", "1.0", "1e2", #""1""#])
  func whatIsNoIntegerThatFits(text: String) throws {
    let line = #"{"n":\#(text)}"#
    #expect(try Self.scan(line).find("n")?.integer(in: line.utf8.span) == nil)
  }

  @Test(arguments: [
    (#""a\"\\\/\b\f\n\r\té""#, "a\"\\/\u{8}\u{c}\n\r\té"), (#""😀""#, "😀"), (#""\ud83d""#, "\u{fffd}"),
    (#""\ud83dA""#, "\u{fffd}A"), (#""\u0000""#, "\0"), ("\"é😀\"", "é😀"),
  ])
  func stringsAreDecoded(json: String, expected: String) throws {
    let line = #"{"s":\#(json)}"#
    #expect(try Self.scan(line).find("s")?.string(in: line.utf8.span) == expected)
  }

  @Test func newlinesBetweenTokensAreReported() throws {
    #expect(try Self.scan("{\"a\":\n1}").hasNewlines)
    #expect(try Self.scan("{\"a\":1\r}").hasNewlines)
    #expect(try !Self.scan(#"{"a":"\n"}"#).hasNewlines)
  }

  // MARK: - What is no JSON

  @Test(arguments: [
    ("", 0, JSONScanError.Reason.unexpectedEnd), ("{", 1, .unexpectedEnd), (#"{"a""#, 4, .unexpectedEnd),
    (#"{"a":"#, 5, .unexpectedEnd), ("[1", 2, .unexpectedEnd), (#"["x"#, 3, .unexpectedEnd), ("tru", 3, .unexpectedEnd),
    ("{a}", 1, .unexpectedByte(0x61)), ("[1,]", 3, .unexpectedByte(0x5d)), (#"{"a":1,}"#, 7, .unexpectedByte(0x7d)),
    ("[1}", 2, .unexpectedByte(0x7d)), ("1 2", 2, .unexpectedByte(0x32)), ("01", 1, .unexpectedByte(0x31)),
    ("1.", 2, .unexpectedEnd), ("-", 1, .unexpectedEnd), ("1e+", 3, .unexpectedEnd), (".5", 0, .unexpectedByte(0x2e)),
    ("NaN", 0, .unexpectedByte(0x4e)), ("nulx", 3, .unexpectedByte(0x78)), (#""\x""#, 1, .invalidEscape),
    (#""\u12g4""#, 1, .invalidEscape), (#"{"a" 1}"#, 5, .unexpectedByte(0x31)), ("'a'", 0, .unexpectedByte(0x27)),
    ("]", 0, .unexpectedByte(0x5d)), ("{}}", 2, .unexpectedByte(0x7d)), ("\u{feff}1", 0, .unexpectedByte(0xef)),
  ])
  func whatIsNoJSONIsRefusedWithItsByte(text: String, offset: Int, reason: JSONScanError.Reason) {
    #expect(Self.error(Array(text.utf8)) == JSONScanError(offset: offset, reason: reason))
  }

  @Test(
    arguments: [
      [0x80], [0xc0, 0x80], [0xc1, 0xbf], [0xc3], [0xc3, 0x28], [0xe0, 0x80, 0x80], [0xe2, 0x82], [0xed, 0xa0, 0x80],
      [0xf0, 0x80, 0x80, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xff],
    ] as [[UInt8]])
  func malformedUTF8IsRefused(bytes: [UInt8]) {
    for padding in 0..<9 {
      let text = [0x22] + [UInt8](repeating: 0x61, count: padding) + bytes + [0x22]
      #expect(Self.error(text) == JSONScanError(offset: 1 + padding, reason: .invalidUTF8))
    }
  }

  @Test func nestingHasABound() {
    let deep = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
    #expect(Self.error(Array(deep.utf8)) == nil)
    let deeper = [UInt8](repeating: 0x5b, count: 100_000)
    #expect(Self.error(deeper) == JSONScanError(offset: 512, reason: .tooDeep))
  }

  /// Every text is accepted or refused whatever stands where, and a prefix of a good one never is good.
  @Test func everyPrefixIsRefused() throws {
    let text = #"{"a":[1,-2.5e+3,"x\u00e9\ud83d\ude00é",{"b":{}}],"c":true,"d":null}"#
    let bytes = Array(text.utf8)
    #expect(Self.error(bytes) == nil)
    for length in 0..<bytes.count { #expect(Self.error(Array(bytes[..<length])) != nil) }
  }

  // MARK: - What an engine would drop

  static func violation(_ value: String) throws -> JSONViolation? { try scan(#"{"data":\#(value)}"#).violation }

  @Test(arguments: [
    "1e400", "-1e400", "1.7976931348623158e308", "1.7976931348623159e308", "1e309", "1e99999999999999999999",
    String(repeating: "9", count: 309), "0.1e310",
  ])
  func numbersBeyondADouble(number: String) throws {
    #expect(try Self.violation(number) == JSONViolation(offset: 8, reason: .numberBeyondDouble))
  }

  @Test(arguments: [
    "1.7976931348623157e308", "1e308", "1e-400", "0e999999999999", "-0", String(repeating: "9", count: 308), "1E2",
    "0.00000000000000000000000000001e330", "123456789012345678901234567890.5", "1e-99999999999999999999", "0e400",
  ])
  func numbersWithinADouble(number: String) throws { #expect(try Self.violation(number) == nil) }

  @Test(arguments: [#""\ud83d""#, #""\udc00""#, #""\ud83d\u0041""#, #""\ud83d\n""#, #""\ud83d\ud83d\ude00""#])
  func loneSurrogates(string: String) throws {
    #expect(try Self.violation(string) == JSONViolation(offset: 9, reason: .loneSurrogate))
  }

  @Test func controlCharacters() throws {
    #expect(try Self.violation("\"a\tb\"") == JSONViolation(offset: 10, reason: .controlCharacter))
    #expect(try Self.violation("\"\u{7f}\"") == nil)
  }

  @Test func levelsCountFromTheValue() throws {
    func nested(_ levels: Int) -> String {
      String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
    }
    #expect(try Self.violation(nested(126)) == nil)
    #expect(try Self.violation(nested(127)) == JSONViolation(offset: 8 + 126, reason: .nestedTooDeep))
    let inside = try Self.scan(#"{"params":{"payload":\#(nested(126))}}"#, descendingInto: ["params"])
    #expect(inside.violation == nil)
    #expect(inside.members.last?.depth == 126)
    let outside = try Self.scan(#"{"params":{"payload":\#(nested(127))}}"#, descendingInto: ["params"])
    #expect(outside.violation?.reason == .nestedTooDeep)
  }

  @Test func scanningGoesOnBehindAViolation() throws {
    let text = #"{"params":{"payload":[1e400,"\ud800"]},"id":7}"#
    let envelope = try Self.scan(text)
    #expect(envelope.violation?.reason == .numberBeyondDouble)
    #expect(envelope.find("id")?.integer(in: text.utf8.span) == 7)
  }
}
