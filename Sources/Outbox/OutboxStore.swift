import Synchronization

/// The file in which accepted calls are kept: an SQLite database (decision 0019).
///
/// Every method blocks. The daemon opens it before its loop runs; after that it is used on libuv's thread pool, one job at a
/// time. The lock says so to the compiler. The file is closed, and free for others, when the last one lets the store go.
package final class OutboxStore: Sendable {
  /// Where the file is.
  package let path: String
  private let database: Mutex<SQLiteDatabase>

  /// Opens the file, which is made when it is not there, and checks what it holds.
  ///
  /// - Parameters:
  ///   - path: The file; SQLite puts others beside it, with the same name and an ending.
  ///   - pageLimit: The most pages of 4 KiB that the file may have: for tests of a full one.
  /// - Throws: `place`, `inUse` or `content`. What the file holds is not changed then.
  package init(path: String, pageLimit: Int? = nil) throws(OutboxError) {
    self.path = path
    try OutboxFile.prepare(path)
    do throws(SQLiteFailure) {
      let opened = try SQLiteDatabase(path: path)
      try Self.prepare(opened, pageLimit: pageLimit)
      database = Mutex(opened)
    } catch {
      throw Self.error(opening: error)
    }
  }

  /// Runs `body` with the database, and tells its failure in the outbox's words.
  func withDatabase<Value: Sendable>(
    _ body: (borrowing SQLiteDatabase) throws(SQLiteFailure) -> Value
  ) throws(OutboxError) -> Value {
    do throws(SQLiteFailure) {
      return try database.withLock { (database) throws(SQLiteFailure) in try body(database) }
    } catch {
      throw Self.error(error)
    }
  }

  private static func error(opening failure: SQLiteFailure) -> OutboxError {
    switch failure.primary {
    case SQLiteFailure.busy, SQLiteFailure.locked: .inUse
    case SQLiteFailure.cannotOpen, SQLiteFailure.readOnly, SQLiteFailure.permission: .place("\(failure)")
    case SQLiteFailure.full: .full
    default: .content("\(failure)")
    }
  }

  /// What a failure of a job means.
  static func error(_ failure: SQLiteFailure) -> OutboxError {
    failure.primary == SQLiteFailure.full ? .full : .failed("\(failure)")
  }
}
