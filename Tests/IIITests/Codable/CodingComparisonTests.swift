import Foundation
import III
import Testing

/// Our coders beside Foundation's: the same text in meaning, the same values, the same kinds of errors at the same places.
@Suite struct CodingComparisonTests {
  /// What JSON a text means, numbers by value.
  private func meaning(_ bytes: Data) throws -> NSObject {
    try #require(try JSONSerialization.jsonObject(with: bytes, options: .fragmentsAllowed) as? NSObject)
  }

  private func expectSame<Value: Codable>(_ value: Value, _ comment: Comment? = nil) throws {
    let ours = Data(try JSON(encoding: value).utf8)
    let theirs = try JSONEncoder().encode(value)
    #expect(try meaning(ours) == meaning(theirs), comment)
    // Each reads what the other wrote, and writes it again.
    let read = try JSON(parsing: Array(theirs)).decode(Value.self)
    #expect(try meaning(JSONEncoder().encode(read)) == meaning(theirs), comment)
    let readByThem = try JSONDecoder().decode(Value.self, from: ours)
    #expect(try meaning(JSONEncoder().encode(readByThem)) == meaning(theirs), comment)
  }

  @Test func `structs, optionals and dictionaries`() throws {
    try expectSame(
      Zoo.Plain(
        text: "a\"\\\n\u{1}ü😀/", count: -7, ratio: 0.1, flag: true, note: nil, list: [1, 2], table: ["x": 1.5, "": 2]))
    try expectSame(
      Zoo.Optionals(some: 1, none: nil, nested: [1, nil, 3], deep: ["a": ["b": nil, "c": 2], "d": [:]]))
    try expectSame(Zoo.ExplicitNull(value: nil))
    try expectSame([Zoo.Tree(name: "root", children: [Zoo.Tree(name: "leaf")])])
    try expectSame([1: "one", 2: "two"])
    // An array of pairs, in whatever order: one is enough.
    try expectSame([Zoo.Color.green: 2])
  }

  @Test func `integers of every size`() throws {
    try expectSame(
      Zoo.Integers(
        a: .min, b: .min, c: .min, d: .min, e: .min, f: .max, g: .max, h: .max, i: .max, j: .max))
    try expectSame(
      Zoo.Integers(a: .max, b: .max, c: .max, d: .max, e: .max, f: 0, g: 0, h: 0, i: 0, j: 0))
    try expectSame([Int128.max, Int128(Int64.min) - 1, 0])
    try expectSame([UInt128.max])
  }

  @Test func `floating point numbers`() throws {
    try expectSame([
      0, -0.0, 1, 0.1, 1.0 / 3, 1e100, 1e-7, 123456.789, Double.leastNonzeroMagnitude, Double.greatestFiniteMagnitude,
      9_007_199_254_740_992, 1e22, 1e23, 0.000001,
    ])
    try expectSame([0, 0.1, Float.greatestFiniteMagnitude, Float.leastNonzeroMagnitude, 16_777_216])
  }

  @Test func `enums with values`() throws {
    try expectSame([Zoo.Shape.point, .circle(radius: 2.5), .pair(.point, .named("x", inside: nil))])
    try expectSame(Zoo.Shape.named("y", inside: .circle(radius: 1)))
  }

  @Test func `classes with superclasses`() throws {
    try expectSame(Zoo.Dog())
    try expectSame(Zoo.Cat())
  }

  @Test func `nested containers in any order`() throws {
    try expectSame(Zoo.Scrambled())
    try expectSame([Zoo.Scrambled(), Zoo.Scrambled()])
    try expectSame(Zoo.HoldsNothing())
  }

  @Test func `scalars at the root`() throws {
    try expectSame("text")
    try expectSame(1)
    try expectSame(true)
    try expectSame(Optional<Int>.none)
    try expectSame([UInt8](0...255))
    try expectSame([[UInt8]]())
    try expectSame(Set(["one"]))
    try expectSame(UUID())
    try expectSame(Date(timeIntervalSinceReferenceDate: 1.25))
    try expectSame(1..<3)
  }

  @Test func `what cannot be encoded leaves nothing behind`() throws {
    #expect(try JSON(encoding: Zoo.Catching()).text == #"{"good":1}"#)
    #expect(try meaning(JSONEncoder().encode(Zoo.Catching())) == ["good": 1] as NSDictionary)
  }

  // MARK: - Errors

  /// The kind of an error, with its path and, of a missing member, the key.
  private func signature(_ error: any Error) -> String {
    func path(_ context: DecodingError.Context) -> String {
      context.codingPath.map { $0.intValue.map { "\($0)" } ?? $0.stringValue }.joined(separator: ".")
    }
    switch error {
    case DecodingError.typeMismatch(_, let context): return "type mismatch at \(path(context))"
    case DecodingError.valueNotFound(_, let context): return "null at \(path(context))"
    case DecodingError.keyNotFound(let key, let context): return "no \(key.stringValue) at \(path(context))"
    case DecodingError.dataCorrupted(let context): return "corrupted at \(path(context))"
    default: return "\(error)"
    }
  }

