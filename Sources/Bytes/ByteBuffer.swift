/// Growable bytes with a reader and a writer index: bytes are appended at the end and consumed from the front.
///
/// The buffer of every connection, in both directions. It owns its memory alone and is moved, never copied, so that an
/// append is a bounds check and a copy of bytes; memory that one large message needed is given back when the buffer runs
/// empty.
///
///       0            reader              writer         capacity
///       +------------+-------------------+--------------+
///       | consumed   | readable          | free         |
///       +------------+-------------------+--------------+
@safe public struct ByteBuffer: ~Copyable {
  /// An empty buffer that holds more than this is released at once instead of kept for reuse.
  @usableFromInline static var retainedCapacity: Int { 4 << 20 }

  /// The memory; nil while the capacity is 0.
  @usableFromInline var memory: UnsafeMutablePointer<UInt8>?
  @usableFromInline var size = 0
  @usableFromInline var reader = 0
  @usableFromInline var writer = 0

  /// An empty buffer without memory.
  @inlinable
  public init() {
    unsafe memory = nil
  }

  /// An empty buffer with room for `capacity` bytes.
  public init(capacity: Int) {
    self.init()
    if capacity > 0 { resize(to: capacity) }
  }

  deinit { unsafe memory?.deallocate() }

  /// How many bytes the memory holds, consumed ones included.
  @inlinable public var capacity: Int { size }

  /// How many bytes are readable.
  @inlinable public var count: Int { writer &- reader }

  /// Whether no byte is readable.
  @inlinable public var isEmpty: Bool { writer == reader }

  /// The readable bytes.
  @inlinable public var span: Span<UInt8> {
    @_lifetime(borrow self)
    get {
      let bytes = unsafe UnsafeBufferPointer(start: memory.map { unsafe UnsafePointer($0) + reader }, count: count)
      return unsafe _overrideLifetime(Span(_unsafeElements: bytes), borrowing: self)
    }
  }

  /// The readable bytes, to be changed in place.
  var mutableSpan: MutableSpan<UInt8> {
    @_lifetime(&self)
    mutating get {
      let bytes = unsafe UnsafeMutableBufferPointer(start: memory.map { unsafe $0 + reader }, count: count)
      return unsafe _overrideLifetime(MutableSpan(_unsafeElements: bytes), mutating: &self)
    }
  }
}

// MARK: - Memory

extension ByteBuffer {
  /// Makes room for `additional` bytes beyond the readable ones, so that appending them does not grow the storage
  /// step by step.
  public mutating func reserve(additional: Int) {
    precondition(additional >= 0, "a room of less than nothing")
    compact()
    if capacity &- writer < additional { resize(to: writer + additional) }
  }

  /// Makes room for `additional` bytes, at least doubling the storage when it has to grow.
  @usableFromInline
  mutating func grow(by additional: Int) {
    compact()
    guard capacity &- writer < additional else { return }
    resize(to: max(writer + additional, 2 * capacity, 64))
  }

  private mutating func resize(to capacity: Int) {
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    let count = count
    if let memory = unsafe memory {
      unsafe larger.update(from: memory + reader, count: count)
      unsafe memory.deallocate()
    }
    unsafe memory = larger
    size = capacity
    reader = 0
    writer = count
  }

  /// Moves the readable bytes to the front when at least half of the storage is consumed.
  public mutating func compact() {
    guard reader > 0, reader >= writer &- reader, let memory = unsafe memory else { return }
    let count = count
    unsafe memory.update(from: memory + reader, count: count)
    reader = 0
    writer = count
  }

  /// Gives the content to the caller and leaves an empty buffer, so that its owner may be touched while the content
  /// is read.
  @inlinable
  public mutating func take() -> ByteBuffer {
    var taken = ByteBuffer()
    swap(&taken, &self)
    return taken
  }
}

// MARK: - Writing

extension ByteBuffer {
  /// Appends one byte.
  @inlinable
  public mutating func append(_ byte: UInt8) {
    if writer == capacity { grow(by: 1) }
    unsafe memory.unsafelyUnwrapped[writer] = byte
    writer &+= 1
  }

  /// Appends the `count` (8 at most) least significant bytes of `word`, the least significant one first.
  @inlinable
  public mutating func append(word: UInt64, count: Int) {
    precondition(count >= 0 && count <= 8, "a word has eight bytes")
    if size &- writer < 8 { grow(by: 8) }
    unsafe UnsafeMutableRawPointer(memory.unsafelyUnwrapped + writer).storeBytes(of: word.littleEndian, as: UInt64.self)
    writer &+= count
  }

