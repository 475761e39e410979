"""Form, errors and connection rules of the local protocol."""
import json

import pytest

from harness.local_client import LocalError
from harness.place import eventually


def test_ping_and_hello(iiid):
    client = iiid.client()
    assert isinstance(client.call("ping")["now"], (int, str))
    hello = client.call("hello", {"client": {"name": "test", "version": "1"}, "protocol": 1})
    assert hello["protocol"] == 1
    assert hello["server"]["name"] == "iiid"
    assert hello["engine"]["state"] == "connected"
    assert set(hello["peer"]) >= {"uid", "gid", "pid"}
    assert hello["limits"] and isinstance(hello["features"], list)


def test_status_and_health(iiid):
    client = iiid.client()
    status = client.call("status")
    assert status["state"] == "ready"
    assert status["engine"]["state"] == "connected"
    assert status["engine"]["url"].startswith("ws://127.0.0.1:")
    assert status["functions"] == {"active": 0, "pending": 0, "rejected": 0}
    assert status["uptime_ms"] >= 0 and status["version"]
    health = client.call("health")
    assert health["ok"] is True


@pytest.mark.parametrize("line,id", [
    ('{"id":7,"method":"ping"}', 7),
    ('{"jsonrpc":"2.0","id":"seven","method":"ping","params":{}}', "seven"),
    (' \t{"method" : "ping" , "id" : 7 } \r', 7),
    ('{"id":7,"method":"ping","params":{"x-trace":"ignored"}}', 7),
    ('{"id":9007199254740993,"method":"ping"}', 9007199254740993),
    ('{"id":"\\u00e9\\"","method":"ping"}', 'é"'),
    ('{"\\u0069d":7,"m\\u0065thod":"p\\u0069ng"}', 7),
], ids=["no jsonrpc", "string id", "white space and CR", "x- member", "large id", "escaped id", "escaped names"])
def test_lenient_input_is_understood(iiid, line, id):
    client = iiid.client()
    client.send(line)
    message = client.receive()
    assert message["id"] == id and "result" in message


def test_blank_lines_are_ignored(iiid):
    client = iiid.client()
    client.send_bytes(b"\n\r\n  \n\n")
    client.quiet()
    client.call("ping")


@pytest.mark.parametrize("line,number,code", [
    ("{nonsense", -32700, "PARSE_ERROR"),
    ('{"id":1,"method":"ping"', -32700, "PARSE_ERROR"),
    ('"text"', -32600, "INVALID_REQUEST"),
    ("{}", -32600, "INVALID_REQUEST"),
    ('{"id":1,"method":5}', -32600, "INVALID_REQUEST"),
    ('{"id":1.5,"method":"ping"}', -32600, "INVALID_REQUEST"),
    ('{"id":1,"method":"no_such_method"}', -32601, "METHOD_NOT_FOUND"),
    ('{"id":1,"method":"ping","params":[1]}', -32602, "INVALID_PARAMS"),
    ('{"id":1,"method":"trigger","params":{}}', -32602, "INVALID_PARAMS"),
    ('{"id":1,"method":"trigger","params":{"function_id":5}}', -32602, "INVALID_PARAMS"),
    ('{"id":1,"method":"trigger","params":{"function_id":"a::b","timeout":5}}', -32602, "INVALID_PARAMS"),
    ('{"id":1,"method":"trigger","params":{"function_id":"a::b","timeout_ms":-1}}', -32602, "INVALID_PARAMS"),
    ('{"id":1,"method":"trigger","params":{"function_id":"a::b","action":{"type":"other"}}}', -32602, "INVALID_PARAMS"),
    ('{"id":1,"method":"register_function","params":{"function_id":""}}', -32602, "INVALID_PARAMS"),
])
def test_bad_request_has_its_error(iiid, line, number, code):
    client = iiid.client()
    client.send(line)
    message = client.receive()
    error = LocalError(message["error"])
    assert (error.number, error.code) == (number, code)
    assert error.data["source"] == "iiid" and isinstance(error.data["retryable"], bool)
    if number == -32700:
        assert message["id"] is None
    client.call("ping")


