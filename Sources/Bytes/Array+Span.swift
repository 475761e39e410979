extension [UInt8] {
  /// A copy of `bytes`, for what has to outlive them.
  @inlinable
  public init(copying bytes: Span<UInt8>) {
    self.init()
    append(addingCapacity: bytes.count) { output in
      for index in bytes.indices { output.append(bytes[index]) }
    }
  }
}
