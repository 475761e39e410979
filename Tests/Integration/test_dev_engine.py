"""The development engine by itself: its command line, how it ends, and the hooks that make it fail."""
import json
import signal
import socket
import subprocess
import time

import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from harness.engine_peer import EnginePeer, open_socket
from harness.place import eventually
from harness.programs import Engine, build_folder, descriptors

PROGRAM = build_folder() / "iii-dev-engine"


@pytest.fixture
def peer(place, engine):
    return lambda name: EnginePeer(place, engine, name)


@pytest.mark.parametrize("arguments", [["--port", "x"], ["--port", "65536"], ["--nonsense"], ["--queue", "disk"], ["--port"],
                                       ["--test-hooks=1"], ["--grace-ms", "-1"], ["--log-level", "loud"], ["--compat", "1.0"], ["--config", "/nowhere"],
                                       ["--config", "/"], ["operand"]])
def test_bad_arguments_are_named(arguments):
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=10)
    assert done.returncode == 64
    assert done.stdout == "" and arguments[0].split("=")[0] in done.stderr


def test_help_and_version():
    for flag, part in [("--help", "dev::control"), ("--version", "iii-dev-engine ")]:
        done = subprocess.run([PROGRAM, flag], capture_output=True, text=True, timeout=10)
        assert (done.returncode, done.stderr) == (0, "") and part in done.stdout


def test_says_one_line_and_warns(place):
    engine = Engine(place, "--queue", "none")
    log = engine.process.log_path.read_text()
    assert "do not use it in production" in log and "test hooks" not in log
    assert "whoever reaches that address" not in log


def test_address_that_is_taken(place, engine):
    done = subprocess.run([PROGRAM, "--port", str(engine.port)], capture_output=True, text=True, timeout=10)
    assert done.returncode == 69 and done.stdout == "" and "in use" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_it_without_close_frames(engine, peer, number):
    worker = peer("w")
    engine.process.send_signal(number)
    assert engine.process.wait(5) == 0
    assert worker.wait_end() is None


