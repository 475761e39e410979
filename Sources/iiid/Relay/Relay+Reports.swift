import Bytes
import III
import LocalProtocol
import Outbox
import RawJSON
import Transport

// What the daemon tells of itself.
extension Relay {
  /// One line for the service manager.
  var statusText: String {
    let status = link.status
    if state.isDraining {
      let waiting = state.inFlight
      return "Draining: \(waiting.calls) calls and \(waiting.invocations) invocations in flight"
    }
    let functions = state.functions.count
    switch status.state {
    case .connected:
      let (rejected, types) = rejections
      return "Connected to \(status.url), \(functions) functions"
        + (rejected > 0 ? ", \(rejected) of them refused by the engine" : "")
        + (types > 0 ? ", \(types) trigger types refused by the engine" : "")
        + (outbox.isUnusable ? "; the outbox cannot be used" : "")
    case .failed: return "Refused by \(status.url): \(status.lastError ?? "no reason given")"
    case .disconnected, .connecting, .reconnecting:
      var text = "Waiting for the engine at \(status.url)"
      if let error = status.lastError { text += ": \(error)" }
      if status.attempt > 1 { text += " (attempt \(status.attempt))" }
      return text
    }
  }

  /// `starting`, `ready`, `degraded` or `draining`.
  private var condition: String {
    if state.isDraining { return "draining" }
    switch link.state {
    case .connected: return rejections == (0, 0) && !outbox.isUnusable ? "ready" : "degraded"
    case .disconnected, .connecting: return "starting"
    case .reconnecting, .failed: return "degraded"
    }
  }

  private func countFunctions() -> (active: Int, pending: Int, rejected: Int) {
    var counts = (active: 0, pending: 0, rejected: 0)
    for slot in state.functions.slots {
      switch state.functions.at[slot].state {
      case .active, .unconfirmed: counts.active += 1
      case .rejected: counts.rejected += 1
      default: counts.pending += 1
      }
    }
    return counts
  }

  /// How many functions and trigger types the engine has refused.
  private var rejections: (functions: Int, types: Int) {
    let types = state.triggerTypes.values.count { if case .rejected = $0.state { true } else { false } }
    return (countFunctions().rejected, types)
  }

  /// The check of registrations, in `health`.
  private var registrationCheck: String {
    let (functions, types) = rejections
    let counts = [(functions, "functions"), (types, "trigger types")].filter { $0.0 > 0 }
    guard !counts.isEmpty else { return "ok" }
    return counts.map { "\($0.0) \($0.1)" }.joined(separator: " and ") + " refused by the engine"
  }

  /// The result of `ping`.
  var pong: Report { .object(["now": .integer(Int(log.wallTime.milliseconds))]) }

  /// The result of `status`.
  var statusReport: Report {
    let counts = countFunctions()
    return .object([
      "state": .string(condition),
      "engine": engineReport,
      "functions": .object([
        "active": .integer(counts.active), "pending": .integer(counts.pending), "rejected": .integer(counts.rejected),
      ]),
      "in_flight": inFlightReport,
      "outbox": outbox.report,
      "clients": .integer(state.clients.count),
      "channels": .integer(channels.count),
      "uptime_ms": .integer(loop.now - startedAt),
      "version": .string(Version.current),
    ])
  }

  /// How much the daemon has to finish.
  var inFlightReport: Report {
    let waiting = state.inFlight
    return .object(["calls": .integer(waiting.calls), "invocations": .integer(waiting.invocations)])
  }

  private var engineReport: Report {
    let status = link.status
    return .object([
      "state": .string(status.state.rawValue),
      "since_ms": .integer(loop.now - status.since),
      "attempt": .integer(status.attempt),
      "next_retry_ms": status.nextRetry.map { .integer(max(0, $0 - loop.now)) },
      "last_error": status.lastError.map { .string($0) },
      "url": .string(status.url),
      "namespace": .string(namespace),
      "worker_id": status.workerID.map { .string($0) },
    ])
  }

  /// The result of `health`.
  var healthReport: Report {
    let rejected = rejections
    let engine = link.state == .connected
    let outboxProblem = outbox.problem
    return .object([
      "ok": .boolean(engine && rejected == (0, 0) && outboxProblem == nil),
      "checks": .object([
        "engine": .string(engine ? "ok" : link.status.lastError ?? link.state.rawValue),
        "registrations": .string(registrationCheck),
        "outbox": .string(outboxProblem ?? "ok"),
      ]),
    ])
  }

