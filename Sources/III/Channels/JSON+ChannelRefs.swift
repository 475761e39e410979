import RawJSON

extension JSON {
  /// All references to channels that stand in this value, at any depth, in the order of the text: objects whose members
  /// `channel_id`, `access_key` and `direction` are those of a ``StreamChannelRef`` (engine protocol, section 6).
  public var channelRefs: [StreamChannelRef] {
    guard let entries = try? JSONOutline(utf8.span).entries else { return [] }
    return entries.indices.compactMap { index in
      entries[index].kind == .object ? channelRef(of: index, entries) : nil
    }
  }

  /// The reference that the object at `index` is.
  private func channelRef(of index: Int, _ entries: [JSONOutline.Entry]) -> StreamChannelRef? {
    guard entries[index].count >= 3 else { return nil }
    var members: [String: String] = [:]
    var name = index + 1
    for _ in 0..<entries[index].count {
      let value = name + 1
      if entries[value].kind == .string { members[text(of: entries[name])] = text(of: entries[value]) }
      name = Int(entries[value].next)
    }
    guard let channelID = members["channel_id"], let accessKey = members["access_key"],
      let direction = members["direction"].flatMap({ StreamChannelRef.Direction(rawValue: $0) })
    else { return nil }
    return StreamChannelRef(channelID: channelID, accessKey: accessKey, direction: direction)
  }

  private func text(of entry: JSONOutline.Entry) -> String {
    if !entry.isEscaped { return String(decoding: utf8[entry.range], as: UTF8.self) }
    return JSON(valid: Array(utf8[(Int(entry.start) - 1)...Int(entry.end)])).string ?? ""
  }
}
