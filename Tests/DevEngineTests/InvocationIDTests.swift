import Testing

@testable import DevEngine

@Suite("Invocation ids")
struct InvocationIDTests {
  private static let text = "abcdefab-0000-4000-8000-00000000000a"

  @Test(arguments: [
    text, text.uppercased(), "abcdefab00004000800000000000000a", "{\(text)}", "urn:uuid:\(text)",
  ])
  func oneValueInManySpellings(_ spelling: String) {
    #expect(InvocationID(spelling)?.description == Self.text)
  }

  @Test(arguments: [
    "", "no-uuid", "abcdefab-0000-4000-8000-00000000000", "abcdefab-0000-4000-8000-00000000000g",
    "abcdefab00000-4000-8000-00000000000a", "{abcdefab-0000-4000-8000-00000000000a",
  ])
  func others(_ text: String) {
    #expect(InvocationID(text) == nil)
  }

  @Test func randomOnesAreVersion4() {
    var generator = SystemRandomNumberGenerator()
    let text = Array(InvocationID(randomBits: generator.next(), generator.next()).description)
    #expect(text[14] == "4")
    #expect("89ab".contains(text[19]))
  }
}
