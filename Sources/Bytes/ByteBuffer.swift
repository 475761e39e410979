/// Growable bytes with a reader and a writer index: bytes are appended at the end and consumed from the front.
///
/// The buffer of every connection, in both directions. It is moved, never copied, so an append never meets a shared
/// storage; memory that one large message needed is given back when the buffer runs empty.
public struct ByteBuffer: ~Copyable {
  /// An empty buffer that holds more than this is released instead of kept for reuse.
  @usableFromInline static var retainedCapacity: Int { 256 * 1024 }

  @usableFromInline var storage: [UInt8] = []
  @usableFromInline var reader = 0

  /// An empty buffer without memory.
  @inlinable
  public init() {}

  /// An empty buffer with room for `capacity` bytes.
  @inlinable
  public init(capacity: Int) { storage.reserveCapacity(capacity) }

  /// How many bytes are readable.
  @inlinable public var count: Int { storage.count &- reader }

  /// Whether no byte is readable.
  @inlinable public var isEmpty: Bool { storage.count == reader }

  /// How many bytes the storage holds without growing.
  @inlinable public var capacity: Int { storage.capacity }

  /// The readable bytes.
  @inlinable public var span: Span<UInt8> {
    @_lifetime(borrow self)
    get { storage.span.extracting(droppingFirst: reader) }
  }
}

// MARK: - Writing

extension ByteBuffer {
  /// Appends one byte.
  @inlinable
  public mutating func append(_ byte: UInt8) { storage.append(byte) }

  /// Appends a copy of `bytes`.
  @inlinable
  public mutating func append(_ bytes: Span<UInt8>) {
    guard !bytes.isEmpty else { return }
    storage.append(addingCapacity: bytes.count) { output in
      for index in bytes.indices { output.append(bytes[index]) }
    }
  }

  /// Appends the UTF-8 form of `text`.
  @inlinable
  public mutating func append(_ text: String) { append(text.utf8.span) }

  /// Appends what `initializer` writes into room for `capacity` bytes.
  @inlinable
  public mutating func append<E: Error>(
    capacity: Int, initializingWith initializer: (inout OutputSpan<UInt8>) throws(E) -> Void
  ) throws(E) {
    try storage.append(addingCapacity: capacity, initializingWith: initializer)
  }

  /// Makes room for `additional` bytes beyond the readable ones, so that appending them does not grow the storage
  /// step by step.
  @inlinable
  public mutating func reserve(additional: Int) {
    compact()
    storage.reserveCapacity(storage.count &+ additional)
  }

  /// Overwrites the readable byte at `offset`.
  @inlinable
  public mutating func set(_ byte: UInt8, at offset: Int) { storage[reader &+ offset] = byte }

  /// Exclusive-ors the readable bytes in `range` with the four bytes of `key`, as ``Word/exclusiveOr(_:in:with:)`` does.
  @inlinable
  public mutating func exclusiveOr(in range: Range<Int>, with key: UInt32) {
    let stored = (reader &+ range.lowerBound)..<(reader &+ range.upperBound)
    var span = storage.mutableSpan
    Word.exclusiveOr(&span, in: stored, with: key)
  }

  /// Inserts `length` zero bytes at `offset`, moving what follows towards the end.
  @inlinable
  public mutating func insertGap(_ length: Int, at offset: Int) {
    storage.insert(contentsOf: repeatElement(0, count: length), at: reader &+ offset)
  }

  /// Copies the readable bytes in `range` to `offset`; source and destination may overlap.
  @inlinable
  public mutating func move(_ range: Range<Int>, to offset: Int) {
    let stored = (reader &+ range.lowerBound)..<(reader &+ range.upperBound)
    let destination = reader &+ offset
    var span = storage.mutableSpan
    Word.move(&span, stored, to: destination)
  }

  /// Removes the bytes in `range`, moving what follows towards the front.
  @inlinable
  public mutating func remove(_ range: Range<Int>) {
    storage.removeSubrange((reader &+ range.lowerBound)..<(reader &+ range.upperBound))
  }

  /// Keeps the first `count` readable bytes only.
  @inlinable
  public mutating func truncate(to count: Int) {
    precondition(count <= self.count, "truncated beyond the readable bytes")
    storage.removeLast(self.count &- count)
  }
}

// MARK: - Reading

extension ByteBuffer {
  /// Takes `count` bytes off the front.
  @inlinable
  public mutating func consume(_ count: Int) {
    precondition(count <= self.count, "consumed beyond the readable bytes")
    reader &+= count
    if reader == storage.count { removeAll() }
  }

  /// Drops all bytes; keeps the memory for reuse unless it is large.
  @inlinable
  public mutating func removeAll() {
    reader = 0
    storage.removeAll(keepingCapacity: storage.capacity <= Self.retainedCapacity)
  }

  /// Moves the readable bytes to the front when at least half of the storage is consumed.
  @inlinable
  public mutating func compact() {
    guard reader > 0, reader >= storage.count &- reader else { return }
    storage.removeSubrange(0..<reader)
    reader = 0
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
