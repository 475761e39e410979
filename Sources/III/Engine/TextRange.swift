/// Where a value stands in a text, in half the size of a range, or nowhere; a text has less than 4 GiB.
///
/// No value ends at 0, so that stands for none.
struct TextRange: Equatable {
  private var start: UInt32 = 0
  private var end: UInt32 = 0

  /// The place of a value, or none.
  @inline(__always)
  init(_ range: Range<Int>? = nil) {
    guard let range else { return }
    start = UInt32(range.lowerBound)
    end = UInt32(range.upperBound)
  }

  /// The place, if there is one.
  @inline(__always)
  var range: Range<Int>? { end == 0 ? nil : Int(start)..<Int(end) }

  /// The place; an empty one if there is none.
  @inline(__always)
  var wholeRange: Range<Int> { Int(start)..<Int(end) }
}
