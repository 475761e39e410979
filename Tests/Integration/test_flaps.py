"""The engine goes and comes in every way there is; the link survives, and tells the truth meanwhile."""
import http
import json

import pytest
from websockets.frames import Opcode

from harness.place import eventually
from harness.programs import Daemon
from harness.scripted_engine import ScriptedEngine, free_port



def close_without_code(connection):
    with connection.ws.send_context():
        connection.ws.protocol.send_close()


ENDINGS = {
    "1000": lambda c: c.close(1000),
    "1001": lambda c: c.close(1001),
    "1011": lambda c: c.close(1011, "broken"),
    "no code": close_without_code,
    "end of stream": lambda c: c.drop(),
    "reset": lambda c: c.drop(reset=True),
}


@pytest.mark.parametrize("end", ENDINGS.values(), ids=ENDINGS.keys())
def test_link_comes_back_after_every_kind_of_end(daemon, wire, end):
    iiid = daemon(wire.url)
    first = wire.accept()
    client = iiid.client()
    client.register("back::f")
    end(first)
    second = wire.accept()
    second.wait_registered("back::f")
    iiid.wait_connected()
    assert first.registrations == second.registrations == ["back::f"]
    assert len(first.announcements) == len(second.announcements) == 1
    # Reattach is the first frame of a reconnect, with the id and token of the connection before.
    assert json.loads(second.texts[0]) == {"type": "reattach", "previous_worker_id": first.worker_id, "reattach_token": first.token}
    assert "reattach" not in first.texts[0]
    id = second.invoke("back::f", "1")
    client.reply(client.invoke(), 2)
    assert second.outcome(id)[0]["result"] == 2


def test_announce_comes_early_and_once(linked):
    _, connection = linked
    first = json.loads(connection.texts[0])
    assert (first["type"], first["function_id"]) == ("invokefunction", "engine::workers::register")
    assert first["data"]["runtime"] == "swift"
    assert first["data"]["pid"] and first["data"]["name"]
    assert len(connection.announcements) == 1


def test_engine_away_at_boot_registers_once_when_it_comes(place):
    port = free_port()
    iiid = Daemon(place, f"ws://127.0.0.1:{port}", connected=False)
    client = iiid.client()
    result = client.call("register_function", {"function_id": "early::f", "wait_ms": 100})
    assert result["state"] == "pending"
    status = iiid.status()
    assert status["state"] in ("starting", "degraded")
    eventually(lambda: iiid.status()["engine"].get("last_error"), what="the first refusal")
    assert status["functions"] == {"active": 0, "pending": 1, "rejected": 0}
    assert iiid.client().call("health")["ok"] is False
    engine = ScriptedEngine(port=port)
    place.on_end(engine.close)
    connection = engine.accept(40)
    connection.wait_registered("early::f")
    eventually(lambda: iiid.status()["functions"] == {"active": 1, "pending": 0, "rejected": 0})
    assert connection.registrations == ["early::f"]


def test_calls_in_flight_fail_at_once_when_the_link_is_lost(linked, wire):
    iiid, connection = linked
    client = iiid.client()
    ids = [client.request("trigger", {"function_id": "x::y", "timeout_ms": 60000}) for _ in range(3)]
    for _ in ids:
        connection.invocation()
    # The engine does not come back: nothing but the loss ends them for a minute.
    wire.stop_listening()
    connection.drop()
    for id in ids:
        error = client.response(id)["error"]
        assert (error["code"], error["data"]["code"]) == (-32002, "NOT_CONNECTED")
        assert error["data"]["retryable"] is True and error["data"]["outcome"] == "unknown"


def test_new_call_while_away_fails_at_once_unless_it_waits(place):
    port = free_port()
    iiid = Daemon(place, f"ws://127.0.0.1:{port}", connected=False)
    client = iiid.client()
    error = client.error_of("trigger", {"function_id": "x::y", "timeout_ms": 60000})
    assert (error.number, error.code, error.data["retryable"]) == (-32002, "NOT_CONNECTED", True)
    id = client.request("trigger", {"function_id": "x::y", "wait_connected_ms": 30000})
    short = client.error_of("trigger", {"function_id": "x::y", "wait_connected_ms": 200})
    assert short.code == "NOT_CONNECTED"
    engine = ScriptedEngine(port=port)
    place.on_end(engine.close)
    connection = engine.accept(40)
    frame, _ = connection.invocation()
    connection.answer(frame, "waited")
    assert client.result(id) == "waited"


