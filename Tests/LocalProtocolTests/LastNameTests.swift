import LocalProtocol
import Testing

@Suite struct LastNameTests {
  @Test func decodesEachName_whateverCameBefore() {
    var names = LastName()
    let tokens = [#""a::f""#, #""a::f""#, #""a::g""#, #""a::\u0066""#, #""a::f""#, #""""#, #""caf\u00e9""#]
    #expect(tokens.map { names.decode($0.utf8.span) } == ["a::f", "a::f", "a::g", "a::f", "a::f", "", "café"])
  }
}
