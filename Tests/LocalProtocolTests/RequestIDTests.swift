import Bytes
import LocalProtocol
import RawJSON
import Testing

@Suite struct RequestIDTests {
  func parsed(_ token: String) -> RequestID? {
    var envelope = JSONEnvelope()
    let array = "[\(token)]"
    guard (try? envelope.scan(array.utf8.span)) != nil, let member = envelope.members.first else { return nil }
    return RequestID(member, in: array.utf8.span)
  }

  @Test(arguments: [
    "1", "0", "-7", "123456789012345678901234567890", #""a""#, #""""#, #""\u0061\n\"""#, #""é😀""#,
    #""0a7d9c42-9f0e-4c4b-8f5d-2a3f0a3f4b5c""#,
  ])
  func anIDComesBackAsItWasWritten(token: String) throws {
    let id = try #require(parsed(token))
    #expect(written { id.write(to: &$0) } == token)
    #expect(id.description == token)
  }

  @Test(arguments: ["null", "true", "1.0", "1e2", "[1]", "{}", "\"a\u{1}b\""])
  func otherKindsAreNone(token: String) { #expect(parsed(token) == nil) }

  @Test func anIDHasABound() {
    #expect(parsed("\"" + String(repeating: "a", count: RequestID.longest) + "\"") != nil)
    #expect(parsed("\"" + String(repeating: "a", count: RequestID.longest + 1) + "\"") == nil)
  }

  @Test(arguments: [
    (#""a""#, #""\u0061""#, true), (#""\u0061""#, #""\u0061""#, true), (#""\/""#, #""/""#, true), ("1", "1", true),
    ("-0", "0", true), ("1", #""1""#, false), (#""a""#, #""A""#, false),
    ("10000000000000000000", "10000000000000000001", false),
    // One character and two that look the same.
    ("\"\u{e9}\"", "\"e\u{301}\"", false), (#""\u00e9""#, "\"\u{e9}\"", true),
  ])
  func idsAreComparedByMeaning(left: String, right: String, isEqual: Bool) throws {
    let (left, right) = (try #require(parsed(left)), try #require(parsed(right)))
    #expect((left == right) == isEqual)
    if isEqual { #expect(left.hashValue == right.hashValue) }
    #expect(Set([left, right]).count == (isEqual ? 1 : 2))
  }

  @Test func idsOfOurOwn() throws {
    #expect(RequestID(7) == parsed("7"))
    #expect(RequestID("a\"b\n") == parsed(#""a\"b\n""#))
    #expect(RequestID("a") == parsed(#""\u0061""#))
    #expect(written { RequestID("a\"").write(to: &$0) } == #""a\"""#)
  }
}
