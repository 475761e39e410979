/// What one pass over a JSON text finds: that it is JSON, which members the root has, and where their values stand.
///
/// Payloads are never decoded: a member is a byte range of the scanned text, which the caller carries on as it came.
/// Made once per connection and filled anew by each ``scan(_:)``, so that scanning allocates nothing.
public struct JSONEnvelope {
  /// How many levels of nesting a text may have: the scanner's own bound.
  public static let deepest = 512

  /// How many levels a member's value may have before an engine drops the frame that carries it (engine protocol,
  /// section 0).
  public static let deepestValue = 126

  /// The kind of the root.
  public internal(set) var root = JSONKind.null

  /// The members of the root object in order, or the elements of a root array; each member that is descended into is
  /// followed by its own members. Equal names are all listed; the last one counts.
  public internal(set) var members: [JSONMember] = []

  /// Whether a raw LF or CR stands between tokens, so that the text needs flattening before it can be put on a line.
  public internal(set) var hasNewlines = false

  /// The first thing in the text that an engine would drop the frame for.
  public internal(set) var violation: JSONViolation?

  /// How many of the members have been listed by the scan under way; those behind are of the scan before.
  private var listed = 0

  let descended: [JSONKey]

  /// An envelope that lists the members of the root, and of those root members with one of `names` whose value is an
  /// object.
  public init(descendingInto names: [JSONKey] = []) {
    descended = names
    members.reserveCapacity(16)
  }

  /// An envelope that lists nothing: the scanner of a ``JSONOutline``.
  init(listing: Never.Type) { descended = [] }

  /// The index of the root member named `key`, or with `parent` of that member's member: the last of equal names.
  @inlinable
  public func index(of key: JSONKey, in parent: Int = -1) -> Int? {
    var index = members.count
    while index > 0 {
      index &-= 1
      if members[index].key == key, members[index].parent == Int32(truncatingIfNeeded: parent) { return index }
    }
    return nil
  }

  /// The root member named `key`, or with `parent` that member's member: the last of equal names.
  @inlinable
  public func find(_ key: JSONKey, in parent: Int = -1) -> JSONMember? {
    guard let index = index(of: key, in: parent) else { return nil }
    return members[index]
  }

  /// The first thing that an engine would drop a frame for in which the whole text is a member's value: a root of 127
  /// levels is too deep for that, though its members are not.
  public var violationAsValue: JSONViolation? {
    if let violation { return violation }
    guard let member = members.first(where: { $0.depth >= Self.deepestValue }) else { return nil }
    return JSONViolation(offset: member.value.lowerBound, reason: .nestedTooDeep)
  }

  /// Scans `text`, which must hold exactly one JSON value, and lists what it finds.
  ///
  /// - Throws: ``JSONScanError`` for a text that is no JSON; what was found before it stays readable, a value that did
  ///   not end as an empty one.
  public mutating func scan(_ text: Span<UInt8>) throws(JSONScanError) {
    listed = 0
    hasNewlines = false
    violation = nil
    root = .null
    // Messages on a connection are much alike: to overwrite is cheaper than to remove all and to append again.
    defer { if listed < members.count { members.removeLast(members.count &- listed) } }
    guard text.count <= Int(Int32.max) else { throw JSONScanError(offset: 0, reason: .tooLong) }
    try scanRoot(text)
  }

  /// Lists a member; returns its index.
  @inline(__always)
  mutating func list(_ member: JSONMember) -> Int {
    let place = listed
    listed = place &+ 1
    if place < members.count { members[place] = member } else { members.append(member) }
    return place
  }
}
