extension [UInt8] {
  /// A copy of `bytes`, for what has to outlive them.
  @inlinable
  public init(copying bytes: Span<UInt8>) {
    self.init()
    // With nothing to append, the standard library writes the count of the empty array that all threads share.
    guard !bytes.isEmpty else { return }
    self = unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) }
  }
}
