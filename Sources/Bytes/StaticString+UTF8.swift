extension StaticString {
  /// The UTF-8 form of a text that is part of the program: no String is made of it.
  @inlinable
  public var utf8: Span<UInt8> {
    @_lifetime(immortal)
    get {
      precondition(hasPointerRepresentation, "one character is no text")
      let bytes = unsafe UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
      return unsafe _overrideLifetime(Span(_unsafeElements: bytes), copying: ())
    }
  }
}
