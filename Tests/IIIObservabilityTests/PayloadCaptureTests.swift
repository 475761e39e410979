import Testing

@testable import IIIObservability

@Suite struct PayloadCaptureTests {
  private func text(_ json: String, limit: Int? = nil) -> (text: String, isTruncated: Bool) {
    PayloadCapture(limit: limit).text(Array(json.utf8).span)
  }

  @Test func leavesOutWhatLooksSecretAtAnyDepth() {
    let (text, isTruncated) = text(
      #"{"a": 1, "Password":"hunter2", "list":[{"api_key":{"x":1},"b":[1, 2]}], "x":"a\"b", "to\u006ben":5}"#)
    #expect(
      text
        == #"{"a":1,"Password":"[REDACTED]","list":[{"api_key":"[REDACTED]","b":[1,2]}],"x":"a\"b","to\u006ben":"[REDACTED]"}"#
    )
    #expect(!isTruncated)
  }

  @Test(arguments: [
    "apikey", "X-API-Key", "password", "client_secret", "my_credentials", "Authorization", "auth_token", "id-token",
    "token", "bearer", "PRIVATE_KEY",
  ])
  func secretNames(_ name: String) { #expect(PayloadCapture.isSecret(name)) }

  @Test(arguments: ["name", "tokens", "token_count", "keyboard", ""])
  func otherNames(_ name: String) { #expect(!PayloadCapture.isSecret(name)) }

  @Test func cutsToALengthAndNoCharacterInTwo() {
    let (cut, isTruncated) = text(#""aäöü€€€€€€€€€""#, limit: 24)
    #expect(isTruncated)
    #expect(cut.hasSuffix(PayloadCapture.cut))
    #expect(cut.utf8.count <= 24)
    #expect(!cut.contains("\u{fffd}"))
    #expect(text("[1,2]", limit: 5) == ("[1,2]", false))
  }

  @Test func doesNotLookAtWhatIsTooLargeOrNoJSON() {
    #expect(text("\"" + String(repeating: "x", count: PayloadCapture.largest) + "\"") == (PayloadCapture.cut, true))
    #expect(text("{") == (PayloadCapture.cut, true))
  }
}
