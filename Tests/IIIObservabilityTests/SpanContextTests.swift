import Testing

@testable import IIIObservability

@Suite struct SpanContextTests {
  static let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

  @Test func readsAndWrites() throws {
    let context = try #require(SpanContext(traceparent: Self.text))
    #expect(context.traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
    #expect(context.spanID == "00f067aa0ba902b7")
    #expect(context.isSampled)
    #expect(context.traceparent == Self.text)
  }

  @Test(arguments: ["00", "03", "ff", "0A"]) func takesAnyTwoDigitsAsFlags(_ flags: String) throws {
    let context = try #require(SpanContext(traceparent: Self.text.dropLast(2) + flags))
    #expect(context.traceparent == Self.text.dropLast(2) + flags.lowercased())
    #expect(context.isSampled == ["03", "ff"].contains(flags))
  }

  @Test func takesALaterVersionWithMore() {
    #expect(SpanContext(traceparent: "01" + Self.text.dropFirst(2) + "-more") != nil)
    #expect(SpanContext(traceparent: Self.text + "-more") == nil, "version 0 has nothing more")
  }

  @Test(arguments: [
    "", "00", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
    "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
    "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
  ])
  func refusesAnythingElse(_ text: String) { #expect(SpanContext(traceparent: text) == nil) }
}
