import Bytes
import Testing

@testable import DevEngine

@Suite("JSON as an engine rewrites it")
struct JSONValueTests {
  private func rewritten(_ text: String) -> String {
    var output = ByteBuffer()
    output.append(json: JSONReader.read(text.utf8.span))
    return String(utf8: output.span) ?? "no UTF-8"
  }

  @Test(arguments: [
    ("18446744073709551615", "18446744073709551615"),
    ("-9223372036854775808", "-9223372036854775808"),
    ("-9223372036854775809", "-9.223372036854776e+18"),
    ("18446744073709551616", "1.8446744073709552e+19"),
    ("123456789012345678901234567890", "1.2345678901234568e+29"),
    ("1.0", "1.0"), ("1e2", "100.0"), ("0.1000000000000000055511151231257827", "0.1"), ("1.5", "1.5"),
    ("-0", "-0.0"), ("-0.0", "-0.0"), ("0", "0"), ("1e-400", "0.0"), ("0e999999999999", "0.0"),
    ("-1e-400", "-0.0"), ("1e15", "1000000000000000.0"), ("1e16", "1e+16"), ("123456e10", "1234560000000000.0"),
    ("0.00001", "0.00001"), ("0.000001", "1e-6"), ("1.25e-7", "1.25e-7"), ("1e-7", "1e-7"), ("123.456", "123.456"),
    ("5e-324", "5e-324"), ("1.7976931348623157e308", "1.7976931348623157e+308"), ("1E+3", "1000.0"),
    ("9007199254740993", "9007199254740993"),
    // Not the nearest double: an engine divides 90071992547409930 by ten.
    ("9007199254740993.0", "9007199254740994.0"),
  ])
  func numbers(_ text: String, _ expected: String) {
    #expect(rewritten(text) == expected)
  }

  @Test(arguments: [
    ("[ 1 , 2 ]", "[1,2]"),
    (" { } ", "{}"), ("[]", "[]"), ("[[],{}]", "[[],{}]"),
    (#"{"z":1,"a":2,"z":3}"#, #"{"a":2,"z":3}"#),
    (#"{"b":1,"a":1,"b":2,"a":3,"c":null}"#, #"{"a":3,"b":2,"c":null}"#),
    (#""\ud83d\ude00\/\u0000\b\f\n\r\t\"\\\u001f\u007f""#, "\"😀/\\u0000\\b\\f\\n\\r\\t\\\"\\\\\\u001f\u{7f}\""),
    ("[true,false,null]", "[true,false,null]"),
    // The same letter spelled in two ways is two names, and the order goes by bytes.
    ("{\"\u{e9}\":1,\"e\u{301}\":2}", "{\"e\u{301}\":2,\"\u{e9}\":1}"),
  ])
  func layout(_ text: String, _ expected: String) {
    #expect(rewritten(text).utf8.elementsEqual(expected.utf8), "\(rewritten(text))")
  }

  @Test func membersAreFoundSetAndRemoved() {
    var object: JSONObject = ["b": 1, "a": 2]
    #expect(object["a"] == 2)
    #expect(object["c"] == nil)
    object["c"] = 3
    object["a"] = nil
    object["b"] = "x"
    object["d"] = nil
    #expect(object == ["b": "x", "c": 3])
  }

  @Test func sizeIsToldWithoutBeingFooledByEscapes() {
    let escapes = JSONValue.string(String(repeating: "\u{1}", count: 200_000))
    #expect(escapes.isLarger(than: 1 << 20))
    #expect(!JSONValue.string(String(repeating: "x", count: (1 << 20) - 2)).isLarger(than: 1 << 20))
    #expect(JSONValue.string(String(repeating: "x", count: (1 << 20) - 1)).isLarger(than: 1 << 20))
  }
}
