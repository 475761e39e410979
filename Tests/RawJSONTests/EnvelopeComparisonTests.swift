import Bytes
@testable import RawJSON
import Testing

/// The scanner and a naive one find the same in random texts, and refuse the same ones at the same byte.
@Suite struct EnvelopeComparisonTests {
  static let descended: [JSONKey] = ["params", "error"]

  /// Whether the text is JSON.
  func compare(_ text: [UInt8], _ envelope: inout JSONEnvelope) -> Bool {
    var naive = NaiveScanner(text, descendingInto: Self.descended)
    var expected: JSONScanError?
    var error: JSONScanError?
    do { try naive.scan() } catch { expected = error }
    do { try envelope.scan(text.span) } catch let failure { error = failure }
    let comment: Comment = "\(String(decoding: text, as: UTF8.self).debugDescription)"
    #expect(error == expected, comment)
    #expect(envelope.hasNewlines == naive.hasNewlines, comment)
    let found = envelope.members.map {
      NaiveScanner.Found(
        name: $0.name, key: $0.key, value: $0.value, parent: Int($0.parent), depth: Int($0.depth), kind: $0.kind)
    }
    guard expected == nil else { return false }
    #expect(envelope.root == naive.root, comment)
    #expect(found == naive.found, comment)
    return true
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>) func randomTexts(seed: UInt64) {
    var random = RandomJSON(seed: seed)
    var envelope = JSONEnvelope(descendingInto: Self.descended)
    var refused = 0
    for _ in 0..<300 {
      let text = Array(random.value().utf8)
      #expect(compare(text, &envelope))
      for _ in 0..<4 where !compare(random.damaged(text), &envelope) { refused += 1 }
    }
    #expect(refused > 300)
  }
}
