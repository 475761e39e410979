import III

/// The calls that a daemon keeps on disk, for people.
enum OutboxText {
  private static let columns = [
    "outbox_id", "state", "function_id", "queue", "age", "bytes", "uid", "attempts", "error",
  ]

  /// A table of rows of `outbox_list`.
  ///
  /// - Parameters:
  ///   - entries: The rows as they came.
  ///   - now: Milliseconds since 1970, as the rows have it.
  /// - Returns: The table, also without rows.
  static func table(_ entries: [JSON], now: Int) -> String {
    TableText(entries.map { row($0, now: now) }, columns: columns).text
  }

  /// A row with what people want to know: how old the call is, and one text for what is wrong.
  private static func row(_ entry: JSON, now: Int) -> JSON {
    var members = (entry.members ?? []).filter { $0.name != "error" }
    if let accepted = entry["accepted_at"]?.integer {
      members.append(("age", JSON(DurationText.of(milliseconds: now - accepted))))
    }
    if let error = entry["error"], !error.isNull {
      members.append(("error", JSON("\(error["code"]?.string ?? "?"): \(error["message"]?.string ?? error.text)")))
    }
    return JSON(members: members)
  }
}
