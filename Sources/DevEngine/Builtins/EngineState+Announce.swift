extension EngineState {
  /// `engine::workers::register`: takes a worker's announce, which decides its name and namespace and lets its
  /// registrations in (engine protocol, sections 4.1, 4.4, 5.1).
  mutating func registerWorker(_ call: BuiltinCall) throws -> BuiltinOutcome {
    var announcement = try Announcement(try call.members())
    guard let connection = call.caller, let worker = workers[connection] else {
      throw DecodingFailure("missing field `_caller_worker_id`")
    }
    if !compatibility.hasNamespaces { announcement.namespace = nil }
    if let namespace = announcement.namespace, namespace.allSatisfy(\.isWhitespace) { throw ErrorBody.invalidNamespace }
    // Once the grace time is over, the namespace stands, whatever the announce says.
    let namespace: String =
      if case .settled(let decided) = worker.phase { decided } else {
        announcement.namespace ?? FunctionKey.defaultNamespace
      }
    if compatibility.hasUniqueNames, let name = announcement.name, let owner = owner(ofName: name, in: namespace),
      owner.connection != connection
    {
      log(.warning, "worker \(name) in \(namespace): the name is taken by \(owner.id), closing the newcomer")
      send(.registrationRejected(.worker(name: name, namespace: namespace, owner: owner.id)), to: connection)
      effects.append(.close(connection))
      remove(connection, call.now)
      return .unanswered
    }
    workers[connection]?.announcement = announcement
    settle(connection, in: namespace, call.now)
    fireWorkersAvailable("worker_metadata_updated", worker.id, call.now)
    return .result(["success": true])
  }

  private func owner(ofName name: String, in namespace: String) -> WorkerRecord? {
    workers.values.first { worker in
      worker.namespace.isSameBytes(as: namespace) && worker.announcement?.name?.isSameBytes(as: name) == true
    }
  }
}
