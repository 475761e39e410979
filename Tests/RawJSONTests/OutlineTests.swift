import RawJSON
import Testing

@Suite struct OutlineTests {
  /// Each entry as its text, with its count and the entry behind it.
  private func entries(_ text: String) throws -> [String] {
    let bytes = Array(text.utf8)
    return try JSONOutline(bytes.span).entries.map { entry in
      "\(String(decoding: bytes[entry.range], as: UTF8.self)) \(entry.count) \(entry.next)"
    }
  }

  @Test func `values stand in the order of the text`() throws {
    #expect(
      try entries(#"{"a":[1,{}],"b":"x"}"#) == [
        #"{"a":[1,{}],"b":"x"} 2 7"#, "a 0 2", "[1,{}] 2 5", "1 0 4", "{} 0 5", "b 0 6", "x 0 7",
      ])
    #expect(try entries(" true ") == ["true 0 1"])
    #expect(try entries("[ ]") == ["[ ] 0 1"])
  }

  private func failure(_ scan: () throws(JSONScanError) -> Void) -> JSONScanError? {
    do throws(JSONScanError) {
      try scan()
      return nil
    } catch { return error }
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `the outline and the envelope take the same texts`(seed: UInt64) {
    var random = RandomJSON(seed: seed)
    var refused = 0
    for _ in 0..<1000 {
      let valid = Array(random.value().utf8)
      for text in [valid, random.damaged(valid), random.damaged(valid)] {
        var envelope = JSONEnvelope()
        let expected = failure { () throws(JSONScanError) in try envelope.scan(text.span) }
        let found = failure { () throws(JSONScanError) in _ = try JSONOutline(text.span) }
        #expect(found == expected, "\(String(decoding: text, as: UTF8.self).debugDescription)")
        refused += found == nil ? 0 : 1
      }
    }
    #expect(refused > 1000)
  }

  @Test func `nesting has an end`() throws {
    func nested(_ depth: Int) -> [UInt8] {
      Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
    }
    #expect(try JSONOutline(nested(126).span).violation == nil)
    #expect(try JSONOutline(nested(127).span).violation?.reason == .nestedTooDeep)
    #expect(try JSONOutline(nested(512).span).entries.count == 512)
    #expect(throws: JSONScanError.self) { try JSONOutline(nested(513).span) }
  }
}
