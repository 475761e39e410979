// Engine protocol, section 5.7. As with a real engine, a job's next time is looked for once its function has answered: runs
// of one job never overlap, and times that pass meanwhile are left out.
extension EngineState {
  /// Begins to fire a binding.
  mutating func provideCron(_ binding: TriggerBinding, _ now: Int) throws(TriggerConfigError) {
    guard let text = binding.config.object?["expression"]?.string, !text.isEmpty else {
      throw TriggerConfigError("Cron expression is required: config.expression, as \"0 */5 * * * *\"")
    }
    do throws(CronError) {
      cron.jobs[binding.id] = CronTable.Job(expression: try CronExpression(text))
    } catch {
      throw TriggerConfigError("Invalid cron expression '\(text)': \(error)")
    }
    schedule(binding.id, now)
    cron.looked(at: now)
  }

  /// Fires what is due.
  mutating func fireCron(_ now: Int) {
    cron.looked(at: now)
    let time = wallClock(now)
    for (id, scheduled) in cron.due(at: time / 1000) {
      guard let record = bindings[id] else { continue }
      cron.jobs[id]?.next = nil
      let payload: JSONValue = [
        "trigger": "cron", "job_id": .string(id),
        "scheduled_time": .string(CivilTime(secondsSince1970: scheduled).text()),
        "actual_time": .string(CivilTime(secondsSince1970: time / 1000).text(milliseconds: time % 1000)),
      ]
      if let condition = record.binding.conditionFunctionID {
        call(condition, for: record.binding, payload, as: .cronCondition(binding: id, payload: payload), now)
      } else {
        run(record.binding, payload, now)
      }
    }
  }

  mutating func cronConditionAnswered(
    _ id: String, _ payload: JSONValue, _ result: JSONValue?, _ error: ErrorBody?, _ now: Int
  ) {
    if let error { log(.warning, "cron binding \(id): its condition failed with \(error.code)") }
    guard error == nil, result != false, let record = bindings[id], cron.jobs[id] != nil else {
      return schedule(id, now)
    }
    run(record.binding, payload, now)
  }

  mutating func cronEnded(_ id: String, _ error: ErrorBody?, _ now: Int) {
    if let error { log(.warning, "cron binding \(id): its function failed with \(error.code)") }
    schedule(id, now)
  }

  private mutating func run(_ binding: TriggerBinding, _ payload: JSONValue, _ now: Int) {
    call(
      binding.functionID, for: binding, payload, metadata: binding.metadata, as: .cron(binding: binding.id), now)
  }

  /// Sets the next time of a job, if it still is one.
  private mutating func schedule(_ id: String, _ now: Int) {
    guard let job = cron.jobs[id] else { return }
    let time = wallClock(now)
    cron.jobs[id]?.next = job.expression.next(after: time / 1000)
    if cron.jobs[id]?.next == nil { log(.warning, "cron binding \(id): its expression has no further time") }
  }
}
