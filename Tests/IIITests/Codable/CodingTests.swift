import III
import Testing

/// What our coders do that Foundation's do not, or do another way.
@Suite struct CodingTests {
  struct Holder: Codable, Equatable {
    var raw: JSON
    var more: [JSON] = []
  }

  @Test func `a JSON is taken over as it is`() throws {
    let raw = try JSON(parsing: #"{ "big" : 18446744073709551615, "z":1, "a" : 1.50 }"#)
    let text = try JSON(encoding: Holder(raw: raw, more: [raw, .null, "x"]))
    #expect(text.text == #"{"raw":\#(raw),"more":[\#(raw),null,"x"]}"#)
    #expect(try text.decode(Holder.self) == Holder(raw: raw, more: [raw, .null, "x"]))
    #expect(try JSON(encoding: raw) == raw)
    #expect(try raw.decode(JSON.self) == raw)
  }

  @Test func `a number keeps its point`() throws {
    #expect(try JSON(encoding: [1.0, -0.0, 1e100, 0.1]).text == "[1.0,-0.0,1e+100,0.1]")
    #expect(try JSON(encoding: [UInt64.max]).text == "[18446744073709551615]")
    #expect(try JSON(encoding: [Int64.min]).text == "[-9223372036854775808]")
    #expect(try JSON(parsing: "[18446744073709551615]").decode([UInt64].self) == [.max])
    #expect(try JSON(parsing: "[-9223372036854775808]").decode([Int64].self) == [.min])
  }

  @Test func `the last of equal names counts`() throws {
    #expect(try JSON(parsing: #"{"value":1,"value":{},"value":3}"#).decode(Zoo.Defaults.self).value == 3)
    #expect(try JSON(parsing: #"{"a":1,"b":2,"\u0061":3}"#).decode([String: Int].self) == ["a": 3, "b": 2])
    let many = (0..<40).map { #""k\#($0)":\#($0)"# }.joined(separator: ",")
    let members = try JSON(parsing: "{\(many),\"k7\":-7}").decode([String: Int].self)
    #expect(members.count == 40)
    #expect(members["k7"] == -7)
  }

  @Test func `a number that is not finite is an error with its path`() throws {
    let error = try #require(throws: EncodingError.self) { try JSON(encoding: ["a": [1, Double.nan]]) }
    guard case .invalidValue(_, let context) = error else { return }
    #expect(context.codingPath.map(\.stringValue) == ["a", "Index 1"])
    #expect(context.debugDescription.contains("nan"))
    #expect(throws: EncodingError.self) { try JSON(encoding: Double.infinity) }
    #expect(throws: EncodingError.self) { try JSON(encoding: [Float.nan]) }
  }

  @Test func `more levels than an engine takes are an error`() throws {
    func tree(_ depth: Int) -> Zoo.Tree {
      (1..<depth).reduce(Zoo.Tree(name: "")) { tree, _ in Zoo.Tree(name: "", children: [tree]) }
    }
    // Each level of the tree is an object in an array; the last one's array is empty.
    #expect(try JSON(encoding: tree(63)).decode(Zoo.Tree.self) == tree(63))
    #expect(throws: EncodingError.self) { try JSON(encoding: tree(64)) }
    let deep = try JSON(parsing: String(repeating: "[", count: 125) + String(repeating: "]", count: 125))
    #expect(throws: Never.self) { try JSON(encoding: [deep]) }
    #expect(throws: EncodingError.self) { try JSON(encoding: [[deep]]) }
    #expect(throws: JSONError.self) { try JSON(parsing: "[[\(deep)]]") }
  }

  @Test func `a container that outlived its value is an error`() throws {
    final class Keeper: Encodable {
      enum Keys: CodingKey { case inner, other }
      final class Inner: Encodable {
        var kept: KeyedEncodingContainer<Keys>?
        func encode(to encoder: any Encoder) throws {
          kept = encoder.container(keyedBy: Keys.self)
          try kept?.encode(1, forKey: .inner)
        }
      }
      func encode(to encoder: any Encoder) throws {
        let inner = Inner()
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(inner, forKey: .inner)
        try inner.kept?.encode(2, forKey: .other)
      }
    }
    #expect(throws: EncodingError.self) { try JSON(encoding: Keeper()) }
  }

  @Test func `two shapes for one value are an error`() {
    struct Both: Encodable {
      func encode(to encoder: any Encoder) throws {
        _ = encoder.unkeyedContainer()
        var object = encoder.container(keyedBy: Zoo.Scrambled.Keys.self)
        try object.encode(1, forKey: .x)
      }
    }
    struct Twice: Encodable {
      func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(1)
        try container.encode(2)
      }
    }
    #expect(throws: EncodingError.self) { try JSON(encoding: Both()) }
    #expect(throws: EncodingError.self) { try JSON(encoding: [Twice()]) }
  }

  @Test func `user info reaches the types`() throws {
    struct Informed: Codable {
      var seen: String
      init() { seen = "" }
      init(from decoder: any Decoder) throws { seen = decoder.userInfo[.worker] as? String ?? "nothing" }
      func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(encoder.userInfo[.worker] as? String ?? "nothing")
      }
    }
    #expect(try JSON(encoding: [Informed()], userInfo: [.worker: "w"]).text == #"["w"]"#)
    #expect(try JSON(parsing: "[0]").decode([Informed].self, userInfo: [.worker: "w"]).first?.seen == "w")
  }

  @Test func `bytes are an array of numbers`() throws {
    #expect(try JSON(encoding: [UInt8]([0, 7, 255])).text == "[0,7,255]")
    let error = #expect(throws: DecodingError.self) {
      try JSON(parsing: #"{"a":[1,-1]}"#).decode([String: [UInt8]].self)
    }
    guard case .dataCorrupted(let context) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(context.codingPath.map(\.stringValue) == ["a", "Index 1"])
  }
}
