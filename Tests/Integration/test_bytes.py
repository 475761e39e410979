"""Payload bytes cross untouched, in all four directions, watched on the engine's wire; what an engine would drop is refused."""
import json

import pytest

MIB = 1 << 20

#: JSON texts that a decoder would change.
TEXTS = {
    "2^53+1": "9007199254740993",
    "20 digits": "12345678901234567890",
    "-20 digits": "-12345678901234567890",
    "40-digit decimal": "0.1234567890123456789012345678901234567891",
    "1.0": "1.0",
    "-0": "-0",
    "-0.0": "-0.0",
    "exponents": "[1e2,1E+2,1e-400,2.50e1]",
    "largest double": "1.7976931348623157e308",
    "key order": '{"b":1,"a":2,"10":3,"9":4}',
    "duplicate keys": '{"a":1,"a":2,"a":1}',
    "white space": '{ "a" :\t[ 1 , 2 ] }',
    "u0000": '"\\u0000"',
    "escapes": '"\\/\\u0041\\u00e9\\n\\b\\f"',
    "surrogate pair": '"\\ud83d\\ude00"',
    "utf-8": '"é😀\u2028"',
    "delete": '"\x7f"',
    "empty things": '[{},[],"",null,true,false]',
    "null": "null",
    "brackets in strings": '{"a":"}{][\\"","\\u0061":"\\\\"}',
    "126 levels": "[" * 126 + "]" * 126,
    "names of the protocol": '{"id":1,"method":"trigger","jsonrpc":"1.0","type":"invokefunction","data":{"payload":2},"result":3,"error":null}',
}

texts = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())


@texts
def test_payload_of_a_call_crosses_unchanged(linked, text):
    iiid, connection = linked
    client = iiid.client()
    client.send(f'{{"id":1,"method":"trigger","params":{{"function_id":"x::y","payload":{text},"metadata":{text}}}}}')
    frame, sent = connection.invocation()
    assert f'"data":{text}' in sent
    assert f'"metadata":{text}' in sent


@texts
def test_result_of_a_call_crosses_unchanged(linked, text):
    iiid, connection = linked
    client = iiid.client()
    client.send('{"id":1,"method":"trigger","params":{"function_id":"x::y"}}')
    frame, _ = connection.invocation()
    connection.send(f'{{"type":"invocationresult","invocation_id":"{frame["invocation_id"]}","function_id":"x::y","result":{text}}}')
    line = client.receive_line().decode()
    assert f'"result":{text}' in line


@texts
def test_payload_of_an_invocation_crosses_unchanged(linked, text):
    iiid, connection = linked
    client = iiid.client()
    client.register("bytes::f")
    connection.invoke("bytes::f", text, metadata=text)
    line = client.receive_line().decode()
    assert f'"payload":{text}' in line
    assert f'"metadata":{text}' in line or text == "null"  # null and absent are the same to an engine


@texts
def test_result_of_an_invocation_crosses_unchanged(linked, text):
    iiid, connection = linked
    client = iiid.client()
    client.register("bytes::f")
    id = connection.invoke("bytes::f")
    invoke = client.invoke()
    client.send(f'{{"id":{json.dumps(invoke["id"])},"result":{text}}}')
    _, sent = connection.outcome(id)
    assert f'"result":{text}' in sent


def test_newline_of_an_engine_becomes_a_space(linked):
    iiid, connection = linked
    client = iiid.client()
    client.register("lines::f")
    connection.send('{"type":"invokefunction",\n"invocation_id":"0b0e7c3e-0000-4000-8000-000000000001",\r\n"function_id":"lines::f","data":{\n"a":\r[1,\n2],"b":"\\n"}}')
    line = client.receive_line().decode()
    assert '"payload":{ "a": [1, 2],"b":"\\n"}' in line
    client.request("trigger", {"function_id": "x::y"})
    frame, _ = connection.invocation()
    connection.send(f'{{"type":"invocationresult","invocation_id":"{frame["invocation_id"]}","function_id":"x::y","result":{{\n}}}}')
    assert '"result":{ }' in client.receive_line().decode()


def test_absent_payload_is_sent_as_null(linked):
    iiid, connection = linked
    iiid.client().send('{"id":1,"method":"trigger","params":{"function_id":"x::y"}}')
    frame, _ = connection.invocation()
    assert frame["data"] is None, "an engine drops a frame without data"


#: What an engine would drop without a word, and the reason that is told.
REFUSED = {
    "1e400": "1e400",
    "309 digits": "9" * 309,
    "first beyond a double": "1.7976931348623159e308",
    "lone high surrogate": '"\\ud800"',
    "lone low surrogate": '"\\udc00"',
    "high surrogate before a letter": '"\\ud800\\u0041"',
    "127 levels": "[" * 127 + "]" * 127,
    "raw control character": '"\x01"',
    "raw tab": '"\t"',
}

refused = pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())


@refused
@pytest.mark.parametrize("member", ["payload", "metadata"])
def test_unusable_payload_is_refused_before_it_is_sent(linked, text, member):
    iiid, connection = linked
    client = iiid.client()
    before = f'{{"id":1,"method":"trigger","params":{{"function_id":"x::y","{member}":{{"a":'
    line = before + text + "}}}"
    if text.startswith("[["):  # the depth counts from the payload itself
        before = f'{{"id":1,"method":"trigger","params":{{"function_id":"x::y","{member}":'
        line = before + text + "}}"
    client.send(line)
    message = client.receive()
    assert message["id"] == 1
    error = message["error"]
    assert (error["code"], error["data"]["code"]) == (-32602, "INVALID_PARAMS")
    offset = error["data"]["offset"]
    start = len(before.encode())
    assert start <= offset <= start + len(text.encode()), (offset, start)
    assert error["data"]["reason"] or error["message"]
    connection.quiet()
    client.call("ping")


