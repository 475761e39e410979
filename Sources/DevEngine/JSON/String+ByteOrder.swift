extension String {
  /// Whether this text's UTF-8 bytes come before those of `other`. Swift's own order and equality go by characters:
  /// they would take two spellings of one accented letter for the same name, which an engine does not.
  func precedes(_ other: String) -> Bool {
    let left = utf8.span
    let right = other.utf8.span
    let shared = min(left.count, right.count)
    for index in 0..<shared where left[index] != right[index] { return left[index] < right[index] }
    return left.count < right.count
  }

  /// Whether both texts are the same bytes.
  func isSameBytes(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
