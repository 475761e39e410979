/// Bounds of the durations in parameters, which are integers in milliseconds.
enum Milliseconds {
  /// The longest: 24.8 days, what 31 bits hold.
  static let longest = Int(Int32.max)
}
