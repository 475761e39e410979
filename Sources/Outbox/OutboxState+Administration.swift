package import Transport

// What those who look after the daemon ask.
extension OutboxState {
  /// The entries from the number after `id` on, oldest first, at most `limit` of them.
  package func list(after id: Int, onlyFailed: Bool, limit: Int) -> [OutboxRecord] {
    records.values.filter { $0.entry.id > id && $0.phase != .storing && (!onlyFailed || $0.phase == .failed) }
      .sorted { $0.entry.id < $1.entry.id }.prefix(limit).map { $0 }
  }

  /// Puts back what is not tried any more: one entry, or all.
  package mutating func retry(_ id: Int?, ticket: Int, now: MonotonicTime) {
    let chosen = chosen(id) { $0 == .failed || $0 == .resting }
    for id in chosen {
      records[id]?.attempts = 0
      records[id]?.losses = 0
      if records[id]?.entry.failure != nil { marks.append(OutboxJob.Mark(id: id, failure: nil)) }
      records[id]?.entry.failure = nil
      setPhase(id, .ready)
      effects.append(.tell(OutboxEvent(id: id, kind: .retried)))
    }
    waiting.append((ticket, chosen.count))
    pump(now: now)
  }

  /// Drops one entry; or those that are not tried any more; or all.
  package mutating func drop(_ id: Int?, all: Bool, ticket: Int, now: MonotonicTime) {
    let chosen = chosen(id) { $0 == .failed || ((all || id != nil) && $0 != .storing) }
    for id in chosen { finish(id, .dropped) }
    waiting.append((ticket, chosen.count))
    pump(now: now)
  }

  private func chosen(_ id: Int?, _ isMeant: (OutboxRecord.Phase) -> Bool) -> [Int] {
    guard let id else { return records.values.filter { isMeant($0.phase) }.map(\.entry.id).sorted() }
    guard let record = records[id], isMeant(record.phase) else { return [] }
    return [id]
  }
}
