"""A client may be broken or hostile; no other client notices."""
import json
import socket
import threading
import time

import pytest

from harness.local_client import LocalClient
from harness.place import eventually

MIB = 1 << 20


class Witness:
    """Another client, whose calls must go on as if nothing happened."""

    def __init__(self, iiid):
        self.iiid = iiid
        iiid.worker({"witness::f": lambda params: params["payload"]})
        self.client = iiid.client()
        self.check()

    def check(self, calls=20):
        slowest = 0
        for n in range(calls):
            begun = time.monotonic()
            assert self.client.trigger("witness::f", n, seconds=5) == n
            slowest = max(slowest, time.monotonic() - begun)
        assert slowest < 2, f"a call took {slowest:.2f} s"


@pytest.mark.timeout(120)
def test_client_that_registers_and_never_reads(iiid):
    witness = Witness(iiid)
    deaf = iiid.client(receive_buffer=4096)
    deaf.register("deaf::f", max_in_flight=100)
    text = "x" * MIB
    caller = iiid.client()
    ids = [caller.request("trigger", {"function_id": "deaf::f", "payload": text, "timeout_ms": 90000}) for _ in range(12)]
    assert caller.call("ping", seconds=20)  # all of them were read
    begun = time.monotonic()
    witness.check()
    # More than 8 MiB wait for it: without progress for 30 s it is closed, and its calls fail at once.
    for id in ids:
        assert caller.response(id, 60)["error"]["data"]["code"] == "invocation_stopped"
    assert 25 < time.monotonic() - begun < 45
    witness.check()


def test_half_closed_reader_has_time_as_long_as_it_takes_something(place, daemon, engine):
    """It has all its answers and may go; it stays a client until it has taken them, or takes nothing for too long."""
    config = place.dir / "iiid.conf"
    config.write_text("[limits]\noutput_stall_ms = 3000\n")
    iiid = daemon(engine.url, "--config", config)
    text = "x" * (4 * MIB)
    iiid.worker({"large::f": lambda params: text})
    watch = iiid.client()

    def others():
        return watch.call("status")["clients"] - 2  # without the worker and the one who asks

    slow, deaf = iiid.client(receive_buffer=4096), iiid.client(receive_buffer=4096)
    for client in slow, deaf:
        client.request("trigger", {"function_id": "large::f"})
        client.half_close()
    taken = bytearray(slow.socket.recv(1))
    assert others() == 2
    while data := slow.socket.recv(64 * 1024):
        taken += data
        time.sleep(0.1)  # 64 times: twice as long as one may take nothing
    assert len(json.loads(taken)["result"]) == len(text)
    eventually(lambda: others() == 0, what="both are gone")
    assert "it has read nothing for 3000 ms" in iiid.log()


def test_flood_of_requests_while_serving(iiid):
    witness = Witness(iiid)
    iiid.worker({"sink::f": lambda params: None})
    flooder = iiid.client()
    flooder.register("flooder::f")
    done = threading.Event()

    def flood():
        line = b'{"id":1,"method":"trigger","params":{"function_id":"sink::f","payload":1}}\n' * 200
        flooder.socket.settimeout(30)
        try:
            for _ in range(300):
                flooder.socket.sendall(line)
        except OSError:
            pass
        done.set()

    writer = threading.Thread(target=flood, daemon=True)
    writer.start()
    witness.check(50)
    # It is not deadlocked either: an invocation still reaches it, and its answer is taken.
    id = witness.client.request("trigger", {"function_id": "flooder::f"})
    invoke = flooder.next("invoke", 20)
    threading.Thread(target=lambda: flooder.send({"id": invoke["id"], "result": "served"}), daemon=True).start()

    def drain():
        try:
            while flooder.receive_line(5) is not None:
                pass
        except (OSError, TimeoutError, AssertionError):
            pass  # our own end closes within a line

    reader = threading.Thread(target=drain, daemon=True)
    reader.start()
    assert witness.client.result(id, 20) == "served"
    assert done.wait(30)
    flooder.socket.shutdown(socket.SHUT_RDWR)
    reader.join(10)
    flooder.close()
    witness.check()


def test_garbage(iiid):
    witness = Witness(iiid)
    for garbage in (b"\0" * 100000 + b"\n", bytes(range(256)) * 1000, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"{" * 200000 + b"\n",
                    b"[" * 1000000 + b"\n", b'"' + b"\\" * 99999 + b"\n", b"\xff\xfe\xfd\n" * 50, b'{"id":' + b"9" * 1000000 + b"}\n"):
        client = LocalClient(iiid.socket)
        try:
            client.send_bytes(garbage)
        except OSError:
            pass
        witness.check(3)
        client.close()
    witness.check()


def test_line_above_the_limit_is_skipped_and_answered(iiid):
    witness = Witness(iiid)
    client = iiid.client()
    before = iiid.resident()

    def send():
        client.send_bytes(b'{"id":1,"method":"ping","params":{"x-a":"')
        for _ in range(17):
            client.send_bytes(b"x" * MIB)
        client.send_bytes(b'"}}\n{"id":2,"method":"ping"}\n')

    writer = threading.Thread(target=send)
    writer.start()
    witness.check()
    writer.join(20)
    error = client.receive(20)
    assert error["error"]["code"] == -32008 and error["error"]["data"]["code"] == "PAYLOAD_TOO_LARGE"
    assert error["error"]["data"]["limit"] == 16 * MIB
    assert error["error"]["data"]["size"] > 17 * MIB
    assert "result" in client.receive() and client.call("ping")
    assert iiid.resident() - before < 40 * 1024, "the line was stored"


