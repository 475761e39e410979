"""Form, errors and connection rules of the local protocol."""
import json

import pytest

from harness.local_client import LocalError


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
    ('{"id":1,"method":"create_channel","params":{}}', -32601, "METHOD_NOT_FOUND"),
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
