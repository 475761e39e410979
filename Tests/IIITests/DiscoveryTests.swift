import Testing
import Transport

@testable import III

/// What an engine tells about itself, of every version (engine protocol, sections 5 and 9.2).
@Suite struct DiscoveryTests {
  static func row(_ text: String) throws -> DiscoveryRow { try #require(DiscoveryRow(JSON(parsing: text))) }

  @Test func rowsOfAFunction() throws {
    let new = try #require(
      FunctionInfo(
        Self.row(
          #"{"function_id":"f","namespace":"n","worker_name":"w","description":"d","request_schema":{"a":1},"#
            + #""response_schema":{"b":2},"metadata":{"c":3},"registered_triggers":[{"id":"t","trigger_type":"cron","#
            + #""config":{"x":1}},{"id":7}],"newer":true}"#)))
    #expect(new.functionID == "f" && new.namespace == "n" && new.workerName == "w" && new.description == "d")
    #expect(new.requestFormat == ["a": 1] && new.responseFormat == ["b": 2] && new.metadata == ["c": 3])
    #expect(new.triggers?.map(\.id) == ["t"] && new.triggers?.first?.functionID == "f")
    #expect(new.json["newer"]?.boolean == true, "what nobody knows stays in the row")
    let old = try #require(FunctionInfo(Self.row(#"{"function_id":"f","worker_name":7,"description":null}"#)))
    #expect(old.namespace == nil && old.workerName == nil && old.description == nil && old.triggers == nil)
    #expect(try FunctionInfo(Self.row(#"{"id":"f"}"#)) == nil)
  }

  @Test func rowsOfAWorker() throws {
    let row = try Self.row(
      #"{"name":"w","description":null,"version":"1","id":"i","namespace":"default","runtime":"swift","os":"Linux","#
        + #""status":"connected","function_count":2,"connected_at_ms":5,"active_invocations":0,"isolation":null,"#
        + #""ip_address":"127.0.0.1"}"#)
    let worker = try #require(WorkerInfo(row))
    #expect(worker.id == "i" && worker.name == "w" && worker.runtime == "swift" && worker.functionCount == 2)
    #expect(worker.connectedAtMilliseconds == 5 && worker.isolation == nil && worker.functions == nil)
    let detail = try Self.row(
      #"{"worker":{"id":"i","pid":1,"internal":false,"latest_metrics":{"cpu_percent":1.5}},"#
        + #""functions":[{"function_id":"f"}],"trigger_types":[{"id":"t"}],"#
        + #""registered_triggers":[{"id":"b","trigger_type":"t","function_id":"f"}]}"#)
    let inner = try #require(detail.row("worker"))
    let one = try #require(WorkerInfo(inner, detail: detail))
    #expect(one.pid == 1 && one.isInternal == false && one.latestMetrics?["cpu_percent"]?.number == 1.5)
    #expect(one.functions?.count == 1 && one.triggerTypes?.count == 1 && one.triggers?.first?.id == "b")
  }

  @Test func aQueryHoldsOnlyWhatWasSaid() {
    #expect(DiscoveryQuery(("search", nil)).json.text == "{}")
    #expect(
      DiscoveryQuery(("search", "a"), ("prefix", nil), includesInternal: true).json.text
        == #"{"search":"a","include_internal":true}"#)
  }

  /// An engine that answers each question of discovery by `answer`.
  static func scene(_ answers: [String: JSON]) async throws -> (EngineHost, Worker) {
    let host = try await EngineHost()
    let worker = try await host.worker()
    for (id, answer) in answers { try await worker.registerFunction(id) { (_: Invocation) in answer } }
    return (host, worker)
  }

  @Test func listsAndInfos() async throws {
    let (host, worker) = try await Self.scene([
      "engine::triggers::list": ["triggers": [["id": "t"]]],
      "engine::triggers::info": ["id": "t", "instance_count": 3, "configuration_schema": ["type": "object"]],
      "engine::registered-triggers::list": [
        "registered_triggers": [["id": "b", "trigger_type": "t", "function_id": "f"]]
      ],
      "engine::registered-triggers::info": [
        "id": "b", "trigger_type": "t", "function_id": "f", "metadata": ["m": 1], "config": nil,
      ],
      "engine::workers::list": ["workers": [["id": "i"]]],
      "engine::workers::info": ["worker": ["id": "i"], "functions": []],
    ])
    _ = try await host.with {
      $0.listAnswer = #""result":{"functions":[{"function_id":"a"},{"function_id":"b"},{"other":1},7]}"#
    }
    #expect(try await worker.listFunctions(prefix: "x").map(\.functionID) == ["a", "b"])
    #expect(try await worker.listTriggerTypes().map(\.id) == ["t"])
    #expect(try await worker.triggerTypeInfo("t").triggerCount == 3)
    #expect(try await worker.listTriggers(triggerType: "t").map(\.id) == ["b"])
    let trigger = try await worker.triggerInfo("b")
    #expect(trigger.metadata == ["m": 1])
    #expect(trigger.config == nil, "\(trigger.json)")
    #expect(try await worker.listWorkers().map(\.id) == ["i"])
    #expect(try await worker.workerInfo("w").functions == [])
    let missing = await WorkerTests.error { _ = try await worker.functionInfo("f", namespace: "n") }
    #expect(missing?.code == "NOT_FOUND")
    await worker.shutdown()
    withExtendedLifetime(host) {}
  }

  @Test func answersThatTellNothing_areErrors() async throws {
    let (host, worker) = try await Self.scene(["engine::workers::info": nil])
    _ = try await host.with { $0.listAnswer = #""result":[1]"# }
    let list = await WorkerTests.error { _ = try await worker.listFunctions() }
    #expect(list?.code == InvocationError.unknown && list?.functionID == "engine::functions::list")
    let info = await WorkerTests.error { _ = try await worker.workerInfo("w") }
    #expect(info?.code == InvocationError.unknown)
    await worker.shutdown()
    withExtendedLifetime(host) {}
  }
}