def test_line_without_end_costs_no_memory(iiid):
    witness = Witness(iiid)
    client = iiid.client()
    for _ in range(100):
        client.send_bytes(b"x" * MIB)
    witness.check()
    assert iiid.resident() < 80 * 1024


def test_large_result_through_a_small_buffer_arrives_whole(iiid):
    text = "y" * (15 * MIB)
    iiid.worker({"large::f": lambda params: text})
    client = LocalClient(iiid.socket, receive_buffer=4096)
    result = client.trigger("large::f", seconds=40)
    assert result == text
    client.close()


def test_connections_of_one_user_are_limited(iiid):
    witness = Witness(iiid)  # two connections
    clients = []
    refused = None
    for _ in range(70):
        client = LocalClient(iiid.socket)
        clients.append(client)
        try:
            client.call("ping", seconds=5)
        except Exception as problem:
            refused = problem
            break
    assert refused is not None, "70 connections were accepted"
    assert 60 <= len(clients) <= 65
    witness.check()
    for client in clients:
        client.close()
    eventually(lambda: iiid.status()["clients"] <= 4, what="connections released")
    assert iiid.client().call("ping")


def test_too_many_registrations_are_refused(iiid):
    client = iiid.client()
    ids = [client.request("register_function", {"function_id": f"many::f{n}", "wait_ms": 30000}) for n in range(200)]
    for id in ids:
        assert client.result(id, 30)["state"] == "active"
    # 1000 in all, on several connections.
    others = []
    total = 200
    refused = None
    while refused is None and total <= 1000:
        other = iiid.client()
        others.append(other)
        ids = [other.request("register_function", {"function_id": f"many::f{total + n}", "wait_ms": 30000}) for n in range(200)]
        for id in ids:
            message = other.response(id, 30)
            if "error" in message:
                refused = refused or message["error"]
            else:
                total += 1
    assert total == 1000
    assert refused["data"]["code"] == "OVERLOADED", refused
    assert iiid.status()["functions"]["active"] == 1000


def test_connect_and_close_leaves_nothing(iiid):
    witness = Witness(iiid)
    before = iiid.descriptors()
    for n in range(300):
        client = LocalClient(iiid.socket)
        if n % 3 == 0:
            client.send_bytes(b'{"id":1,"method":"trigger","params":{"function_id":"no::such"}}\n')
        if n % 3 == 1:
            client.send_bytes(b'{"id":1,"meth')
        client.close()
    witness.check()
    eventually(lambda: iiid.descriptors() <= before, what="descriptors released")


def test_caller_that_vanishes_leaves_no_call(iiid):
    worker = iiid.client()
    worker.register("vanish::f", max_in_flight=10)
    caller = iiid.client()
    caller.request("trigger", {"function_id": "vanish::f"})
    invoke = worker.invoke()
    caller.close()
    worker.reply(invoke, "to nobody")
    other = iiid.client()
    id = other.request("trigger", {"function_id": "vanish::f"})
    worker.reply(worker.invoke(), "to somebody")
    assert other.result(id) == "to somebody"
    # status is asked on one connection of its own.
    in_flight = iiid.status()["in_flight"]
    assert not any(in_flight.values() if isinstance(in_flight, dict) else [in_flight]), in_flight


def test_client_that_half_closes_with_calls_out_gets_all_answers(iiid):
    worker = iiid.client()
    worker.register("half::f", max_in_flight=10)
    caller = iiid.client()
    ids = [caller.request("trigger", {"function_id": "half::f", "payload": n}) for n in range(5)]
    caller.half_close()
    for invoke in [worker.invoke() for _ in range(5)]:
        worker.reply(invoke, invoke["params"]["payload"])
    assert [caller.result(i) for i in ids] == list(range(5))
    caller.ended()


def test_pipelined_megabytes_of_small_requests_all_get_answers(iiid):
    client = iiid.client()
    count = 20000
    lines = b"".join(b'{"id":%d,"method":"ping"}\n' % n for n in range(count))
    writer = threading.Thread(target=client.send_bytes, args=(lines,))
    writer.start()
    seen = [json.loads(client.receive_line(20))["id"] for _ in range(count)]
    writer.join()
    assert seen == list(range(count))


@pytest.mark.parametrize("size", [1, 7, 65535, 65536, 65537])
def test_lines_cut_anywhere_are_put_together(iiid, size):
    client = iiid.client()
    text = "z" * 200000 if size > 100 else "z" * 300
    iiid.worker({"echo::f": lambda params: params["payload"]})
    line = json.dumps({"id": 1, "method": "trigger", "params": {"function_id": "echo::f", "payload": text}}).encode() + b"\n"
    for at in range(0, len(line), size):
        client.send_bytes(line[at:at + size])
    assert client.result(1) == text
