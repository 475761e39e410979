import Testing

@testable import III

@Suite struct JSONTests {
  @Test func valuesKeepTheirText() throws {
    let text = #" {"b":1e2, "a":[9007199254740993,-0]} "#
    #expect(try JSON(parsing: text).text == text)
    #expect(try JSON(parsing: Array("7".utf8)).integer == 7)
  }

  @Test(arguments: [
    ("", 0), ("{", 1), ("1 2", 2), (#"{"a":1e400}"#, 5), (#"["\ud800"]"#, 2), ("01", 1), ("nul", 3),
  ])
  func otherTextsSayWhere(text: String, offset: Int) {
    let error = #expect(throws: JSONError.self) { try JSON(parsing: text) }
    #expect(error?.offset == offset, "\(error?.message ?? "")")
  }

  @Test func valuesAreMade() {
    let value: JSON = ["s": "a\"b", "n": 1, "f": 1.5, "t": true, "z": nil, "l": [1, "x"], "o": [:]]
    #expect(value.text == #"{"s":"a\"b","n":1,"f":1.5,"t":true,"z":null,"l":[1,"x"],"o":{}}"#)
    #expect(JSON(Double.nan).isNull && JSON(1e300).text == "1e+300")
    #expect(JSON([JSON]()).text == "[]")
  }

  @Test func valuesAreRead() throws {
    let value = try JSON(parsing: #"{"s":"\u00e9\n","n":-5,"f":2.5e1,"t":false,"z":null,"l":[1,[2]],"n":7,"k\"":1}"#)
    #expect(value["s"]?.string == "é\n" && value["n"]?.integer == 7 && value["f"]?.number == 25)
    #expect(value["t"]?.boolean == false && value["z"]?.isNull == true && value["missing"] == nil)
    #expect(value["l"]?.elements?.map(\.text) == ["1", "[2]"] && value["k\""]?.integer == 1)
    #expect(value.elements == nil && value.string == nil && value["s"]?.integer == nil && value["s"]?["x"] == nil)
    #expect(value["n"]?.number == 7 && value["f"]?.integer == nil && value["s"]?.number == nil)
  }
}
