import LocalProtocol
import Testing

@Suite struct LastNameTests {
  @Test func decodesEachName_whateverCameBefore() {
    var names = LastName()
    let long = String(repeating: "x", count: 300)
    let tokens = [
      #""a::f""#, #""a::f""#, #""a::g""#, #""a::\u0066""#, #""""#, #""caf\u00e9""#, "\"\(long)\"", #""a::f""#,
    ]
    let decoded = tokens.map { names.decode($0.utf8.span) }
    #expect(decoded == ["a::f", "a::f", "a::g", "a::f", "", "café", long, "a::f"])
  }
}
