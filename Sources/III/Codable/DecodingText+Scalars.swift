import Bytes
import RawJSON

/// Reading what is not made of other values. Numbers may be written in any way, `1.0` for 1, as with Foundation's
/// decoder; one that the type cannot hold exactly is an error.
extension DecodingText {
  func string(_ place: Int) throws -> String {
    guard kind(place) == .string else { throw mismatch(String.self, "a string", at: place) }
    return name(at: place)
  }

  /// The characters of a string or name.
  func name(at place: Int) -> String {
    let entry = outline[place]
    let utf8 = utf8
    let content = utf8.span.extracting(entry.range)
    // The outline's scan has found valid UTF-8.
    return (entry.isEscaped ? String(jsonContent: content) : String(utf8: content)) ?? ""
  }

  func boolean(at place: Int) throws -> Bool {
    guard kind(place) == .boolean else { throw mismatch(Bool.self, "a boolean", at: place) }
    return utf8[Int(outline[place].start)] == UInt8(ascii: "t")
  }

  func json(at place: Int) -> JSON {
    guard place >= 0 else { return .null }
    let entry = outline[place]
    let range = entry.kind == .string ? (entry.range.lowerBound - 1)..<(entry.range.upperBound + 1) : entry.range
    if range.count == utf8.count { return JSON(valid: utf8) }
    let utf8 = utf8
    return JSON(valid: [UInt8](copying: utf8.span.extracting(range)))
  }

  /// The elements of an array, each read by `element`: without a container and a decoder for each.
  @inline(__always)
  func array<Element>(at place: Int, _ element: (Int) throws -> Element) throws -> [Element] {
    guard kind(place) == .array else { throw mismatch([Element].self, "an array", at: place) }
    let array = outline[place]
    var elements: [Element] = []
    elements.reserveCapacity(Int(array.count))
    var next = place + 1
    for _ in 0..<array.count {
      elements.append(try element(next))
      next = Int(outline[next].next)
    }
    return elements
  }

  @inline(__always)
  func integer<Value: FixedWidthInteger>(_ place: Int) throws -> Value { try integer(Value.self, at: place) }

  @inline(__always)
  func integer<Value: FixedWidthInteger>(_ type: Value.Type, at place: Int) throws -> Value {
    guard kind(place) == .integer else { return try integerOfFraction(type, at: place) }
    let entry = outline[place]
    let utf8 = utf8
    let text = utf8.span
    var index = Int(entry.start)
    let isNegative = text[index] == UInt8(ascii: "-")
    if isNegative { index += 1 }
    var value: Value = 0
    while index < Int(entry.end) {
      guard let digit = Value(exactly: text[index] &- UInt8(ascii: "0")) else { throw misfit(type, at: place) }
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) =
        isNegative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
      if overflow || carry { throw misfit(type, at: place) }
      value = sum
      index += 1
    }
    return value
  }

  @inline(never)
  private func integerOfFraction<Value: FixedWidthInteger>(_ type: Value.Type, at place: Int) throws -> Value {
    guard kind(place) == .fraction else { throw mismatch(type, "a number", at: place) }
    guard let value = Value(exactly: try double(place)) else { throw misfit(type, at: place) }
    return value
  }

  func double(_ place: Int) throws -> Double {
    let kind = kind(place)
    guard kind == .integer || kind == .fraction else { throw mismatch(Double.self, "a number", at: place) }
    let utf8 = utf8
    if let value = PlainDecimal.value(of: utf8.span.extracting(outline[place].range)) { return value }
    guard let value = Double(digits(at: place)), value.isFinite else { throw misfit(Double.self, at: place) }
    return value
  }

  func float(at place: Int) throws -> Float {
    let kind = kind(place)
    guard kind == .integer || kind == .fraction else { throw mismatch(Float.self, "a number", at: place) }
    guard let value = Float(digits(at: place)), value.isFinite else { throw misfit(Float.self, at: place) }
    return value
  }

  /// What stands there.
  private func digits(at place: Int) -> String {
    let utf8 = utf8
    return String(utf8: utf8.span.extracting(outline[place].range)) ?? ""
  }

  private func misfit(_ type: Any.Type, at place: Int) -> DecodingError {
    .dataCorrupted(context(place, "the number \(digits(at: place)) does not fit \(type)"))
  }
}