def test_unknown_member_is_named(iiid):
    error = iiid.client().error_of("trigger", {"function_id": "a::b", "timeout": 5})
    assert "timeout" in error.message


def test_bytes_that_are_not_utf8_are_a_parse_error(iiid):
    client = iiid.client()
    client.send_bytes(b'{"id":1,"method":"ping","params":{"x-a":"\xff"}}\n')
    assert client.receive()["error"]["code"] == -32700
    client.call("ping")


def test_hundred_bad_lines_in_a_row_end_the_session(iiid):
    client = iiid.client()
    client.send_bytes(b"bad\n" * 99 + b'{"id":1,"method":"ping"}\n' + b"bad\n" * 99)
    for _ in range(99):
        assert client.receive()["error"]["code"] == -32700
    assert "result" in client.receive()
    for _ in range(99):
        assert client.receive()["error"]["code"] == -32700
    client.call("ping")
    client.send_bytes(b"bad\n" * 100)
    for _ in range(100):
        assert client.receive()["error"]["code"] == -32700
    client.ended()


def test_notification_gets_no_answer(iiid):
    client = iiid.client()
    client.send('{"method":"ping"}')
    client.send('{"method":"trigger","params":{"function_id":"no::such","action":{"type":"void"}}}')
    client.quiet()


def test_batch_is_answered_by_one_line(iiid):
    client = iiid.client()
    client.send('[{"id":1,"method":"ping"},{"id":2,"method":"no_such_method"},{"method":"ping"},{"id":3,"method":"status"}]')
    answers = {a["id"]: a for a in client.receive()}
    assert set(answers) == {1, 2, 3}
    assert answers[2]["error"]["code"] == -32601
    assert "result" in answers[1] and "result" in answers[3]
    client.quiet()


@pytest.mark.parametrize("line", ["[]", "[" + ",".join('{"id":%d,"method":"ping"}' % i for i in range(101)) + "]"], ids=["empty", "101 entries"])
def test_batch_out_of_bounds_is_refused(iiid, line):
    client = iiid.client()
    client.send(line)
    message = client.receive()
    assert message["error"]["code"] == -32600, message


def test_batch_may_not_hold_hello(iiid):
    client = iiid.client()
    client.send('[{"id":1,"method":"hello"},{"id":2,"method":"ping"}]')
    answers = {a["id"]: a for a in client.receive()}
    assert "error" in answers[1] and "result" in answers[2]


def test_batch_may_hold_calls(iiid):
    iiid.worker({"echo::f": lambda params: params["payload"]["n"]})
    client = iiid.client()
    client.send(json.dumps([{"id": i, "method": "trigger", "params": {"function_id": "echo::f", "payload": {"n": i}}} for i in range(10)]))
    assert {a["id"]: a["result"] for a in client.receive()} == {i: i for i in range(10)}


def test_batch_of_a_hundred_is_taken(iiid):
    client = iiid.client()
    client.send(json.dumps([{"id": i, "method": "ping"} for i in range(100)]))
    assert [a["id"] for a in client.receive()] == list(range(100))
    client.quiet()


def test_batch_out_of_bounds_carries_out_nothing(iiid):
    client = iiid.client()
    client.send(json.dumps([{"id": i, "method": "register_function", "params": {"function_id": f"f{i}"}} for i in range(101)]))
    assert "101 entries; at most 100" in client.receive()["error"]["message"]
    assert client.call("list_functions", {"local": True})["functions"] == []