@refused
def test_unusable_result_is_an_error_at_the_caller_at_once(linked, text):
    iiid, connection = linked
    client = iiid.client()
    client.register("bytes::f")
    id = connection.invoke("bytes::f")
    invoke = client.invoke()
    client.send(f'{{"id":{json.dumps(invoke["id"])},"result":{text}}}')
    frame, _ = connection.outcome(id, 3)
    assert frame["error"]["code"] == "invocation_failed"
    assert frame["error"]["message"]
    told = client.receive()
    assert told["id"] is None and "error" in told
    assert told["error"]["data"]["in_reply_to"] == invoke["id"]
    # The slot is free, and the session goes on.
    id = connection.invoke("bytes::f")
    client.reply(client.invoke(), 1)
    assert connection.outcome(id)[0]["result"] == 1


@pytest.mark.parametrize("text", ["01", "1.", "NaN", "+1", ".5", "'a'", "tru", '"\\x41"', "[1,]", "{,}", '{"a"}'])
def test_payload_that_is_no_json_is_a_parse_error(linked, text):
    iiid, connection = linked
    client = iiid.client()
    client.send(f'{{"id":1,"method":"trigger","params":{{"function_id":"x::y","payload":{text}}}}}')
    message = client.receive()
    assert message["id"] is None and message["error"]["code"] == -32700
    connection.quiet(0.1)
    client.call("ping")


@pytest.mark.parametrize("text", ["01", "NaN", '{"a":}'])
def test_result_that_is_no_json_does_not_end_the_session(linked, text):
    iiid, connection = linked
    client = iiid.client()
    client.register("bytes::f")
    id = connection.invoke("bytes::f")
    invoke = client.invoke()
    client.send(f'{{"id":{json.dumps(invoke["id"])},"result":{text}}}')
    assert client.receive()["error"]["code"] == -32700
    client.reply(invoke, 1)
    assert connection.outcome(id)[0]["result"] == 1


def filler(size):
    return "x" * size


def test_15_mib_in_all_four_directions(linked):
    iiid, connection = linked
    size = 15 * MIB
    text = f'{{"text":"{filler(size)}"}}'
    client, worker = iiid.client(), iiid.client()
    client.send(f'{{"id":1,"method":"trigger","params":{{"function_id":"x::y","payload":{text}}}}}')
    frame, sent = connection.invocation(30)
    assert f'"data":{text}' in sent
    connection.send(f'{{"type":"invocationresult","invocation_id":"{frame["invocation_id"]}","function_id":"x::y","result":{text}}}')
    assert f'"result":{text}' in client.receive_line(30).decode()
    worker.register("large::f")
    id = connection.invoke("large::f", text)
    invoke = json.loads(line := worker.receive_line(30))
    assert f'"payload":{text}' in line.decode()
    worker.send(f'{{"id":{json.dumps(invoke["id"])},"result":{text}}}')
    frame, sent = connection.outcome(id, 30)
    assert f'"result":{text}' in sent


def test_60_mib_cross_when_the_line_limit_is_raised(daemon, wire):
    iiid = daemon(wire.url, "--max-line-bytes", str(80 * MIB))
    connection = wire.accept()
    text = f'{{"text":"{filler(60 * MIB)}"}}'
    client = iiid.client()
    client.send(f'{{"id":1,"method":"trigger","params":{{"function_id":"x::y","payload":{text},"timeout_ms":60000}}}}')
    frame, sent = connection.invocation(40)
    assert f'"data":{text}' in sent
    connection.send(f'{{"type":"invocationresult","invocation_id":"{frame["invocation_id"]}","function_id":"x::y","result":{text}}}')
    assert f'"result":{text}' in client.receive_line(40).decode()


def test_65_mib_are_too_large_for_an_engine(daemon, wire):
    iiid = daemon(wire.url, "--max-line-bytes", str(80 * MIB))
    connection = wire.accept()
    client = iiid.client()
    client.send(f'{{"id":1,"method":"trigger","params":{{"function_id":"x::y","payload":"{filler(65 * MIB)}"}}}}')
    error = client.receive(40)["error"]
    assert (error["code"], error["data"]["code"]) == (-32008, "PAYLOAD_TOO_LARGE")
    assert error["data"]["limit"] == 64 * MIB and error["data"]["size"] > 65 * MIB
    connection.quiet()
    client.call("ping")


def test_result_too_large_for_an_engine_is_an_error_at_the_caller(daemon, wire):
    iiid = daemon(wire.url, "--max-line-bytes", str(80 * MIB))
    connection = wire.accept()
    worker = iiid.client()
    worker.register("huge::f")
    id = connection.invoke("huge::f")
    invoke = worker.invoke()
    worker.send(f'{{"id":{json.dumps(invoke["id"])},"result":"{filler(65 * MIB)}"}}')
    frame, _ = connection.outcome(id, 40)
    assert frame["error"]["code"].lower() == "payload_too_large"
    assert worker.receive()["error"]["data"]["in_reply_to"] == invoke["id"]
