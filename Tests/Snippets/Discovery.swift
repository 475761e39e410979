import III

/// The code of the article “What there is”.
enum Discovery {
  static func lists(_ worker: Worker) async throws {
    // snippet: discovery-lists
    for function in try await worker.listFunctions(prefix: "stock::") {
      print(function.functionID, function.workerName ?? "")
    }
    let count = try await worker.functionInfo("stock::count")
    print(count.description ?? "", count.requestFormat ?? nil)
    // end
  }

  static func events(_ worker: Worker) async throws {
    // snippet: discovery-events
    for await event in try await worker.onWorkersAvailable() where event.event == WorkerEvent.disconnected {
      print("gone:", event.workerID)
    }
    // end
  }

  static func log(_ worker: Worker) async throws {
    // snippet: discovery-log
    for await record in try await worker.onLog(level: .warn) {
      print(record.severityText ?? "", record.body)
    }
    // end
  }
}
