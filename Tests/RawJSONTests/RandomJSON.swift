/// Texts that are JSON, and damaged ones, the same in each run.
struct RandomJSON: RandomNumberGenerator {
  /// Names that are descended into, of each length around whole words, escaped, not ASCII.
  static let names = [
    "params", "error", #"\u0070arams"#, "", "id", "seventh", "eight888", "ninth9999", "function_id", "fifteen15151515",
    "sixteen161616161", "twenty-four-24-24-24-24-", "twenty-five-25-25-25-25-2", "é", #"a\"b"#,
  ]

  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var bits = state
    bits = (bits ^ bits >> 30) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ bits >> 27) &* 0x94d0_49bb_1331_11eb
    return bits ^ bits >> 31
  }

  private mutating func one<Element>(of elements: [Element]) -> Element {
    elements[Int(next() % UInt64(elements.count))]
  }

  private mutating func space() -> String { one(of: ["", "", "", "", "", "", " ", "\n", "\t \r\n"]) }

  private mutating func list(_ element: (inout RandomJSON) -> String) -> String {
    var elements: [String] = []
    for _ in 0..<Int.random(in: 0...4, using: &self) { elements.append(space() + element(&self) + space()) }
    return elements.isEmpty ? space() : elements.joined(separator: ",")
  }

  private mutating func number() -> String {
    func digits(_ random: inout RandomJSON) -> String { String(random.next() >> (random.next() % 64)) }
    return one(of: ["", "", "-"]) + one(of: ["0", digits(&self), digits(&self)])
      + one(of: ["", "", "." + digits(&self), ".0" + digits(&self)])
      + one(of: ["", "", "", one(of: ["e", "E", "e+", "E-"]) + digits(&self)])
  }

  private mutating func string() -> String {
    var text = ""
    for _ in 0..<Int.random(in: 0...20, using: &self) {
      text += one(of: [
        "a", "b c", "!", "\u{7f}", "012345678", "a", "z", "é", "€", "😀", #"\n"#, #"\""#, #"\ud83d\ude00"#,
      ])
    }
    return text
  }

  private mutating func name() -> String { one(of: [one(of: Self.names), one(of: Self.names), string()]) }

  mutating func value(depth: Int = 0) -> String {
    switch Int.random(in: 0..<(depth > 5 ? 4 : 9), using: &self) {
    case 0: return number()
    case 1, 2: return "\"\(string())\""
    case 3: return one(of: ["true", "false", "null"])
    case 4, 5: return "[\(list { $0.value(depth: depth + 1) })]"
    default:
      return "{\(list { "\"\($0.name())\"\($0.space()):\($0.space())\($0.value(depth: depth + 1))" })}"
    }
  }

  /// `text` with a byte changed, added or removed, or without its end.
  mutating func damaged(_ text: [UInt8]) -> [UInt8] {
    let bytes = Array("{}[],:\"\\ \n019.eE+-tfnu/".utf8) + [0x00, 0x1f, 0x80, 0xc3, 0xe2, 0xf0, 0xff]
    var text = text
    let index = Int.random(in: 0..<text.count, using: &self)
    switch next() % 4 {
    case 0: text[index] = one(of: bytes)
    case 1: text.insert(one(of: bytes), at: index)
    case 2: text.remove(at: index)
    default: text.removeSubrange(index...)
    }
    return text
  }
}
