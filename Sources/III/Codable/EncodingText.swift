import Bytes
import RawJSON

/// The text that an encoder writes, with the values that are open in it.
///
/// Values are written straight into one buffer. What a program may fill in later, and in any order (a nested container,
/// a superclass), is a text of its own, owned by the one it belongs to, and put in its place at the end.
final class EncodingText {
  /// One value that is being written.
  struct Scope {
    /// Tells this value from another one at the same level, so that a container that outlived its value is found out.
    var serial: Int
    /// What the value is called; nil for a text's root.
    var key: (any CodingKey)?
    /// What has been written of it.
    var shape = Shape.nothing
    /// How many members or elements there are.
    var count = 0
    /// The text's length before the value.
    var start: Int
  }

  /// What a value has turned out to be.
  enum Shape { case nothing, scalar, object, array }

  /// A text that is put in at `offset`.
  struct Part {
    var offset: Int
    var name: PartName?
    var text: EncodingText
  }

  /// A member of one of the values.
  struct PartName: Hashable {
    var serial: Int
    var name: String
  }

  /// What the program that encodes handed along.
  let userInfo: [CodingUserInfoKey: any Sendable]
  /// The path of this text's root.
  let path: [any CodingKey]
  /// How many levels are open around this text.
  let outside: Int

  var buffer = ByteBuffer(capacity: 128)
  var scopes: [Scope] = []
  var parts: [Part] = []
  /// Where in ``parts`` a member is that has a text of its own.
  var places: [PartName: Int] = [:]
  /// Whether a ``JSON`` was put in as it is, whose levels nobody has counted.
  var holdsRaw = false
  /// The first thing that went wrong where nothing could be thrown.
  private(set) var failure: EncodingError?
  /// Whether there is a ``failure``: what each call looks at.
  private(set) var hasFailed = false
  private var serials = 0

  init(userInfo: [CodingUserInfoKey: any Sendable], path: [any CodingKey] = [], outside: Int = 0) {
    self.userInfo = userInfo
    self.path = path
    self.outside = outside
    open(nil)
  }

  /// The path of the value that is being written, or with `key` of its member.
  func path(to level: Int? = nil, _ key: (any CodingKey)? = nil) -> [any CodingKey] {
    var result = path
    for scope in scopes.prefix(level.map { $0 + 1 } ?? scopes.count) {
      if let key = scope.key { result.append(key) }
    }
    if let key { result.append(key) }
    return result
  }

  /// Begins a value.
  func open(_ key: (any CodingKey)?) {
    serials += 1
    scopes.append(Scope(serial: serials, key: key, start: buffer.count))
  }

  /// Ends the innermost value; one of which nothing was written is an empty object, as Foundation has it.
  func close() {
    switch scopes[scopes.count - 1].shape {
    case .nothing: buffer.append("{}")
    case .scalar: break
    case .object: buffer.append(UInt8(ascii: "}"))
    case .array: buffer.append(UInt8(ascii: "]"))
    }
    scopes.removeLast()
  }

  /// Notes what went wrong where nothing can be thrown: the next call that can, throws it.
  func fail(_ message: String, at path: [any CodingKey], value: Any = ()) {
    guard !hasFailed else { return }
    hasFailed = true
    failure = .invalidValue(value, EncodingError.Context(codingPath: path, debugDescription: message))
  }

  /// Fails as `other` did.
  func fail(with other: EncodingText) {
    hasFailed = other.hasFailed
    failure = other.failure
  }

  /// Appends this text, with what belongs in it, to `output`.
  func append(to output: inout ByteBuffer) throws {
    while !scopes.isEmpty { close() }
    var offset = 0
    for part in parts {
      output.append(buffer.span.extracting(offset..<part.offset))
      try part.text.append(to: &output)
      offset = part.offset
    }
    output.append(buffer.span.extracting(offset..<buffer.count))
    if let failure { throw failure }
  }

  /// Whether this text or one that belongs in it has a ``JSON`` in it.
  var holdsAnyRaw: Bool { holdsRaw || parts.contains { $0.text.holdsAnyRaw } }
}
