import Testing

@testable import WebSocket

@Suite struct UTF8ValidatorTests {
  /// Whether `bytes` are valid, in pieces that end at `cuts`.
  static func isValid(_ bytes: [UInt8], cuts: [Int] = []) -> Bool {
    var validator = UTF8Validator()
    var start = 0
    for end in cuts + [bytes.count] {
      guard validator.consume(bytes.span.extracting(start..<end)) else { return false }
      start = end
    }
    return validator.isComplete
  }

  static func isValidForTheLibrary(_ bytes: [UInt8]) -> Bool { String(validating: bytes, as: UTF8.self) != nil }

  @Test func agreesWithTheLibraryOnAllPairsAndTriples() {
    var different = 0
    for first in UInt8.min...UInt8.max {
      for second in UInt8.min...UInt8.max {
        let pair = [first, second]
        if Self.isValid(pair) != Self.isValidForTheLibrary(pair) { different += 1 }
        if first >= 0xE0 {
          for third: UInt8 in [0, 0x7F, 0x80, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF] {
            let triple = pair + [third]
            if Self.isValid(triple) != Self.isValidForTheLibrary(triple) { different += 1 }
            for fourth: UInt8 in [0x7F, 0x80, 0xBF, 0xC0] where first >= 0xF0 {
              let quad = triple + [fourth]
              if Self.isValid(quad) != Self.isValidForTheLibrary(quad) { different += 1 }
            }
          }
        }
      }
    }
    #expect(different == 0)
  }

  /// The same where whole characters are looked at at once: with enough bytes behind them.
  @Test func agreesWithTheLibraryInsideALongerText() {
    let rest = [UInt8](repeating: 0x61, count: 12)
    var different = 0
    for first: UInt8 in 0xC0...0xFF {
      for second in UInt8.min...UInt8.max {
        for third: UInt8 in [0x61, 0x7F, 0x80, 0xBF, 0xC0] {
          for fourth: UInt8 in [0x61, 0x80, 0xBF, 0xC0] {
            let text = [first, second, third, fourth] + rest
            if Self.isValid(text) != Self.isValidForTheLibrary(text) { different += 1 }
          }
        }
      }
    }
    #expect(different == 0)
  }

  @Test func everySplit() {
    let text = Array("ascii enough for a word é 漢字 🚀 and more ascii behind it, a little longer than that".utf8)
    for first in 0...text.count {
      #expect(Self.isValid(text, cuts: [first]))
      for second in first...text.count { #expect(Self.isValid(text, cuts: [first, second])) }
    }
  }

  @Test func aBadByteAtEveryOffset() {
    for length in 1...80 {
      for offset in 0..<length {
        var bytes = [UInt8](repeating: 0x61, count: length)
        bytes[offset] = 0x80
        #expect(!Self.isValid(bytes))
      }
    }
  }

  /// The first byte that no valid text can have there is the one that fails.
  @Test(
    arguments: [
      ([0x61, 0x80], 2), ([0xC0], 1), ([0xC1], 1), ([0xF5], 1), ([0xFF], 1), ([0xC3, 0x41], 2), ([0xE0, 0x9F], 2),
      ([0xED, 0xA0], 2), ([0xF0, 0x8F], 2), ([0xF4, 0x90], 2), ([0xE6, 0xBC, 0x41], 3), ([0x80, 0x61], 1),
      ([0xF0, 0x9F, 0x9A, 0xC0], 4),
    ] as [([UInt8], Int)])
  func failsAsEarlyAsPossible(bytes: [UInt8], expected: Int) {
    var validator = UTF8Validator()
    var taken = 0
    while taken < bytes.count {
      let goesOn = validator.consume(bytes.span.extracting(taken...taken))
      taken += 1
      guard goesOn else { break }
    }
    #expect(taken == expected)
    #expect(!Self.isValid(bytes))
  }

  @Test func randomBytesAgreeWithTheLibrary() {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<20_000 {
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 0...6, using: &random) {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes += Array("漢🚀é".randomElement(using: &random).map(String.init)?.utf8 ?? "".utf8)
        case 1: bytes.append(UInt8.random(in: 0x80...0xFF, using: &random))
        default: bytes += [UInt8](repeating: 0x62, count: Int.random(in: 0...40, using: &random))
        }
      }
      let expected = Self.isValidForTheLibrary(bytes)
      let cut = Int.random(in: 0...bytes.count, using: &random)
      guard Self.isValid(bytes) == expected, Self.isValid(bytes, cuts: [cut]) == expected else {
        Issue.record("\(bytes), cut at \(cut)")
        return
      }
    }
  }
}
