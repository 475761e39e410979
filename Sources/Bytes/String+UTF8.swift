extension String {
  /// The text of `bytes`; nil when they are not UTF-8.
  @inlinable
  public init?(utf8 bytes: Span<UInt8>) {
    guard let valid = try? UTF8Span(validating: bytes) else { return nil }
    self.init(copying: valid)
  }
}