def test_what_may_not_stand_in_a_batch_is_refused_and_not_carried_out(iiid):
    client = iiid.client()
    kept_out = [m["name"] for m in client.call("rpc.discover")["methods"] if not m["x-batch"]]
    assert {"hello", "subscribe"} <= set(kept_out)
    params = {"hello": {"worker_name": "batched"}, "subscribe": {"events": ["connection"]}}
    client.send([{"id": name, "method": name, "params": params.get(name, {})} for name in kept_out] + [[{"id": "nested", "method": "ping"}]])
    answers = client.receive()
    assert len(answers) == len(kept_out) + 1
    assert {a["error"]["data"]["code"] for a in answers} == {"INVALID_REQUEST"}
    assert {a["id"] for a in answers} == {None, *kept_out}
    assert [row.get("name") for row in client.call("list_workers", {"local": True})["workers"]] == [None]
    client.quiet()


def test_batch_of_notifications_has_no_answer(iiid):
    client = iiid.client()
    client.send([{"method": "ping"}, {"method": "cancel", "params": {"id": 1}}])
    client.send([{"method": "ping"}, {"method": "status"}])
    [only] = client.receive()
    assert only["id"] is None and only["error"]["data"]["code"] == "INVALID_REQUEST"
    client.quiet()


def test_batch_of_things_that_are_no_requests(iiid):
    client = iiid.client()
    client.send('[1,null,"x",{},{"id":7}]')
    assert [(a["id"], a["error"]["data"]["code"]) for a in client.receive()] == [(None, "INVALID_REQUEST")] * 4 + [(7, "INVALID_REQUEST")]


def test_batch_is_answered_when_its_last_answer_is_there(iiid):
    """Meanwhile other lines of the connection are answered; a batch's own cancel counts; a worker may answer in a batch."""
    worker, client = iiid.client(), iiid.client()
    worker.register("slow::f", max_in_flight=2)
    trigger = {"method": "trigger", "params": {"function_id": "slow::f"}}
    client.send([{"id": "a", **trigger}, {"id": "b", "method": "ping"}, {"id": "c", **trigger}, {"id": "d", "method": "cancel", "params": {"id": "c"}}])
    first, second = worker.invoke(), worker.invoke()
    assert client.call("ping")
    client.quiet()
    worker.send([{"id": first["id"], "result": 1}, {"id": "p", "method": "ping"}, {"id": second["id"], "result": 2}])
    pong = next(m for m in iter(worker.receive, None) if isinstance(m, list))
    assert [a["id"] for a in pong] == ["p"]
    answers = client.receive()
    assert [a["id"] for a in answers] == ["b", "c", "d", "a"]
    assert answers[1]["error"]["data"]["code"] == "CANCELLED" and answers[2]["result"] == {"cancelled": True} and answers[3]["result"] == 1


def test_half_closed_client_gets_its_batch(iiid):
    iiid.worker({"echo::f": lambda params: params["payload"]})
    client = iiid.client()
    client.send([{"id": i, "method": "trigger", "params": {"function_id": "echo::f", "payload": i}} for i in range(3)])
    client.half_close()
    assert sorted(a["result"] for a in client.receive()) == [0, 1, 2]
    client.ended()


def test_answers_that_nobody_waits_for_are_told_in_the_log_a_few_times(iiid):
    client = iiid.client()
    for number in range(1, 50):
        client.send({"id": f"d{number}", "result": None})
    client.call("ping")
    eventually(lambda: "not open" in iiid.log(), what="a line in the log")
    assert 1 <= iiid.log().count("answered a request that is not open") <= 5


def test_error_of_a_call_names_the_invocation(iiid):
    worker, client = iiid.client(), iiid.client()
    worker.register("f")
    call = client.request("trigger", {"function_id": "f"})
    invoke = worker.invoke()
    worker.fail(invoke, code="OWN", message="m")
    data = client.response(call)["error"]["data"]
    assert (data["function_id"], data["invocation_id"]) == ("f", invoke["params"]["invocation_id"])
    call = client.request("trigger", {"function_id": "f", "timeout_ms": 50})
    invoke = worker.invoke()
    data = client.response(call)["error"]["data"]
    assert (data["code"], data["invocation_id"]) == ("TIMEOUT", invoke["params"]["invocation_id"])


