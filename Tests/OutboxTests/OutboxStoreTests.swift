import Foundation
import Testing

@testable import Outbox

@Suite struct OutboxStoreTests {
  /// A folder of its own for each test; what is left of one is removed with it.
  private final class Folder {
    let path: String
    var file: String { path + "/outbox.db" }

    init() throws {
      path = NSTemporaryDirectory() + "outbox-" + UUID().uuidString
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  private let folder: Folder

  init() throws { folder = try Folder() }

  private func message(_ payload: String, queue: String? = nil) -> OutboxMessage {
    OutboxScript.message(queue: queue, payload: payload)
  }

  private func insertion(
    _ id: Int, _ message: OutboxMessage, expiresAt: Int? = nil
  ) -> OutboxJob.Insertion {
    OutboxJob.Insertion(
      entry: OutboxEntry(
        id: id, functionID: "f", queue: message.queue == nil ? nil : "q", size: message.size, userID: 4_000_000_000,
        acceptedAt: 1_790_000_000_000, expiresAt: expiresAt), message: message)
  }

  private func job(
    insert: [OutboxJob.Insertion] = [], remove: [Int] = [], mark: [OutboxJob.Mark] = [], load: [Int] = []
  ) -> OutboxJob {
    var job = OutboxJob()
    job.insertions = insert
    job.removals = remove
    job.marks = mark
    job.loads = load
    return job
  }

  @Test func everythingComesBackAsItWent() throws {
    var message = OutboxMessage(functionID: Array(#""caf\u00e9::x""#.utf8))
    message.queue = Array(#""jobs\n""#.utf8)
    message.payload = Array(#"{"a":1.0,"a":12345678901234567890123456789012345678901,"b":"\u0000\ud83d\ude00"}"#.utf8)
    message.metadata = Array("null".utf8)
    message.namespace = Array(#""shop""#.utf8)
    message.traceparent = Array(#""00-4bf9-00f0-01""#.utf8)
    message.baggage = Array(#""a=b""#.utf8)
    let bare = OutboxMessage(functionID: Array(#""f""#.utf8))
    let failure = OutboxFailure(code: "enqueue_error", message: "no \"queue\" ✗")
    do {
      let store = try OutboxStore(path: folder.file)
      var entries = [insertion(7, message), insertion(8, bare)]
      entries[0] = OutboxJob.Insertion(
        entry: OutboxEntry(
          id: 7, functionID: "café::x", queue: "jobs\n", size: message.size, userID: 4_000_000_000,
          acceptedAt: 1_790_000_000_000, expiresAt: 1_800_000_000_000), message: message)
      #expect(store.perform(job(insert: entries)) == OutboxJobResult())
      #expect(store.perform(job(mark: [OutboxJob.Mark(id: 7, failure: failure)])) == OutboxJobResult())
      let loaded = try store.load()
      #expect(loaded.entries.map(\.id) == [7, 8])
    }
    let store = try OutboxStore(path: folder.file)
    let (entries, lastID) = try store.load()
    #expect(lastID == 8)
    #expect(entries[0].functionID == "café::x" && entries[0].queue == "jobs\n" && entries[0].failure == failure)
    #expect(entries[0].expiresAt == 1_800_000_000_000 && entries[0].userID == 4_000_000_000)
    #expect(entries[1].queue == nil && entries[1].expiresAt == nil && entries[1].failure == nil)
    let result = store.perform(job(mark: [OutboxJob.Mark(id: 7, failure: nil)], load: [8, 7, 6]))
    #expect(result.messages == [7: message, 8: bare])
    #expect(try store.load().entries[0].failure == nil)
  }

  @Test func aNumberIsNeverGivenAgain() throws {
    do {
      let store = try OutboxStore(path: folder.file)
      _ = store.perform(job(insert: [insertion(5, message("1"))]))
      _ = store.perform(job(remove: [5]))
    }
    let (entries, lastID) = try OutboxStore(path: folder.file).load()
    #expect(entries.isEmpty && lastID == 5)
  }

  @Test func theFileIsForItsOwnerAlone() throws {
    _ = FileManager.default.createFile(atPath: folder.file, contents: nil, attributes: [.posixPermissions: 0o644])
    let store = try OutboxStore(path: folder.file)
    _ = store.perform(job(insert: [insertion(1, message("1"))]))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names == ["outbox.db", "outbox.db-wal"])
    for name in names {
      let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/" + name)
      #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
    }
  }

  @Test func oneProcessHasTheFile() throws {
    let store = try OutboxStore(path: folder.file)
    #expect(throws: OutboxError.inUse) { try OutboxStore(path: self.folder.file) }
    #expect(store.perform(job(insert: [insertion(1, message("1"))])) == OutboxJobResult())
  }

  @Test func aPlaceThatIsNone() throws {
    #expect(throws: OutboxError.place("no such file or directory (ENOENT)")) {
      try OutboxStore(path: self.folder.path + "/no/outbox.db")
    }
    #expect(throws: OutboxError.place("is no file")) { try OutboxStore(path: "/dev/null") }
    try FileManager.default.createSymbolicLink(atPath: folder.file, withDestinationPath: "/etc/passwd")
    #expect(throws: OutboxError.self) { try OutboxStore(path: self.folder.file) }
  }

  @Test func whatIsNoOutboxIsLeftAlone() throws {
    let text = Data("These are not the calls that you are looking for. ".utf8) + Data(repeating: 65, count: 8000)
    try text.write(to: URL(filePath: folder.file))
    #expect(throws: OutboxError.content("file is not a database (SQLite 26)")) {
      try OutboxStore(path: self.folder.file)
    }
    #expect(try Data(contentsOf: URL(filePath: folder.file)) == text)
  }

  @Test func anotherProgramsDatabaseAndAnotherLayoutAreLeftAlone() throws {
    do {
      let other = try SQLiteDatabase(path: prepared())
      try other.execute("CREATE TABLE t(x)")
    }
    let before = try Data(contentsOf: URL(filePath: folder.file))
    #expect(throws: OutboxError.content("is a database of another program (SQLite 26)")) {
      try OutboxStore(path: self.folder.file)
    }
    #expect(try Data(contentsOf: URL(filePath: folder.file)) == before)
    do {
      let later = try SQLiteDatabase(path: folder.file)
      try later.execute("PRAGMA application_id=0x69696964")
      try later.execute("PRAGMA user_version=2")
    }
    let text = "was written by another version of iiid: it has layout 2, this version knows 1 (SQLite 26)"
    #expect(throws: OutboxError.content(text)) { try OutboxStore(path: self.folder.file) }
  }

  private func prepared() throws -> String {
    try OutboxFile.prepare(folder.file)
    return folder.file
  }

  @Test func aDamagedFileIsNotUsed() throws {
    do {
      let store = try OutboxStore(path: folder.file)
      let large = message("\"\(String(repeating: "x", count: 2000))\"")
      _ = store.perform(job(insert: (1...100).map { insertion($0, large) }))
    }
    let file = try FileHandle(forUpdating: URL(filePath: folder.file))
    for page in [2, 3, 5, 8, 13] {
      try file.seek(toOffset: UInt64(page * 4096))
      try file.write(contentsOf: Data(repeating: 0xa5, count: 4096))
    }
    try file.close()
    let error = #expect(throws: OutboxError.self) { try OutboxStore(path: self.folder.file) }
    #expect(error?.description == "is damaged (SQLite 11)")
  }

  @Test func aFullFileTakesNothingAndGivesEverything() throws {
    let store = try OutboxStore(path: folder.file, pageLimit: 64)
    let large = message("\"\(String(repeating: "x", count: 10_000))\"")
    var taken = 0
    var result = OutboxJobResult()
    while result.insertionFailure == nil, taken < 100 {
      taken += 1
      result = store.perform(job(insert: [insertion(taken, large)]))
    }
    #expect(result.insertionFailure == .full && taken > 5)
    #expect(try store.load().entries.count == taken - 1)
    // What is to be removed is, though what is to be added is not; then there is room again.
    result = store.perform(
      job(insert: (200...210).map { insertion($0, large) }, remove: [1, 2], load: [3]))
    #expect(result.insertionFailure == .full && result.changeFailure == nil && result.messages == [3: large])
    #expect(store.perform(job(insert: [insertion(300, large)])) == OutboxJobResult())
    #expect(try store.load().entries.map(\.id) == Array(3..<taken) + [300])
  }

  @Test func aJobIsDoneAsAWhole() throws {
    let store = try OutboxStore(path: folder.file)
    _ = store.perform(job(insert: [insertion(1, message("1"))]))
    // The second number is taken.
    let result = store.perform(job(insert: [insertion(2, message("2")), insertion(1, message("3"))], remove: [1]))
    guard case .failed = result.insertionFailure else {
      Issue.record("\(result)")
      return
    }
    #expect(result.changeFailure == nil)
    #expect(try store.load().entries.isEmpty)
  }

  @Test func aFileThatABacklogHasLeftIsMadeSmall() throws {
    do {
      let store = try OutboxStore(path: folder.file)
      let large = message("\"\(String(repeating: "x", count: 100_000))\"")
      _ = store.perform(job(insert: (1...80).map { insertion($0, large) }))
      _ = store.perform(job(remove: Array(1...79)))
    }
    func size() throws -> Int { try Data(contentsOf: URL(filePath: folder.file)).count }
    #expect(try size() > 4_000_000)
    do { #expect(try OutboxStore(path: folder.file).load().lastID == 80) }
    #expect(try size() < 1_300_000)
  }
}