  private func expectSameError<Value: Decodable>(_ type: Value.Type, _ text: String) {
    let theirs = #expect(throws: (any Error).self, "\(type) from \(text)") {
      _ = try JSONDecoder().decode(type, from: Data(text.utf8))
    }
    let ours = #expect(throws: (any Error).self, "\(type) from \(text)") {
      _ = try JSON(parsing: text).decode(type)
    }
    guard let ours, let theirs else { return }
    #expect(signature(ours) == signature(theirs), "\(type) from \(text)")
  }

  @Test func `errors are of the same kind at the same place`() {
    expectSameError(Zoo.Plain.self, "[]")
    expectSameError(Zoo.Plain.self, "null")
    expectSameError(Zoo.Plain.self, "3")
    expectSameError(Zoo.Plain.self, #"{"text":1}"#)
    expectSameError(Zoo.Plain.self, #"{"text":"a","count":"1"}"#)
    expectSameError(Zoo.Plain.self, #"{"text":"a","count":null}"#)
    expectSameError(Zoo.Plain.self, #"{"text":"a","count":1,"ratio":true}"#)
    expectSameError(Zoo.Plain.self, #"{"text":"a","count":1,"ratio":1,"flag":0}"#)
    expectSameError(Zoo.Plain.self, #"{"text":"a","count":1,"ratio":1,"flag":true,"note":5}"#)
    expectSameError(Zoo.Plain.self, #"{"text":"a","count":1,"ratio":1,"flag":true,"list":[1,2,"3"]}"#)
    expectSameError(Zoo.Plain.self, #"{"text":"a","count":1,"ratio":1,"flag":true,"list":[1,null]}"#)
    expectSameError(Zoo.Plain.self, #"{"text":"a","count":1,"ratio":1,"flag":true,"list":[],"table":{"k":"v"}}"#)
    expectSameError(Zoo.Tree.self, #"{"name":"a","children":[{"name":"b","children":[{"children":[]}]}]}"#)
    expectSameError(Zoo.Color.self, #""blue""#)
    expectSameError(Zoo.Shape.self, #"{"square":{}}"#)
    expectSameError(Zoo.Shape.self, #"{"circle":{}}"#)
    expectSameError(Zoo.Shape.self, #"{"circle":{"radius":1},"point":{}}"#)
    expectSameError([Int: Int].self, #"{"x":1}"#)
  }

  @Test func `a number that does not fit is an error of the same kind`() {
    func expect<Value: Decodable>(_ type: Value.Type, _ text: String) {
      // Foundation leaves the path of the element out.
      for decode in [
        { try JSONDecoder().decode(type, from: Data(text.utf8)) }, { try JSON(parsing: text).decode(type) },
      ] {
        let error = #expect(throws: DecodingError.self, "\(type) from \(text)") { _ = try decode() }
        guard case .dataCorrupted = error else {
          Issue.record("\(String(describing: error))")
          continue
        }
      }
    }
    expect([UInt8].self, "[0,255,256]")
    expect([Int8].self, "[-129]")
    expect([UInt64].self, "[-1]")
    expect([Int].self, "[9223372036854775808]")
    expect([Int].self, "[1.5]")
    expect([Float].self, "[1e300]")
  }

  private func expectSameValue<Value: Decodable & Equatable>(_ type: Value.Type, _ text: String) throws {
    let ours = try JSON(parsing: text).decode(type)
    #expect(try ours == JSONDecoder().decode(type, from: Data(text.utf8)), "\(type) from \(text)")
  }

  @Test func `texts in any form`() throws {
    try expectSameValue(Zoo.Defaults.self, "{}")
    try expectSameValue(Zoo.Defaults.self, #"{"value":null}"#)
    try expectSameValue(Zoo.Defaults.self, #"{"value":3,"more":[{}]}"#)
    try expectSameValue(Zoo.SuperOrNull.self, "{}")
    try expectSameValue([Int].self, " [ 1.0 , 2e2, -3E+0\n] ")
    try expectSameValue([Double].self, "[1, -1, 0.5, 1e5, 123456789012345678, 3.141592653589793, 1E-3, 100e-2]")
    try expectSameValue([String].self, #"["\u00fc\ud83d\ude00\n\/", "plain", ""]"#)
    try expectSameValue([String: Int].self, #"{"\u0061":1,"b":2}"#)
    try expectSameValue([Int: Int].self, #"{"1":1,"-2":2}"#)
    try expectSameValue([Int?].self, "[null,1]")
    try expectSameValue([Double: Int].self, "[1.5,1,2.5,2]")
  }

  @Test func `the same doubles as the standard library`() throws {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      let digits =
        Int.random(in: -999_999_999_999_999_999...999_999_999_999_999_999, using: &generator)
        >> Int.random(in: 0...60, using: &generator)
      let text = "\(digits).\(Int.random(in: 0...9_999_999, using: &generator))"
      #expect(try JSON(parsing: text).decode(Double.self) == Double(text), "\(text)")
    }
  }
}