def test_running_handler_is_told_and_its_answer_never_crosses_to_the_next_connection(linked, wire):
    iiid, first = linked
    worker = iiid.client()
    worker.register("stale::f")
    first.invoke("stale::f")
    invoke = worker.invoke()
    first.drop()
    cancel = worker.next("cancel")
    assert cancel["params"] == {"id": invoke["id"], "reason": "link_lost"}
    second = wire.accept()
    second.wait_registered("stale::f")
    worker.reply(invoke, "stale")
    second.quiet(0.5)
    id = second.invoke("stale::f")
    worker.reply(worker.invoke(), "fresh")
    assert second.outcome(id)[0]["result"] == "fresh"


def test_result_for_a_call_of_the_connection_before_is_ignored(linked, wire):
    iiid, first = linked
    client = iiid.client()
    client.request("trigger", {"function_id": "x::y"})
    frame, _ = first.invocation()
    first.drop()
    assert client.receive()["error"]["data"]["code"] == "NOT_CONNECTED"
    second = wire.accept()
    second.answer(frame, "late")
    client.quiet()


def test_registered_and_unregistered_while_away(daemon, wire):
    iiid = daemon(wire.url)
    first = wire.accept()
    client = iiid.client()
    client.register("stays::f")
    client.register("goes::f")
    wire.stop_listening()
    first.drop()
    iiid.wait_away()
    client.call("unregister_function", {"function_id": "goes::f"})
    assert client.call("register_function", {"function_id": "comes::f", "wait_ms": 0})["state"] == "pending"
    wire.open()
    second = wire.accept(40)
    second.wait_registered("stays::f", "comes::f")
    iiid.wait_connected()
    assert sorted(second.registrations) == ["comes::f", "stays::f"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500, 502, 503])
def test_http_error_is_an_attempt_that_failed(place, status):
    answers = [status]

    def refuse(ws, request):
        if answers:
            return ws.respond(http.HTTPStatus(answers.pop()), "no\n")
        return None

    engine = ScriptedEngine(process_request=refuse)
    place.on_end(engine.close)
    iiid = Daemon(place, engine.url, connected=False)
    eventually(lambda: str(status) in json.dumps(iiid.status()["engine"]) or iiid.status()["state"] == "ready", what="the HTTP status in last_error")
    iiid.wait_connected()


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 101 Switching", b"nonsense\r\n\r\n", b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
                                    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: wrong\r\n\r\n"],
                         ids=["eof", "half a line", "nonsense", "no headers", "wrong accept"])
def test_broken_handshake_is_an_attempt_that_failed(place, raw_listener, answer):
    iiid = Daemon(place, raw_listener.url, connected=False)
    connection = raw_listener.accept()
    raw_listener.read_request(connection)
    connection.sendall(answer)
    connection.close()
    raw_listener.accept(10).close()
    assert iiid.process.poll() is None
    assert iiid.status()["engine"]["last_error"]


def test_name_that_does_not_resolve_is_an_attempt_that_failed(place):
    iiid = Daemon(place, "ws://no-such-host.invalid:1", connected=False)
    eventually(lambda: "no-such-host.invalid" in json.dumps(iiid.status()["engine"].get("last_error", "")), 20, what="the name in last_error")
    eventually(lambda: iiid.status()["engine"]["attempt"] >= 2, 30)


BAD_FRAMES = ["", "   ", "nonsense", "[]", "{}", '"text"', "null", '{"type":5}', '{"type":"no-such-type","x":1}', '{"type":"invocationresult"}',
              '{"type":"invocationresult","invocation_id":"nonsense","function_id":"x"}', '{"type":"invokefunction"}',
              '{"type":"invokefunction","invocation_id":null,"function_id":5,"data":1}', '{"type":"registrationrejected"}',
              '{"type":"invokefunction","invocation_id":"0b0e7c3e-0000-4000-8000-000000000001","function_id":"no::such","data":{}}',
              '{"type":"workerregistered"}', '{"type":"registertrigger","id":"t"}', '{"type":"error","error":"x"}', "{" * 5000, "\ufeff{}"]


def test_bad_frames_do_not_end_the_link(linked):
    iiid, connection = linked
    client = iiid.client()
    client.register("still::f")
    for text in BAD_FRAMES:
        connection.send(text)
    id = connection.invoke("still::f", "1")
    client.reply(client.invoke(), 2)
    while True:
        frame, _ = connection.receive()
        if frame.get("invocation_id") == id:
            break
    assert frame["result"] == 2
    assert not connection.closed.is_set()
    assert "cannot be read, ignoring" in iiid.log()