def test_silence_towards_a_client_that_asks_nothing(iiid):
    silent = iiid.client()
    worker = iiid.client()
    worker.register("noise::f")
    worker.call("unregister_function", {"function_id": "noise::f"})
    silent.quiet()


def test_unanswered_unknown_response_is_ignored(iiid):
    client = iiid.client()
    client.send('{"id":"d99","result":1}')
    client.send('{"id":"d98","error":{"code":1,"message":"x"}}')
    client.quiet()
    client.call("ping")


def test_function_not_found(iiid):
    error = iiid.client().error_of("trigger", {"function_id": "no::such"})
    assert (error.number, error.code, error.data["source"]) == (-32004, "function_not_found", "engine")


def test_lists(iiid):
    worker = iiid.client()
    worker.register("list::f", description="a function", metadata={"team": "x"})
    client = iiid.client()
    assert "list::f" in json.dumps(client.call("list_functions"))
    assert "list::f" in json.dumps(client.call("list_functions", {"prefix": "list::"}))
    assert "list::f" not in json.dumps(client.call("list_functions", {"prefix": "other::"}))
    local = json.dumps(client.call("list_functions", {"local": True}))
    assert "list::f" in local and "active" in local
    assert "swift" in json.dumps(client.call("list_workers"))


def test_discovery_asks_the_engine(iiid):
    worker, client = iiid.client(), iiid.client()
    worker.call("register_function", {"function_id": "disk::usage", "request_format": {"type": "object"}})
    row = client.call("get_function", {"function_id": "disk::usage"})
    assert row["function_id"] == "disk::usage" and row["request_schema"] == {"type": "object"}
    own = client.call("get_function", {"function_id": "disk::usage", "local": True})
    assert own["state"] == "active" and own["instances"] == 1
    with pytest.raises(LocalError) as error:
        client.call("get_function", {"function_id": "no::such"})
    assert (error.value.code, error.value.data["source"]) == ("NOT_FOUND", "engine")
    types = client.call("list_trigger_types", {"include_internal": True})["triggers"]
    assert "engine::functions-available" in {row["id"] for row in types}
    binding = client.call("trigger", {"function_id": "engine::register_trigger", "payload": {
        "trigger_type": "engine::workers-available", "function_id": "disk::usage"}})["id"]
    rows = client.call("list_triggers", {"function_id": "disk::usage"})["registered_triggers"]
    assert [row["id"] for row in rows] == [binding]


def test_get_function_looks_into_the_daemons_namespace(daemon, engine):
    iiid = daemon(engine.url, "--namespace", "shop")
    worker = iiid.client()
    worker.call("register_function", {"function_id": "disk::usage"})
    assert worker.call("get_function", {"function_id": "disk::usage"})["namespace"] == "shop"
    with pytest.raises(LocalError):
        worker.call("get_function", {"function_id": "disk::usage", "namespace": "default"})


def test_log_reaches_the_engine(linked):
    daemon, connection = linked
    client = daemon.client()
    trace = "00-" + "ab" * 16 + "-" + "cd" * 8 + "-01"
    assert client.call("log", {
        "level": "warn", "message": "low", "data": {"left": 1.0}, "function_id": "disk::usage",
        "traceparent": trace, "invocation_id": "7"}) == {"delivered": "engine"}
    frame, _ = connection.invocation()
    assert frame["function_id"] == "engine::log::warn" and frame["action"] == {"type": "void"}
    assert frame["data"] == {
        "message": "low", "data": {"invocation_id": "7", "data": {"left": 1.0}}, "service_name": "disk::usage",
        "trace_id": "ab" * 16, "span_id": "cd" * 8}
    client.send('{"method":"log","params":{"level":"info","message":"quiet"}}')
    assert connection.invocation()[0]["data"]["message"] == "quiet"
    client.quiet()


def test_log_waits_while_the_engine_is_away(daemon):
    client = daemon("ws://127.0.0.1:9", connected=False).client()
    assert client.call("log", {"level": "info", "message": "kept"}) == {"delivered": "buffered"}