  /// Appends a copy of `bytes`.
  @inlinable
  public mutating func append(_ bytes: Span<UInt8>) {
    let count = bytes.count
    guard count > 0 else { return }
    if capacity &- writer < count { grow(by: count) }
    unsafe bytes.withUnsafeBufferPointer { source in
      unsafe (memory.unsafelyUnwrapped + writer).update(from: source.baseAddress.unsafelyUnwrapped, count: count)
    }
    writer &+= count
  }

  /// Appends the UTF-8 form of `text`.
  @inlinable
  public mutating func append(_ text: String) { append(text.utf8.span) }

  /// Appends the UTF-8 form of a text that is part of the program: no String is made of it.
  @inlinable
  public mutating func append(literal text: StaticString) {
    append(text.utf8)
  }

  /// Appends what `initializer` writes into room for `capacity` bytes; nothing when it throws.
  @inlinable
  public mutating func append<E: Error>(
    capacity room: Int, initializingWith initializer: (inout OutputSpan<UInt8>) throws(E) -> Void
  ) throws(E) {
    if capacity &- writer < room { grow(by: room) }
    let free = unsafe UnsafeMutableBufferPointer(start: memory.map { unsafe $0 + writer }, count: room)
    var output = unsafe OutputSpan(buffer: free, initializedCount: 0)
    try initializer(&output)
    writer &+= unsafe output.finalize(for: free)
  }

  /// Overwrites the readable byte at `offset`.
  @inlinable
  public mutating func set(_ byte: UInt8, at offset: Int) {
    precondition(offset >= 0 && offset < count, "a byte that is not readable")
    unsafe memory.unsafelyUnwrapped[reader &+ offset] = byte
  }

  /// Exclusive-ors the readable bytes in `range` with the four bytes of `key`, as ``Word/exclusiveOr(_:in:with:)`` does.
  public mutating func exclusiveOr(in range: Range<Int>, with key: UInt32) {
    var span = mutableSpan
    Word.exclusiveOr(&span, in: range, with: key)
  }

  /// Inserts `length` zero bytes at `offset`, moving what follows towards the end.
  public mutating func insertGap(_ length: Int, at offset: Int) {
    precondition(length >= 0 && offset >= 0 && offset <= count, "a gap outside the readable bytes")
    if capacity &- writer < length { grow(by: length) }
    guard length > 0, let memory = unsafe memory else { return }
    let start = unsafe memory + reader + offset
    unsafe (start + length).update(from: start, count: count - offset)
    unsafe start.update(repeating: 0, count: length)
    writer &+= length
  }

  /// Copies the readable bytes in `range` to `offset`; source and destination may overlap.
  public mutating func move(_ range: Range<Int>, to offset: Int) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "moved bytes that are not readable")
    precondition(offset >= 0 && offset <= count - range.count, "moved beyond the readable bytes")
    guard !range.isEmpty, let memory = unsafe memory else { return }
    let start = unsafe memory + reader
    unsafe (start + offset).update(from: start + range.lowerBound, count: range.count)
  }

  /// Removes the bytes in `range`, moving what follows towards the front.
  public mutating func remove(_ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "removed beyond the readable bytes")
    guard !range.isEmpty, let memory = unsafe memory else { return }
    let start = unsafe memory + reader
    unsafe (start + range.lowerBound).update(from: start + range.upperBound, count: count - range.upperBound)
    writer &-= range.count
  }

  /// Keeps the first `count` readable bytes only.
  @inlinable
  public mutating func truncate(to count: Int) {
    precondition(count >= 0 && count <= self.count, "truncated beyond the readable bytes")
    writer = reader &+ count
  }
}

// MARK: - Reading

extension ByteBuffer {
  /// Takes `count` bytes off the front.
  @inlinable
  public mutating func consume(_ count: Int) {
    precondition(count >= 0 && count <= self.count, "consumed beyond the readable bytes")
    reader &+= count
    if reader == writer { removeAll() }
  }

  /// Drops all bytes; keeps the memory for reuse unless it is large.
  @inlinable
  public mutating func removeAll() {
    reader = 0
    writer = 0
    if size > Self.retainedCapacity { release() }
  }

  @usableFromInline
  mutating func release() {
    unsafe memory?.deallocate()
    unsafe memory = nil
    size = 0
  }
}