def test_ends_with_its_input():
    process = subprocess.Popen([PROGRAM, "--port", "0", "--exit-with-stdin"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        assert process.stdout.readline().startswith(b"iii-dev-engine listening on ws://127.0.0.1:")
        process.stdin.write(b"what comes before the end does not matter\n" * 1000)
        process.stdin.flush()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.3)
        process.stdin.close()
        assert process.wait(5) == 0
        assert process.stdout.read() == b""
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_without_the_hooks_there_is_no_control(place):
    worker = EnginePeer(place, Engine(place, "--queue", "none"), "w")
    assert worker.call("dev::control", {"do": "drop_all"})["error"]["code"] == "function_not_found"


def test_grace_of_nothing(place):
    engine = Engine(place, "--grace-ms", "0")
    ws = open_socket(place, engine.url)
    ws.recv(5)
    ws.send('{"type":"registerfunction","id":"early::f"}')
    ws.send('{"type":"invokefunction","function_id":"early::f","data":1}')
    assert json.loads(ws.recv(5))["function_id"] == "early::f"


def test_drop_all(peer):
    first, second = peer("a"), peer("b")
    first.control(do="drop_all")
    assert first.wait_end() is None
    assert second.wait_end() is None


def test_drop_one_by_name_and_by_id(peer):
    asker, first, second = peer("asker"), peer("a"), peer("b")
    asker.control(do="drop", worker="a")
    assert first.wait_end() is None
    assert second.answers()
    asker.control(do="drop", worker=second.id)
    assert second.wait_end() is None
    assert asker.call("dev::control", {"do": "drop", "worker": "a"})["error"]["code"] == "NOT_FOUND"


@pytest.mark.parametrize("code", [1000, 1001, 1011, 1012, 4000, None])
def test_close_with_a_code(peer, code):
    asker, other = peer("asker"), peer("other")
    asker.control(do="close", worker="other", **({"code": code} if code else {}))
    assert other.wait_end() == (code or 1005)


def test_refuse_a_number_of_connections(place, engine, peer):
    asker = peer("asker")
    asker.control(do="refuse", connections=2)
    for _ in range(2):
        with pytest.raises((OSError, EOFError, InvalidHandshake, ConnectionClosed)):
            open_socket(place, engine.url)
    assert peer("next").answers()
    assert asker.answers()


def test_refuse_for_a_time_without_listening(engine, peer):
    peer("asker").control(do="refuse", ms=3000, listener=True)

    def refused():
        try:
            socket.create_connection(("127.0.0.1", engine.port), 1).close()
        except ConnectionRefusedError:
            return True
        return False

    eventually(refused, what="a refused connection")
    eventually(lambda: not refused(), what="the listener again")
    assert peer("later").answers()


def test_stall(peer):
    asker, other = peer("asker"), peer("other")
    asker.control(do="stall", worker="other")
    other.send({"type": "ping"})
    pong = other.ws.ping()
    with pytest.raises(TimeoutError):
        other.receive(0.5)
    assert not pong.wait(0.1)
    assert asker.answers()


def test_delayed_replies_keep_their_order(peer):
    worker = peer("w")
    worker.control(do="delay_replies", ms=300)
    begun = time.monotonic()
    numbers = [worker.begin("no::such", {}) for _ in range(3)]
    assert [worker.receive()["invocation_id"] for _ in numbers] == numbers
    assert time.monotonic() - begun >= 0.29
    worker.begin("dev::control", {"do": "delay_replies", "ms": 0})
    worker.receive()

    def at_once():
        begun = time.monotonic()
        worker.call("no::such", {})
        return time.monotonic() - begun < 0.25

    eventually(at_once, what="a call without the delay")


def test_raw_text(peer):
    asker, other = peer("asker"), peer("other")
    asker.control(do="send_raw", worker="other", text='{"type":')
    assert other.ws.recv(5) == '{"type":'


def test_telemetry_is_taken_and_the_connection_stays(engine, peer, place):
    ws = open_socket(place, engine.url + "/otel")
    for prefix in (b"OTLP", b"MTRC", b"LOGS"):
        ws.send(prefix + b'{"resourceSpans":[]}')
    ws.send(b"OTLPnonsense")
    ws.send("text")
    assert ws.ping().wait(5)
    with pytest.raises(TimeoutError):
        ws.recv(0.3)
    # It is no worker, and a worker may send the same frames.
    worker = peer("w")
    worker.ws.send(b"OTLP{}")
    assert worker.answers()
    assert [row["name"] for row in worker.call("engine::workers::list", {"runtime": "nobody"})["result"]["workers"]] == []


def test_silent_peer_is_closed_before_the_handshake(engine):
    with socket.create_connection(("127.0.0.1", engine.port)) as raw:
        raw.settimeout(15)
        raw.sendall(b"GET / HTTP/1.1\r\n")
        begun = time.monotonic()
        while raw.recv(1000):
            pass
        assert 9 < time.monotonic() - begun < 13


def test_listener_may_have_a_handshake_limit_of_its_own(place):
    rules = place.dir / "rules.json"
    rules.write_text('{"listeners": [{"port": 0, "handshake_timeout_ms": 100}]}')
    engine = Engine(place, "--config", rules)
    with socket.create_connection(("127.0.0.1", int(engine.also[0].rsplit(":", 1)[1]))) as raw:
        raw.settimeout(5)
        begun = time.monotonic()
        raw.sendall(b"GET / HTTP/1.1\r\n")
        while raw.recv(1000):
            pass
        assert time.monotonic() - begun < 5


def test_queue_in_memory_delivers_again(peer):
    worker = peer("w")
    receipt = worker.call("job::f", {"n": 1}, action={"type": "enqueue", "queue": "jobs"})
    assert receipt["result"]["messageReceiptId"]
    worker.send({"type": "registerfunction", "id": "job::f"})
    job = worker.receive()
    assert (job["function_id"], job["data"]) == ("job::f", {"n": 1})
    worker.send({"type": "invocationresult", "invocation_id": job["invocation_id"], "function_id": "job::f", "error": {"code": "x", "message": "y"}})
    again = worker.receive()
    assert again["data"] == {"n": 1} and again["invocation_id"] != job["invocation_id"]


def test_names_and_descriptors_are_free_again_after_many_connections(engine, peer):
    peer("observer")
    before = descriptors(engine.process.pid)
    for _ in range(50):
        peer("again").ws.close_socket()
        time.sleep(0.01)
    eventually(lambda: descriptors(engine.process.pid) <= before, 5, what="as many descriptors as before")