  /// The result of `hello` for `client`.
  func helloReport(for client: ClientID) -> Report {
    let record = state.clients.at[client.slot]
    let status = link.status
    return .object([
      "protocol": 1,
      "server": .object(["name": "iiid", "version": .string(Version.current)]),
      "connection_id": .integer(client.generation),
      "peer": .object([
        "uid": .integer(Int(record.uid)), "gid": .integer(Int(record.gid)),
        "groups": .array(record.groups.map { .integer(Int($0)) }), "pid": .integer(Int(record.pid)),
      ]),
      "engine": .object([
        "state": .string(status.state.rawValue), "namespace": .string(namespace),
        "worker_id": status.workerID.map { .string($0) },
      ]),
      "limits": .object([
        "connections": .integer(limits.connections),
        "connections_per_user": .integer(limits.connectionsPerUser),
        "line_bytes": .integer(limits.lineBytes),
        "depth": .integer(JSONEnvelope.deepestValue + 2),
        "requests_per_connection": .integer(limits.requestsPerConnection),
        "registrations_per_connection": .integer(limits.registrationsPerConnection),
        "subscriptions_per_connection": .integer(limits.subscriptionsPerConnection),
        "functions": .integer(limits.functions),
        "batch_entries": .integer(MessageReader.longestBatch),
        "output_bytes": .integer(limits.outputBytes),
        "output_stall_ms": .integer(limits.outputStallMilliseconds),
        "engine_output_bytes": .integer(limits.engineOutputBytes),
        "message_bytes": .integer(limits.messageBytes),
        "queued_calls": .integer(limits.queuedCalls),
        "queued_bytes": .integer(limits.queuedBytes),
        "bad_lines": .integer(limits.badLines),
        "channels_per_connection": .integer(limits.channelsPerConnection),
        "channels_per_user": .integer(limits.channelsPerUser),
        "channels": .integer(limits.channels),
        "channel_window_bytes": .integer(limits.channelWindowBytes),
        "channel_message_bytes": .integer(limits.channelMessageBytes),
        "outbox_entries": .integer(limits.outbox.entries),
        "outbox_entries_per_user": .integer(limits.outbox.entriesPerUser),
        "outbox_bytes": .integer(limits.outbox.bytes),
        "outbox_bytes_per_user": .integer(limits.outbox.bytesPerUser),
      ]),
      "features": .array(
        (policy.httpFunctions ? ["http_functions"] : []) + (outbox.keeper == nil ? [] : ["outbox"])),
    ])
  }

  /// The result of `list_functions` with `local`.
  var functionsReport: Report {
    .object([
      "functions": .array(
        state.functions.slots.map { state.functions.at[$0] }.sorted { $0.id < $1.id }.map { report($0) })
    ])
  }

  /// The row of one function.
  func report(_ function: FunctionRecord) -> Report {
    .object([
      "function_id": .string(function.id),
      "namespace": .string(namespace),
      "state": .string(Self.name(function.state)),
      "instances": .integer(function.instances.count),
      "in_flight": .integer(function.instances.reduce(0) { $0 + $1.inFlight }),
      "queued": .integer(function.queue.count),
      "invocation": function.isOverHTTP ? "http" : nil,
      "reason": Self.reason(function.state).map { .string($0) },
    ])
  }

  /// The result of `list_workers` with `local`.
  var workersReport: Report {
    .object([
      "workers": .array(
        state.clients.slots.map { state.clients.at[$0] }.map { client in
          .object([
            "connection_id": .integer(client.id.generation),
            "name": client.name.map { .string($0) },
            "uid": .integer(Int(client.uid)), "gid": .integer(Int(client.gid)),
            "groups": .array(client.groups.map { .integer(Int($0)) }), "pid": .integer(Int(client.pid)),
            "functions": .array(client.functions.map { .string(state.functions.at[$0].id) }),
            "in_flight": .integer(client.invocations.count),
            "requests": .integer(client.calls.count),
          ])
        })
    ])
  }

  /// The result of `register_function`.
  func registrationReport(_ function: FunctionRecord) -> Report {
    .object([
      "function_id": .string(function.id),
      "namespace": .string(namespace),
      "state": .string(Self.name(function.state)),
      "instances": .integer(function.instances.count),
      "reason": Self.reason(function.state).map { .string($0) },
    ])
  }

  static func name(_ state: RegistrationState) -> String {
    switch state {
    case .pending: "pending"
    case .active: "active"
    case .rejected: "rejected"
    case .unconfirmed: "unconfirmed"
    }
  }

  static func reason(_ state: RegistrationState) -> String? {
    guard case .rejected(let code, let owner) = state else { return nil }
    return owner.map { "\(code): it belongs to worker \($0)" } ?? code
  }

  /// The namespace in which our functions are.
  var namespace: String { link.options.namespace ?? "default" }
}
