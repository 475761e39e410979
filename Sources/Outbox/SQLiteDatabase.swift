import CSQLite

/// A connection to one SQLite file; closed when its owner lets it go. It is for one thread at a time: who shares it keeps it
/// under a lock. This file is the only one that touches libsqlite3.
@safe struct SQLiteDatabase: ~Copyable {
  private let handle: OpaquePointer

  /// Opens a file that is there already.
  ///
  /// The corresponding C function is `sqlite3_open_v2`.
  init(path: String) throws(SQLiteFailure) {
    var opened: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    let code = unsafe sqlite3_open_v2(path, &opened, flags, nil)
    guard let connection = unsafe opened else { throw SQLiteFailure(code: code, text: "out of memory") }
    guard code == SQLITE_OK else {
      let failure = unsafe SQLiteFailure(code: code, text: String(cString: sqlite3_errmsg(connection)))
      unsafe sqlite3_close_v2(connection)
      throw failure
    }
    unsafe handle = connection
  }

  deinit { unsafe sqlite3_close_v2(handle) }

  /// Prepares a statement and hands it to `body`, which steps through it.
  ///
  /// The corresponding C function is `sqlite3_prepare_v2`.
  borrowing func statement<Value>(
    _ sql: String, _ body: (borrowing SQLiteStatement) throws(SQLiteFailure) -> Value
  ) throws(SQLiteFailure) -> Value {
    var prepared: OpaquePointer?
    let code = unsafe sqlite3_prepare_v2(handle, sql, -1, &prepared, nil)
    guard code == SQLITE_OK, let statement = unsafe prepared else {
      throw unsafe SQLiteFailure(code: code, text: String(cString: sqlite3_errmsg(handle)))
    }
    return try body(unsafe SQLiteStatement(statement))
  }

  /// Runs one statement to its end; rows are of no interest.
  borrowing func execute(_ sql: String) throws(SQLiteFailure) {
    try statement(sql) { (statement) throws(SQLiteFailure) in while try statement.step() {} }
  }

  /// The first column of the first row, a number; nil when there is no row.
  borrowing func number(_ sql: String) throws(SQLiteFailure) -> Int? {
    try statement(sql) { (statement) throws(SQLiteFailure) in try statement.step() ? statement.number(0) : nil }
  }

  /// The first column of the first row, a text; nil when there is no row.
  borrowing func text(_ sql: String) throws(SQLiteFailure) -> String? {
    try statement(sql) { (statement) throws(SQLiteFailure) in try statement.step() ? statement.text(0) : nil }
  }
}

/// One prepared statement; lives no longer than ``SQLiteDatabase/statement(_:_:)`` takes. Parameters count from 1, columns
/// from 0, as SQLite has it.
@safe struct SQLiteStatement: ~Copyable {
  private let handle: OpaquePointer

  @unsafe fileprivate init(_ handle: OpaquePointer) { unsafe self.handle = handle }

  deinit { unsafe sqlite3_finalize(handle) }

  /// Goes to the next row; false at the end. The corresponding C function is `sqlite3_step`.
  borrowing func step() throws(SQLiteFailure) -> Bool {
    let code = unsafe sqlite3_step(handle)
    switch code {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw failure(code)
    }
  }

  /// Runs the statement with the parameters that it has, and makes it ready for the next ones.
  borrowing func run() throws(SQLiteFailure) {
    _ = try step()
    reset()
  }

  /// Makes the statement ready for other parameters. The corresponding C function is `sqlite3_reset`, which tells once more
  /// what the last step has told.
  borrowing func reset() { unsafe sqlite3_reset(handle) }

  /// Gives a parameter a number, or null. The corresponding C function is `sqlite3_bind_int64`.
  borrowing func bind(_ index: Int32, _ value: Int?) throws(SQLiteFailure) {
    guard let value else { return try check(unsafe sqlite3_bind_null(handle, index)) }
    try check(unsafe sqlite3_bind_int64(handle, index, Int64(value)))
  }

  /// Gives a parameter bytes, or null. The corresponding C function is `sqlite3_bind_blob64`.
  borrowing func bind(_ index: Int32, _ value: [UInt8]?) throws(SQLiteFailure) {
    guard let value else { return try check(unsafe sqlite3_bind_null(handle, index)) }
    let code = unsafe value.withUnsafeBytes {
      unsafe iiid_sqlite_bind_blob(handle, index, $0.baseAddress, UInt64($0.count))
    }
    try check(code)
  }

  /// Gives a parameter a text, or null. The corresponding C function is `sqlite3_bind_text`.
  borrowing func bind(_ index: Int32, _ value: String?) throws(SQLiteFailure) {
    guard let value else { return try check(unsafe sqlite3_bind_null(handle, index)) }
    try check(unsafe iiid_sqlite_bind_text(handle, index, value))
  }

  /// A column's number; nil for null.
  borrowing func number(_ column: Int32) -> Int? {
    guard unsafe sqlite3_column_type(handle, column) != SQLITE_NULL else { return nil }
    return Int(unsafe sqlite3_column_int64(handle, column))
  }

  /// A column's bytes; nil for null.
  borrowing func bytes(_ column: Int32) -> [UInt8]? {
    guard unsafe sqlite3_column_type(handle, column) != SQLITE_NULL else { return nil }
    // In this order: the first call may change where the bytes are.
    let start = unsafe sqlite3_column_blob(handle, column)
    let count = Int(unsafe sqlite3_column_bytes(handle, column))
    return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
  }

  /// A column's text; nil for null.
  borrowing func text(_ column: Int32) -> String? {
    guard let text = unsafe sqlite3_column_text(handle, column) else { return nil }
    return unsafe String(cString: text)
  }

  private borrowing func check(_ code: Int32) throws(SQLiteFailure) {
    if code != SQLITE_OK { throw failure(code) }
  }

  private borrowing func failure(_ code: Int32) -> SQLiteFailure {
    unsafe SQLiteFailure(code: code, text: String(cString: sqlite3_errmsg(sqlite3_db_handle(handle))))
  }
}

extension SQLiteFailure {
  static let busy = SQLITE_BUSY
  static let locked = SQLITE_LOCKED
  static let full = SQLITE_FULL
  static let cannotOpen = SQLITE_CANTOPEN
  static let readOnly = SQLITE_READONLY
  static let permission = SQLITE_PERM
  static let corrupt = SQLITE_CORRUPT
  static let notADatabase = SQLITE_NOTADB
}
