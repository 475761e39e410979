/// Eight bytes at a time, from and to any offset, least significant byte first.
///
/// The only place outside `Transport` and the one-file C wrappers where the word `unsafe` stands: the standard library
/// has no unaligned load that is both safe and one instruction. All functions check the bounds first.
public enum Word {
  /// The eight bytes of `bytes` from `offset` on.
  @inlinable @inline(__always)
  public static func load(_ bytes: Span<UInt8>, at offset: Int) -> UInt64 {
    precondition(offset >= 0 && offset &+ 8 <= bytes.count, "word out of bounds")
    return UInt64(
      littleEndian: unsafe bytes.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
  }

  /// The byte of `bytes` at `offset`; 0 behind the end.
  @inlinable @inline(__always)
  public static func byte(_ bytes: Span<UInt8>, at offset: UInt32) -> UInt8 {
    Int(offset) < bytes.count ? unsafe bytes[unchecked: Int(offset)] : 0
  }

  /// The eight bytes of `bytes` from `offset` on; nil when there are less.
  ///
  /// The offset has 32 bits so that it cannot be negative: one comparison is enough.
  @inlinable @inline(__always)
  public static func loadIfWhole(_ bytes: Span<UInt8>, at offset: UInt32) -> UInt64? {
    guard Int(offset) <= bytes.count &- 8 else { return nil }
    return UInt64(
      littleEndian: unsafe bytes.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: Int(offset), as: UInt64.self))
  }

  /// The eight bytes of `bytes` from `offset` on, with zeros for those behind the end.
  @inlinable @inline(__always)
  public static func loadPadded(_ bytes: Span<UInt8>, at offset: UInt32) -> UInt64 {
    loadIfWhole(bytes, at: offset) ?? loadTail(bytes, at: Int(offset))
  }

  /// The bytes of `bytes` from `offset` on, which are less than eight, with zeros behind them.
  @usableFromInline @inline(never)
  static func loadTail(_ bytes: Span<UInt8>, at offset: Int) -> UInt64 {
    if bytes.count >= 8 { return load(bytes, at: bytes.count &- 8) >> UInt64(8 * (offset + 8 - bytes.count)) }
    var word: UInt64 = 0
    for index in (min(offset, bytes.count)..<bytes.count).reversed() { word = word << 8 | UInt64(bytes[index]) }
    return word
  }

  /// Whether both have the same bytes.
  @inlinable
  public static func areEqual(_ one: Span<UInt8>, _ other: Span<UInt8>) -> Bool {
    guard one.count == other.count else { return false }
    var offset = 0
    while offset &+ 8 <= one.count {
      if load(one, at: offset) != load(other, at: offset) { return false }
      offset &+= 8
    }
    while offset < one.count {
      if one[offset] != other[offset] { return false }
      offset &+= 1
    }
    return true
  }

  /// Exclusive-ors every byte of `range` with the four bytes of `key`, repeated; `key`'s least significant byte meets
  /// the first byte of the range.
  @inlinable
  public static func exclusiveOr(_ bytes: inout MutableSpan<UInt8>, in range: Range<Int>, with key: UInt32) {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "range out of bounds")
    let wide = UInt64(key) | UInt64(key) << 32
    var offset = range.lowerBound
    do {
      var raw = unsafe bytes.mutableBytes
      while offset &+ 8 <= range.upperBound {
        let word = unsafe raw.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
        unsafe raw.storeBytes(
          of: (UInt64(littleEndian: word) ^ wide).littleEndian, toUncheckedByteOffset: offset, as: UInt64.self)
        offset &+= 8
      }
    }
    var rest = wide
    while offset < range.upperBound {
      bytes[offset] ^= UInt8(truncatingIfNeeded: rest)
      rest &>>= 8
      offset &+= 1
    }
  }
}
