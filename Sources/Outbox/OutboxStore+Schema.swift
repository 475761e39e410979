// What the file looks like, and how it is made.
extension OutboxStore {
  /// The layout that this version reads and writes.
  private static let version = 1
  /// "iiid" in four bytes: tells that the file is an outbox and no other database.
  private static let application = 0x6969_6964

  /// Bytes of the disk that are left alone: the log, and what its pages may add to the file.
  static let reserve = 2 << 20
  /// How many unused pages the file may keep.
  private static let sparePages = 256

  private static let tables = """
    CREATE TABLE entries(
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      accepted_at INTEGER NOT NULL,
      expires_at INTEGER,
      uid INTEGER NOT NULL,
      function_id BLOB NOT NULL,
      queue BLOB,
      payload BLOB,
      metadata BLOB,
      namespace BLOB,
      traceparent BLOB,
      baggage BLOB,
      size INTEGER NOT NULL,
      error_code TEXT,
      error_message TEXT
    ) STRICT
    """

  /// Sets the connection up, checks the file, and makes the table in an empty one.
  static func prepare(_ database: borrowing SQLiteDatabase, pageLimit: Int?) throws(SQLiteFailure) {
    // Nobody else may have the file, or a call would be made by two daemons; and no memory is shared with anybody.
    try database.execute("PRAGMA locking_mode=EXCLUSIVE")
    // The first access takes the lock.
    let version = try database.number("PRAGMA user_version") ?? 0
    let application = try database.number("PRAGMA application_id") ?? 0
    let isEmpty = try database.number("SELECT count(*) FROM sqlite_schema") == 0
    guard isEmpty || application == Self.application else {
      throw SQLiteFailure(code: SQLiteFailure.notADatabase, text: "is a database of another program")
    }
    guard isEmpty || version == Self.version else {
      let text = "was written by another version of iiid: it has layout \(version), this version knows \(Self.version)"
      throw SQLiteFailure(code: SQLiteFailure.notADatabase, text: text)
    }
    guard try database.text("PRAGMA quick_check(1)") == "ok" else {
      throw SQLiteFailure(code: SQLiteFailure.corrupt, text: "is damaged")
    }
    // Unused pages can be given back; to be said before the file has its first page.
    if isEmpty { try database.execute("PRAGMA auto_vacuum=INCREMENTAL") }
    // A commit is one write and one fsync of the log; and the log survives whoever is killed while writing it.
    guard try database.text("PRAGMA journal_mode=WAL") == "wal" else {
      throw SQLiteFailure(code: SQLiteFailure.cannotOpen, text: "the file system does not take SQLite's log")
    }
    try database.execute("PRAGMA synchronous=FULL")
    // Debian's SQLite would write zeros over every page that is done with, which a full disk does not take.
    try database.execute("PRAGMA secure_delete=FAST")
    // The log is written back after a megabyte, and needs no more room for that than is kept in reserve.
    try database.execute("PRAGMA wal_autocheckpoint=256")
    try database.execute("PRAGMA journal_size_limit=1048576")
    if let pageLimit { try database.execute("PRAGMA max_page_count=\(pageLimit)") }
    guard isEmpty else {
      // A full disk may not take that, and then it waits.
      try? shrink(database, pages: .max)
      return
    }
    try database.execute("BEGIN IMMEDIATE")
    try database.execute(tables)
    try database.execute("PRAGMA application_id=\(Self.application)")
    try database.execute("PRAGMA user_version=\(Self.version)")
    try database.execute("COMMIT")
  }

  /// Gives back what an earlier backlog took.
  static func shrink(_ database: borrowing SQLiteDatabase, pages: Int) throws(SQLiteFailure) {
    let surplus = try unusedPages(database) - sparePages
    if surplus > 0 { try database.execute("PRAGMA incremental_vacuum(\(min(surplus, pages)))") }
  }

  static func unusedPages(_ database: borrowing SQLiteDatabase) throws(SQLiteFailure) -> Int {
    try database.number("PRAGMA freelist_count") ?? 0
  }
}
