import Foundation
import III
import Testing

/// A ``JSON`` in the coders of others.
@Suite struct ForeignCodingTests {
  @Test(arguments: [
    "null", "true", "1", "18446744073709551615", "-1.5", #""text\n""#, "[]", "{}", #"[1,[null,{"a":"b"}]]"#,
  ])
  func `a JSON passes through Foundation's coders`(_ text: String) throws {
    let json = try JSON(parsing: text)
    let written = try JSONEncoder().encode(json)
    #expect(String(decoding: written, as: UTF8.self) == text)
    #expect(try JSONDecoder().decode(JSON.self, from: written).text == text)
  }
}