def test_unknown_function_is_answered_with_an_error(linked):
    _, connection = linked
    id = connection.invoke("never::registered")
    assert connection.outcome(id)[0]["error"]["code"] == "function_not_found"


def test_json_ping_is_answered(linked):
    _, connection = linked
    connection.send({"type": "ping"})
    assert connection.receive()[0] == {"type": "pong"}


def test_refused_function_is_rejected_with_its_reason(daemon, wire):
    wire.refused["taken::f"] = "FUNCTION_NAMESPACE_CONFLICT"
    iiid = daemon(wire.url)
    connection = wire.accept()
    client = iiid.client()
    result = client.call("register_function", {"function_id": "taken::f"})
    assert result["state"] == "rejected" and "FUNCTION_NAMESPACE_CONFLICT" in json.dumps(result)
    assert iiid.status()["functions"]["rejected"] == 1
    assert client.call("health")["ok"] is False
    client.register("free::f")
    id = connection.invoke("free::f")
    client.reply(client.invoke(), 1)
    assert connection.outcome(id)[0]["result"] == 1


def test_refused_worker_is_fatal(linked, wire):
    iiid, connection = linked
    client = iiid.client()
    id = client.request("trigger", {"function_id": "x::y"})
    connection.invocation()
    connection.send({"type": "registrationrejected", "code": "WORKER_NAMESPACE_CONFLICT", "namespace": "default", "worker_name": "iiid",
                     "owner_worker_id": "someone"})
    connection.close()
    assert "error" in client.response(id)
    eventually(lambda: iiid.status()["engine"]["state"] == "failed", what="state failed")
    assert "WORKER_NAMESPACE_CONFLICT" in json.dumps(iiid.status()["engine"])
    assert client.error_of("trigger", {"function_id": "x::y"}).code != "TIMEOUT"
    with pytest.raises(AssertionError):
        wire.accept(4)
    assert iiid.status()["engine"]["state"] == "failed"


@pytest.mark.timeout(240)
def test_fifty_flaps_with_a_hundred_functions(daemon, engine, proxy):
    iiid = daemon(proxy.url)
    client = iiid.client()
    names = [f"flap::f{n}" for n in range(100)]
    for id in [client.request("register_function", {"function_id": name}) for name in names]:
        assert client.result(id)["state"] == "active"
    observer = Daemon(iiid.place, engine.url, "--name", "observer").client()  # its own link to the engine

    def rows():
        answer = observer.call("list_functions", {"prefix": "flap::"})
        return [row["function_id"] for row in (answer["functions"] if isinstance(answer, dict) else answer)]

    assert sorted(rows()) == sorted(names)
    number = len(proxy.connections)
    for flap in range(2):  # buffers and tables have their size after the first ones
        proxy.cut()
        number += 1
        proxy.wait_connection(number)
        iiid.wait_connected()
        eventually(lambda: iiid.status()["functions"]["active"] == 100)
    descriptors, resident = iiid.descriptors(), iiid.resident()
    for flap in range(50):
        proxy.cut(keep_up=flap % 2 == 0)  # every other time the engine does not notice
        number += 1
        connection = proxy.wait_connection(number)
        eventually(lambda c=connection: len(c.registered()) == 100, 20, what="all registered")
        eventually(lambda: iiid.status()["functions"] == {"active": 100, "pending": 0, "rejected": 0}, 20, what="all active")
        assert sorted(connection.registered()) == sorted(names)
    assert sorted(rows()) == sorted(names)
    # No ghost owner: a call reaches us.
    id = observer.request("trigger", {"function_id": "flap::f7", "payload": 7})
    client.reply(client.invoke(), "seven")
    assert observer.result(id) == "seven"
    eventually(lambda: iiid.descriptors() <= descriptors, what="as many descriptors as before")
    assert iiid.resident() <= resident + 2048, (resident, iiid.resident())


@pytest.mark.timeout(120)
def test_silent_link_is_found_dead(place, wire):
    """Pings every 20 s; nothing heard for 60 s ends the connection. Here only the ping is waited for."""
    iiid = Daemon(place, wire.url)
    connection = wire.accept()
    pinged = []
    original = connection.ws.protocol.recv_frame

    def spy(frame):
        if frame.opcode is Opcode.PING:
            pinged.append(frame)
        return original(frame)

    connection.ws.protocol.recv_frame = spy
    eventually(lambda: pinged, 25, what="a ping within 20 s")
    assert iiid.status()["engine"]["state"] == "connected"
