/// What is to be done with the file at one time: all writing in one transaction, and then some reading.
package struct OutboxJob: Equatable, Sendable {
  /// An entry that is new.
  package struct Insertion: Equatable, Sendable {
    package let entry: OutboxEntry
    package let message: OutboxMessage

    package init(entry: OutboxEntry, message: OutboxMessage) {
      self.entry = entry
      self.message = message
    }
  }

  /// Why an entry is not tried any more, or, without a failure, that it is again.
  package struct Mark: Equatable, Sendable {
    package let id: Int
    package let failure: OutboxFailure?

    package init(id: Int, failure: OutboxFailure?) {
      self.id = id
      self.failure = failure
    }
  }

  package var insertions: [Insertion] = []
  /// Entries that are done with.
  package var removals: [Int] = []
  package var marks: [Mark] = []
  /// Entries whose messages are wanted.
  package var loads: [Int] = []

  /// Nothing to do.
  package init() {}
}

/// What became of a job.
package struct OutboxJobResult: Equatable, Sendable {
  /// Why no entry was added; nil when all were.
  package var insertionFailure: OutboxError?
  /// Why nothing was removed and marked; nil when all was.
  package var changeFailure: OutboxError?
  /// Why messages were not read; nil when all were that are there.
  package var loadFailure: OutboxError?
  /// The messages that were wanted and found.
  package var messages: [Int: OutboxMessage] = [:]

  /// All went well.
  package init() {}
}
