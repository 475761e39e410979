import RawJSON

// What the daemon does with the file.
extension OutboxStore {
  /// Everything that the file holds, but for the messages, oldest first; and the number given last.
  package func load() throws(OutboxError) -> (entries: [OutboxEntry], lastID: Int) {
    try withDatabase { (database) throws(SQLiteFailure) in
      let entries = try database.statement(
        """
        SELECT id, function_id, queue, size, uid, accepted_at, expires_at, error_code, error_message
        FROM entries ORDER BY id
        """
      ) { (row) throws(SQLiteFailure) in
        var entries: [OutboxEntry] = []
        while try row.step() { entries.append(Self.entry(row)) }
        return entries
      }
      let lastID = try database.number("SELECT seq FROM sqlite_sequence WHERE name = 'entries'") ?? 0
      return (entries, lastID)
    }
  }

  private static func entry(_ row: borrowing SQLiteStatement) -> OutboxEntry {
    func decoded(_ token: [UInt8]?) -> String? { token.flatMap { String(jsonToken: $0.span) } }
    var entry = OutboxEntry(
      id: row.number(0) ?? 0, functionID: decoded(row.bytes(1)) ?? "", queue: decoded(row.bytes(2)),
      size: row.number(3) ?? 0, userID: UInt32(truncatingIfNeeded: row.number(4) ?? 0), acceptedAt: row.number(5) ?? 0,
      expiresAt: row.number(6))
    entry.failure = row.text(7).map { OutboxFailure(code: $0, message: row.text(8) ?? "") }
    return entry
  }

  /// Writes, in one transaction that is on the disk when this returns, and reads.
  ///
  /// What cannot be added does not keep what is to be removed: on a full disk the changes are tried once more alone.
  package func perform(_ job: OutboxJob) -> OutboxJobResult {
    var result = OutboxJobResult()
    do throws(OutboxError) {
      try write(job)
    } catch {
      result.insertionFailure = error
      result.changeFailure = error
    }
    let hasChanges = !job.removals.isEmpty || !job.marks.isEmpty
    if result.changeFailure != nil, hasChanges {
      var changes = job
      changes.insertions = []
      try? withDatabase { (database) throws(SQLiteFailure) in Self.makeRoom(database) }
      do throws(OutboxError) {
        try write(changes)
        result.changeFailure = nil
      } catch {
        result.changeFailure = error
      }
    }
    if hasChanges, result.changeFailure == nil { shrink() }
    if job.insertions.isEmpty { result.insertionFailure = nil }
    if !hasChanges { result.changeFailure = nil }
    do throws(OutboxError) {
      result.messages = try read(job.loads)
    } catch {
      result.loadFailure = error
    }
    return result
  }

  private func write(_ job: OutboxJob) throws(OutboxError) {
    guard !job.insertions.isEmpty || !job.removals.isEmpty || !job.marks.isEmpty else { return }
    try withDatabase { (database) throws(SQLiteFailure) in
      guard try hasRoom(for: job.insertions, in: database) else {
        throw SQLiteFailure(code: SQLiteFailure.full, text: "the disk is nearly full")
      }
      try database.execute("BEGIN IMMEDIATE")
      do throws(SQLiteFailure) {
        try Self.insert(job.insertions, into: database)
        try Self.change(job, in: database)
        try database.execute("COMMIT")
      } catch {
        // SQLite has done so itself after some errors; then there is nothing to roll back.
        try? database.execute("ROLLBACK")
        throw error
      }
    }
  }

  /// Gives back what the file does not need, a little with each job, so that none takes long. It can wait: for a disk that
  /// takes it, among others.
  private func shrink() {
    try? withDatabase { (database) throws(SQLiteFailure) in try Self.shrink(database, pages: 128) }
  }

  /// Gives back everything that can be given back: the log goes into the file, as far as the disk takes that.
  private static func makeRoom(_ database: borrowing SQLiteDatabase) {
    try? shrink(database, pages: .max)
    try? database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
  }

  /// Whether there is room for what is to be added, in the log and then in the file, and some more: on a disk that we have
  /// filled to the last byte, nothing could be removed either.
  private func hasRoom(
    for insertions: [OutboxJob.Insertion], in database: borrowing SQLiteDatabase
  ) throws(SQLiteFailure) -> Bool {
    let size = insertions.reduce(0) { $0 + $1.entry.size }
    guard size > 0 else { return true }
    func hasRoom() throws(SQLiteFailure) -> Bool {
      guard let free = OutboxFile.freeBytes(at: path) else { return true }
      return try free >= Self.reserve + size + max(0, size - 4096 * Self.unusedPages(database))
    }
    if try hasRoom() { return true }
    Self.makeRoom(database)
    return try hasRoom()
  }

  private static func insert(
    _ insertions: [OutboxJob.Insertion], into database: borrowing SQLiteDatabase
  ) throws(SQLiteFailure) {
    guard !insertions.isEmpty else { return }
    let columns = """
      INSERT INTO entries(
        id, accepted_at, expires_at, uid, size,
        function_id, queue, payload, metadata, namespace, traceparent, baggage)
      VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """
    try database.statement(columns) { (statement) throws(SQLiteFailure) in
      for insertion in insertions {
        let (entry, message) = (insertion.entry, insertion.message)
        try statement.bind(1, entry.id)
        try statement.bind(2, entry.acceptedAt)
        try statement.bind(3, entry.expiresAt)
        try statement.bind(4, Int(entry.userID))
        try statement.bind(5, entry.size)
        let values = [
          message.functionID, message.queue, message.payload, message.metadata, message.namespace, message.traceparent,
          message.baggage,
        ]
        for (index, value) in values.enumerated() { try statement.bind(Int32(6 + index), value) }
        try statement.run()
      }
    }
  }

  private static func change(_ job: OutboxJob, in database: borrowing SQLiteDatabase) throws(SQLiteFailure) {
    if !job.marks.isEmpty {
      try database.statement("UPDATE entries SET error_code = ?, error_message = ? WHERE id = ?") {
        (statement) throws(SQLiteFailure) in
        for mark in job.marks {
          try statement.bind(1, mark.failure?.code)
          try statement.bind(2, mark.failure?.message)
          try statement.bind(3, mark.id)
          try statement.run()
        }
      }
    }
    guard !job.removals.isEmpty else { return }
    try database.statement("DELETE FROM entries WHERE id = ?") { (statement) throws(SQLiteFailure) in
      for id in job.removals {
        try statement.bind(1, id)
        try statement.run()
      }
    }
  }

  private func read(_ ids: [Int]) throws(OutboxError) -> [Int: OutboxMessage] {
    guard !ids.isEmpty else { return [:] }
    let columns = """
      SELECT function_id, queue, payload, metadata, namespace, traceparent, baggage FROM entries WHERE id = ?
      """
    return try withDatabase { (database) throws(SQLiteFailure) in
      try database.statement(columns) { (statement) throws(SQLiteFailure) in
        var messages: [Int: OutboxMessage] = [:]
        for id in ids {
          try statement.bind(1, id)
          if try statement.step() { messages[id] = Self.message(statement) }
          statement.reset()
        }
        return messages
      }
    }
  }

  private static func message(_ row: borrowing SQLiteStatement) -> OutboxMessage {
    var message = OutboxMessage(functionID: row.bytes(0) ?? [])
    message.queue = row.bytes(1)
    message.payload = row.bytes(2)
    message.metadata = row.bytes(3)
    message.namespace = row.bytes(4)
    message.traceparent = row.bytes(5)
    message.baggage = row.bytes(6)
    return message
  }
}
