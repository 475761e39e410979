"""The client commands: what they print, and every exit status, with a real daemon and engine where one can bring it about."""
import json
import os
import re
import signal
import socket
import subprocess
import threading

import pytest

from harness.local_client import LocalClient
from harness.place import eventually
from harness.programs import Daemon, build_folder

PROGRAM = build_folder() / "iiid"
AWAY = "ws://127.0.0.1:1"


@pytest.fixture
def run(place):
    """run(arguments…, socket=…): the command, ended."""

    def start(*arguments, socket=None, stdin=b"", seconds=30, **environment):
        if socket is not None:
            environment["IIID_SOCKET"] = socket
        done = subprocess.run([PROGRAM, *map(str, arguments)], input=stdin, capture_output=True, timeout=seconds,
                              env=place.environment(**environment))
        done.out, done.err = done.stdout.decode(), done.stderr.decode()
        return done

    return start


@pytest.fixture
def begin(place):
    """begin(arguments…, socket=…): the command, running; its output goes to its log."""

    def start(*arguments, socket, **options):
        return place.start("command", [PROGRAM, *map(str, arguments)], env=place.environment(IIID_SOCKET=socket), **options)

    return start


def fails(done, status, *words):
    """It ended so, printed nothing, and said this in lines of its own."""
    assert done.returncode == status, (done.returncode, done.out, done.err)
    assert done.out == "" and all(line.startswith("iiid: ") for line in done.err.splitlines()), (done.out, done.err)
    for word in words:
        assert word in done.err, done.err
    return done


def requests(iiid):
    """How many calls of local programs are open."""
    return iiid.status()["in_flight"]["calls"]


# --- call: what is printed

def test_call_prints_the_value_as_it_came(iiid, run):
    iiid.worker({"test::value": lambda params: params["payload"]["value"]})
    for value in ['{"b": 1, "a": 12345678901234567890}', '"a \\u00e9 \\" b"', "-5", "null", "[]"]:
        done = run("call", "test::value", '{"value":%s}' % value, socket=iiid.socket)
        assert (done.returncode, done.err) == (0, "")
        assert done.out.count("\n") == 1 and json.loads(done.out) == json.loads(value)


@pytest.mark.parametrize("payload,seen", [
    (["-5"], -5), (["null"], None), ([], None), (['"hello"'], "hello"), (["--", "-5"], -5), (['  {"a":\n [1,\r\n2] }\n'], {"a": [1, 2]}),
])
def test_call_sends_the_payload(iiid, run, payload, seen):
    worker = iiid.worker({"test::take": lambda params: None})
    assert run("call", "test::take", *payload, socket=iiid.socket).out == "null\n"
    got = worker.invoked[0]["payload"]
    if isinstance(got, dict):
        got.pop("_caller_worker_id", None)
    assert got == seen


def test_call_reads_a_large_payload_from_standard_input(iiid, run):
    iiid.worker({"test::length": lambda params: len(params["payload"]["text"])})
    text = "x" * (3 << 20)
    done = run("call", "test::length", "-", socket=iiid.socket, stdin=json.dumps({"text": text}, indent=1).encode())
    assert (done.returncode, done.out) == (0, f"{3 << 20}\n")


def test_call_prints_a_large_value(iiid, run):
    iiid.worker({"test::much": lambda params: "y" * (3 << 20)})
    assert run("call", "--raw", "test::much", socket=iiid.socket).stdout == b"y" * (3 << 20) + b"\n"


def test_call_raw_prints_characters(iiid, run):
    iiid.worker({"test::text": lambda params: "line\nnext \"é\"\t", "test::object": lambda params: {"a": "b"}})
    assert run("call", "--raw", "test::text", socket=iiid.socket).out == "line\nnext \"é\"\t\n"
    assert run("call", "--raw", "test::object", socket=iiid.socket).out == '{"a":"b"}\n'


def test_call_void_and_enqueue(iiid, run):
    worker = iiid.worker({"test::job": lambda params: None})
    done = run("call", "--void", "test::job", "1", socket=iiid.socket)
    assert (done.returncode, json.loads(done.out)) == (0, {"accepted": True, "buffered": False})
    done = run("call", "--queue", "default", "test::job", "2", socket=iiid.socket)
    assert done.returncode == 0 and json.loads(done.out)["messageReceiptId"]
    eventually(lambda: [call["payload"] for call in worker.invoked] == [1, 2], what="both jobs")


def test_call_carries_what_travels_beside_the_payload(iiid, run):
    worker = iiid.worker({"test::beside": lambda params: None})
    trace = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"
    assert run("call", "test::beside", "--metadata", '{"who": "me"}', "--baggage", "a=b", socket=iiid.socket, TRACEPARENT=trace).returncode == 0
    call = worker.invoked[0]
    assert call["metadata"] == {"who": "me"} and call["baggage"].split(",")[0] == "a=b"
    assert call["traceparent"].split("-")[1] == trace.split("-")[1]


# --- call: how it ends

def test_a_failed_function_is_1(iiid, run):
    def fail(params):
        raise LookupError("none \x1b[31mleft")

    iiid.worker({"test::fail": fail})
    done = fails(run("call", "test::fail", socket=iiid.socket), 1, "iiid: LookupError: none \\u{1b}[31mleft")
    assert done.err.count("\n") == 1
    done = run("call", "--json", "test::fail", socket=iiid.socket)
    error = json.loads(done.err)
    assert (done.returncode, done.out, done.err.count("\n")) == (1, "", 1)
    assert (error["code"], error["data"]["code"], error["data"]["function_id"]) == (-32000, "LookupError", "test::fail")


def test_a_dead_worker_is_1(iiid, run, begin):
    worker = iiid.client()
    worker.register("test::dies", linger_ms=0)
    command = begin("call", "test::dies", socket=iiid.socket)
    worker.invoke()
    worker.close()
    assert command.wait(20) == 1
    assert "iiid: invocation_stopped: " in command.log_path.read_text()


@pytest.mark.parametrize("arguments,words", [
    (["f", "hello"], "PAYLOAD is no JSON: unexpected 'h' at byte 0; a text needs quotes of its own, as '\"hello\"'"),
    (["f", '{"a":1'], "PAYLOAD is no JSON: the text ends inside a value, at byte 6"),
    (["f", " 1e400 "], "PAYLOAD: the engine would not take this: number beyond a double at byte 0"),
    (["f", '["\\ud800"]'], "lone surrogate escape at byte 2"),
    (["f", ""], "PAYLOAD is empty"),
    (["f", "-"], "PAYLOAD (standard input) is empty"),
    (["f", "--metadata", "x y"], "--metadata is no JSON"),
    (["  "], 'INVALID_PARAMS: '),
])
def test_a_bad_request_is_2(iiid, run, arguments, words):
    fails(run("call", *arguments, socket=iiid.socket), 2, words)


def test_a_payload_beyond_the_limit_is_65(daemon, engine, run):
    iiid = daemon(engine.url, "--max-line-bytes", 4096)
    fails(run("call", "f", "-", socket=iiid.socket, stdin=b'"' + b"x" * (5 << 20) + b'"'), 65, "PAYLOAD_TOO_LARGE")


def test_an_absent_engine_is_69(daemon, run):
    iiid = daemon(AWAY, connected=False)
    fails(run("call", "f", socket=iiid.socket), 69, "NOT_CONNECTED")
    fails(run("list", "functions", socket=iiid.socket), 69, "NOT_CONNECTED")


def test_a_daemon_that_dies_is_69(iiid, run, begin):
    worker = iiid.client()
    worker.register("test::hangs")
    command = begin("call", "test::hangs", socket=iiid.socket)
    worker.invoke()
    iiid.process.kill()
    iiid.process.wait()
    assert command.wait(20) == 69
    assert "closed the connection before it answered" in command.log_path.read_text()


def test_a_full_queue_is_75(iiid, begin, run):
    worker = iiid.client()
    worker.register("test::one", max_in_flight=1, queue_limit=0)
    first = begin("call", "test::one", socket=iiid.socket)
    invoke = worker.invoke()
    fails(run("call", "test::one", socket=iiid.socket), 75, "OVERLOADED")
    worker.reply(invoke, 7)
    assert first.wait(20) == 0 and first.log_path.read_text() == "7\n"


def test_a_draining_daemon_is_75(iiid, run, begin):
    worker = iiid.client()
    worker.register("test::slow")
    first = begin("call", "test::slow", socket=iiid.socket)
    invoke = worker.invoke()
    iiid.terminate()
    worker.next("drain")
    fails(run("call", "test::slow", socket=iiid.socket), 75, "SHUTTING_DOWN")
    # Nobody new is served any more, not even with that.
    fails(run("status", socket=iiid.socket), 75, "SHUTTING_DOWN")
    worker.reply(invoke, "done")
    assert first.wait(20) == 0 and first.log_path.read_text() == '"done"\n'
    assert iiid.wait() == 0


def test_access_rules_are_77(guest, run):
    iiid, _ = guest({}, expose_functions=[])
    fails(run("call", "test::echo", "{}", socket=iiid.socket), 77, "FORBIDDEN")


def test_no_value_in_time_is_124(iiid, run):
    worker = iiid.client()
    worker.register("test::never")
    fails(run("call", "--timeout-ms", "300", "test::never", socket=iiid.socket), 124, "TIMEOUT")


def test_no_such_function_is_127(iiid, run):
    fails(run("call", "no::such", socket=iiid.socket), 127, "function_not_found")


def test_an_interrupted_call_is_given_up(iiid, place, begin):
    worker = iiid.client()
    worker.register("test::endless")
    command = begin("call", "test::endless", socket=iiid.socket)
    worker.invoke()
    assert requests(iiid) == 1
    command.send_signal(signal.SIGINT)
    assert command.wait(20) == -signal.SIGINT
    eventually(lambda: requests(iiid) == 0, what="the daemon to have given the call up")
    # What a shell makes of it.
    status = subprocess.run(["bash", "-c", f"(kill -INT $BASHPID; exec {PROGRAM} version); echo $?"], capture_output=True, timeout=20)
    assert status.stdout == b"130\n"


def test_an_output_that_cannot_be_written_is_74(iiid, place):
    iiid.worker({"test::echo": lambda params: 1})
    for arguments in (["call", "test::echo"], ["status"], ["help"], ["completion", "bash"], ["config"], ["serve", "--check"]):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([PROGRAM, *arguments], stdout=full, stderr=subprocess.PIPE, timeout=20,
                                  env=place.environment(IIID_SOCKET=iiid.socket))
        assert done.returncode == 74 and b"standard output: no space left on device" in done.stderr, arguments


def test_a_closed_pipe_is_no_crash(iiid, run):
    iiid.worker({"test::much": lambda params: "y" * (1 << 20)})
    for arguments in (["call", "test::much"], ["list", "functions", "--internal"], ["help", "serve"]):
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run([PROGRAM, *arguments], stdout=writer, stderr=subprocess.PIPE, timeout=20,
                              env={**os.environ, "IIID_SOCKET": str(iiid.socket)})
        os.close(writer)
        assert (done.returncode, done.stderr) == (141, b""), arguments


def test_a_standard_output_that_does_not_block_loses_nothing(iiid, place):
    iiid.worker({"test::much": lambda params: "y" * (4 << 20)})
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    command = place.start("command", [PROGRAM, "call", "test::much"], env=place.environment(IIID_SOCKET=iiid.socket), stdout=writer)
    os.close(writer)
    with open(reader, "rb") as stream:
        assert len(stream.read()) == (4 << 20) + 3
    assert command.wait(20) == 0


# --- any daemon's answer

class FakeDaemon:
    """Answers every line with the next of its texts, then closes."""

    def __init__(self, place, *answers, stays=False):
        self.path = place.dir / f"fake{len(place.closers)}.sock"
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.path))
        self.listener.listen()
        self.answers, self.stays, self.lines = answers, stays, []
        self.open = threading.Event()
        place.on_end(self.close)
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        try:
            connection, _ = self.listener.accept()
        except OSError:
            return
        with connection, connection.makefile("rwb") as stream:
            for answer in self.answers:
                self.lines.append(stream.readline())
                stream.write(answer.encode())
                stream.flush()
            if self.stays:
                self.open.wait(30)

    def close(self):
        self.open.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(5)


@pytest.mark.parametrize("number,status", [
    (-32700, 2), (-32600, 2), (-32601, 2), (-32602, 2), (-32603, 70), (-32000, 1), (-32001, 124), (-32002, 69), (-32003, 77),
    (-32004, 127), (-32005, 73), (-32006, 130), (-32007, 75), (-32008, 65), (-32009, 75), (-32010, 1), (-32011, 74), (-32012, 2),
    (-32099, 1), (7, 1),
])
def test_every_error_has_its_exit_status(place, run, number, status):
    error = {"code": number, "message": "SOME_CODE: words", "data": {"code": "SOME_CODE", "source": "iiid", "retryable": False}}
    # The id null is for what the daemon could not read as a request; it is the answer all the same.
    fake = FakeDaemon(place, json.dumps({"jsonrpc": "2.0", "id": None if number in (-32700, -32008) else 1, "error": error}) + "\n")
    done = fails(run("call", "f", "1", socket=fake.path), status, "iiid: SOME_CODE: words")
    assert done.err.count("\n") == 1
    request = json.loads(fake.lines[0])
    assert (request["method"], request["params"]["function_id"], request["params"]["payload"]) == ("trigger", "f", 1)


@pytest.mark.parametrize("answer,status,words", [
    ("", 69, "closed the connection before it answered"),
    ("SSH-2.0-OpenSSH_9.2\r\n", 70, "does not speak the protocol of iiid"),
    ('{"jsonrpc":"2.0","id":1}\n', 70, "does not speak the protocol of iiid"),
    ('{"jsonrpc":"2.0","id":1,"result":{"state":"ready"}', 69, "closed the connection"),
])
def test_an_answer_that_is_none(place, run, answer, status, words):
    if answer.endswith("}"):
        # A last line without its end is taken; a value that ends early is not.
        fake = FakeDaemon(place, answer)
        assert run("status", socket=fake.path).returncode == 70
        return
    fails(run("status", socket=FakeDaemon(place, answer).path), status, words)


def test_what_comes_before_the_answer_is_passed_over(place, run):
    fake = FakeDaemon(place, '{"jsonrpc":"2.0","method":"drain","params":{}}\n\n{"jsonrpc":"2.0","id":1,"result":5}\n')
    done = run("call", "f", socket=fake.path)
    assert (done.returncode, done.out) == (0, "5\n")


@pytest.mark.parametrize("arguments", [["status"], ["health"], ["list", "workers"], ["reload"], ["shutdown"], ["wait"]])
def test_a_daemon_that_hangs_is_124(place, run, arguments):
    fake = FakeDaemon(place, "", stays=True)
    fails(run(*arguments, "--timeout-ms", "300", socket=fake.path), 124, "in time" if arguments != ["wait"] else "not within 300 ms")


def test_a_full_queue_of_connections_is_waited_for(place, run, begin):
    """As in a restart under load, when the service manager holds the socket."""
    path = place.dir / "full.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(0)
        queued = 0
        while True:
            filler = socket.socket(socket.AF_UNIX)
            place.on_end(filler.close)
            filler.setblocking(False)
            try:
                filler.connect(str(path))
            except BlockingIOError:
                break
            queued += 1
        fails(run("status", "--timeout-ms", "300", socket=path), 124, "did not take the connection in time")
        command = begin("health", socket=path)
        for _ in range(queued):
            listener.accept()[0].close()
        connection, _ = listener.accept()
        with connection, connection.makefile("rwb") as stream:
            assert b'"health"' in stream.readline()
            stream.write(b'{"jsonrpc":"2.0","id":1,"result":{"ok":true,"checks":{}}}\n')
        assert command.wait(20) == 0


# --- where the daemon is

@pytest.mark.parametrize("command", [["status"], ["health"], ["call", "f"], ["list", "functions"], ["reload"], ["shutdown"]])
def test_no_daemon_is_69(place, run, command):
    fails(run(*command, socket=place.dir / "none.sock"), 69, f"no daemon at {place.dir}/none.sock: there is no such file", "--socket")
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(place.dir / "left.sock"))
    left.close()
    fails(run(*command, socket=place.dir / "left.sock"), 69, "nobody listens")
    (place.dir / "file").write_text("")
    fails(run(*command, socket=place.dir / "file"), 69, "this is no socket")


def test_the_sockets_that_are_tried(place, run, iiid):
    """Two daemons: that of the session comes before that of the unit's directory only where there is none."""
    session, unit = place.dir / "session", place.dir / "unit"
    (session / "iiid").mkdir(parents=True)
    unit.mkdir()
    done = run("status", XDG_RUNTIME_DIR=session, RUNTIME_DIRECTORY=unit)
    if done.returncode == 69:  # unless the machine has a daemon of its own
        for path in ("/run/iiid/iiid.sock", f"{unit}/iiid.sock", f"{session}/iiid/iiid.sock"):
            assert path in done.err
    (session / "iiid/iiid.sock").symlink_to(iiid.socket)
    assert run("status", XDG_RUNTIME_DIR=session, RUNTIME_DIRECTORY=unit).returncode == 0
    (unit / "iiid.sock").symlink_to(place.dir / "gone")
    assert run("status", XDG_RUNTIME_DIR=session, RUNTIME_DIRECTORY=f"{unit}:/other").returncode == 0
    assert run("status", "--socket", iiid.socket, socket="/nonexistent").returncode == 0
    assert run("status", socket=iiid.socket, XDG_RUNTIME_DIR="/nonexistent").returncode == 0


def test_a_bad_path_is_78_or_64(run):
    long = "/tmp/" + "x" * 110
    fails(run("status", socket=long), 78, "environment variable IIID_SOCKET", "107 bytes")
    fails(run("status", "--socket", long), 64, "--socket", "107 bytes")


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes another user")
def test_a_stranger_is_77_and_a_member_is_not(place, iiid, run):
    place.dir.chmod(0o755)
    os.chown(iiid.socket, 0, 12)

    def as_user(group, *arguments):
        return subprocess.run(["setpriv", "--reuid=65534", f"--regid={group}", "--clear-groups", PROGRAM, *arguments],
                              capture_output=True, text=True, timeout=20, env=place.environment(IIID_SOCKET=iiid.socket))

    program = subprocess.run(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "test", "-x", PROGRAM], timeout=20)
    if program.returncode:
        pytest.skip("another user may not start this build")
    for command in (["status"], ["wait", "--timeout-ms", "0"], ["call", "f"]):
        done = as_user(65534, *command)
        assert done.returncode == 77 and "permission denied: the socket is for its owner and for the group 'man'" in done.stderr
    assert as_user(12, "status").returncode == 0
    done = as_user(12, "shutdown")
    assert done.returncode == 77 and "FORBIDDEN" in done.stderr
    place.dir.chmod(0o700)
    done = as_user(65534, "status")
    assert done.returncode == 77 and "its directory is closed to you" in done.stderr


# --- status and health

def test_status(iiid, run):
    iiid.worker({"test::one": lambda params: 1})
    done = run("status", socket=iiid.socket)
    assert (done.returncode, done.err) == (0, "")
    lines = done.out.splitlines()
    assert re.fullmatch(r"iiid \S+: ready, up \d+ (ms|s)", lines[0])
    assert re.fullmatch(r"  engine      connected, ws://127\.0\.0\.1:\d+/?, for \d+ m?s, namespace default, worker \S+", lines[1])
    assert lines[2:5] == ["  functions   1 active, 0 pending, 0 rejected", "  clients     2", "  in flight   0 calls, 0 invocations"]
    done = run("status", "--json", socket=iiid.socket)
    assert done.returncode == 0 and json.loads(done.out)["functions"]["active"] == 1 and done.out.count("\n") == 1


def test_status_and_health_without_the_engine(daemon, run):
    iiid = daemon(AWAY, connected=False)
    eventually(lambda: "last_error" in iiid.status()["engine"], what="the first refusal")
    done = run("status", socket=iiid.socket)
    assert done.returncode == 1 and ": cannot connect: connection refused" in done.out and "attempt" in done.out
    assert run("status", "--json", socket=iiid.socket).returncode == 1
    done = run("health", socket=iiid.socket)
    assert done.returncode == 1 and done.out.startswith("engine: cannot connect: connection refused")
    assert json.loads(run("health", "--json", socket=iiid.socket).out)["ok"] is False


def test_health(iiid, sdk, engine, run):
    done = run("health", socket=iiid.socket)
    assert (done.returncode, done.out) == (0, "ok\n")
    owner = sdk("newest", engine.url, "owner")
    owner.register("test::taken")
    eventually(lambda: "test::taken" in str(owner.trigger("engine::functions::list", {"prefix": "test::"})), what="the owner's function")
    client = iiid.client()
    assert client.call("register_function", {"function_id": "test::taken"})["state"] == "rejected"
    done = run("health", socket=iiid.socket)
    assert done.returncode == 1
    assert re.fullmatch(r"registrations: 1 functions refused by the engine\n  test::taken: FUNCTION_NAMESPACE_CONFLICT\S* .*\n", done.out), done.out


# --- list

def test_list(iiid, run):
    iiid.worker({"test::b": lambda params: 1, "test::a": lambda params: 1})
    iiid.client().call("register_trigger", {"trigger_type": "cron", "function_id": "test::a", "config": {"expression": "0 0 0 1 1 *"}})
    done = run("list", "functions", socket=iiid.socket)
    head, *rows = done.out.splitlines()
    assert head.split() == ["FUNCTION_ID", "NAMESPACE", "WORKER_NAME", "DESCRIPTION"]
    assert [row.split()[:2] for row in rows if row.startswith("test::")] == [["test::a", "default"], ["test::b", "default"]]
    assert run("list", "functions", "--search", "test::", "--ids", socket=iiid.socket).out == "test::a\ntest::b\n"
    assert run("list", "functions", "--search", "::b", "--ids", socket=iiid.socket).out == "test::b\n"
    assert "engine::functions::list" in run("list", "functions", "--internal", "--ids", socket=iiid.socket).out
    local = run("list", "functions", "--local", socket=iiid.socket).out.splitlines()
    assert local[0].split()[2:] == ["STATE", "INSTANCES", "IN_FLIGHT", "QUEUED", "REASON"]
    assert local[1].split() == ["test::a", "default", "active", "1", "0", "0", "-"]
    assert [row["function_id"] for row in json.loads(run("list", "functions", "--json", "--search", "test::", socket=iiid.socket).out)["functions"]] == ["test::a", "test::b"]
    workers = run("list", "workers", "--local", socket=iiid.socket).out.splitlines()
    assert f" {os.geteuid()} " in workers[1] and workers[1].endswith("test::b,test::a")
    assert "connected" in run("list", "workers", socket=iiid.socket).out
    assert "test::a" in run("list", "triggers", socket=iiid.socket).out and "active" in run("list", "triggers", "--local", socket=iiid.socket).out
    iiid.client().call("register_trigger_type", {"trigger_type": "test-type", "description": "d"})
    assert run("list", "trigger-types", "--local", socket=iiid.socket).out.splitlines()[1].split()[:4] == ["test-type", "default", "active", "0"]
    assert "cron" in run("list", "trigger-types", "--ids", "--internal", socket=iiid.socket).out.splitlines()


def test_a_list_shows_hostile_names_as_text(iiid, run):
    iiid.worker({"test::\x1b]0;owned\x07\n\u202e": lambda params: 1})
    done = run("list", "functions", "--local", socket=iiid.socket)
    assert "test::\\u{1b}]0;owned\\u{7}\\u{a}\\u{202e}" in done.out and done.out.count("\n") == 2


@pytest.mark.parametrize("arguments,words", [
    (["list", "functions", "--local", "--search", "x"], "--search"),
    (["list", "workers", "--internal"], "--internal"), (["list", "functions", "--json", "--ids"], "exclude"),
    (["list", "function"], "did you mean 'functions'"), (["list"], "list needs WHAT"), (["call"], "call needs FUNCTION"),
    (["call", "f", "1", "2"], "no further argument '2'"), (["call", "f", "--timeout", "5"], "did you mean '--timeout-ms'"),
    (["call", "f", "--timeout-ms", "5s"], "not a number"), (["call", "f", "--timeout-ms", "0"], "out of range"),
    (["call", "f", "--void", "--queue", "q"], "exclude"), (["wait", "--namespace", "x"], "--function"),
    (["wait", "--timeout-ms", "99999999999"], "out of range"), (["shutdown", "--now", "--deadline-ms", "5"], "exclude"),
    (["outbox", "list", "5"], "leave the ID out"), (["outbox", "drop", "x"], "no number"), (["outbox", "retry", "--all"], "outbox drop"),
    (["outbox", "drop", "5", "--all"], "without an ID"), (["call", "f", "--durable"], "--void"), (["statsu"], "did you mean 'status'"), (["completion", "csh"], "one of bash, zsh, fish"),
])
def test_a_command_line_that_means_nothing_is_64(run, arguments, words):
    fails(run(*arguments, socket="/nonexistent"), 64, words)


def test_arguments_that_are_not_utf8_are_64(place):
    done = subprocess.run([str(PROGRAM).encode(), b"call", b"f", b'"\xff"'], capture_output=True, timeout=20, env=place.environment())
    assert done.returncode == 64 and b"argument 3 is not UTF-8" in done.stderr


# --- wait

def waits_for_a_socket(command):
    """It has looked, and watches the folder."""

    def watches():
        assert command.poll() is None, command.log_path.read_text()
        folder = f"/proc/{command.pid}/fd"
        for number in os.listdir(folder):
            try:
                if os.readlink(f"{folder}/{number}") == "anon_inode:inotify":
                    return True
            except FileNotFoundError:
                continue

    eventually(watches, 20, what="the command to watch")


def test_wait_for_the_daemon(place, daemon, run, begin):
    path = place.dir / "not/yet/there.sock"
    command = begin("wait", socket=path)
    waits_for_a_socket(command)
    iiid = daemon(AWAY, socket=path, connected=False)
    assert command.wait(20) == 0 and command.log_path.read_text() == ""
    assert run("wait", socket=path).returncode == 0
    assert run("wait", "--timeout-ms", "0", socket=path).returncode == 0
    iiid.process.kill()
    iiid.process.wait()
    # The socket that the killed one left behind.
    command = begin("wait", socket=path)
    waits_for_a_socket(command)
    Daemon(place, AWAY, socket=path, connected=False)
    assert command.wait(20) == 0


def test_wait_not_in_time(place, daemon, run):
    fails(run("wait", "--timeout-ms", "100", socket=place.dir / "none.sock"), 124, "not within 100 ms: no daemon at")
    iiid = daemon(AWAY, connected=False)
    eventually(lambda: "last_error" in iiid.status()["engine"], what="the first refusal")
    fails(run("wait", "--engine", "--timeout-ms", "1000", socket=iiid.socket), 124, "not within 1000 ms: the engine is away: cannot connect: connection refused")


def test_wait_for_the_engine_over_a_restart_of_the_daemon(daemon, engine, begin, run):
    engine.kill()
    iiid = daemon(engine.url, connected=False)
    command = begin("wait", "--engine", socket=iiid.socket)
    eventually(lambda: iiid.status()["clients"] == 2, what="the command to be connected")
    iiid.terminate()
    assert iiid.wait() == 0 and command.poll() is None
    second = daemon(engine.url, socket=iiid.socket, connected=False)
    eventually(lambda: second.status()["clients"] == 2, what="the command to be connected again")
    assert command.poll() is None
    engine.start()
    assert command.wait(30) == 0
    assert run("wait", "--engine", socket=iiid.socket).returncode == 0


def test_wait_for_a_function(iiid, engine, sdk, begin, run):
    fails(run("wait", "--function", "test::late", "--timeout-ms", "500", socket=iiid.socket), 124, "test::late")
    local = begin("wait", "--function", "test::late", socket=iiid.socket)
    remote = begin("wait", "--engine", "--function", "test::remote", socket=iiid.socket)
    elsewhere = begin("wait", "--function", "test::late", "--namespace", "other", socket=iiid.socket)
    eventually(lambda: iiid.status()["clients"] == 4, what="three commands and this question")
    iiid.worker({"test::late": lambda params: 1})
    assert local.wait(20) == 0 and remote.poll() is None
    sdk("newest", engine.url, "other").register("test::remote")
    assert remote.wait(20) == 0 and elsewhere.poll() is None
    assert run("wait", "--function", "test::remote", "--timeout-ms", "0", socket=iiid.socket).returncode in (0, 124)
    assert run("wait", "--function", "test::remote", socket=iiid.socket).returncode == 0


def test_wait_ends_when_the_engine_refuses_for_good(place, run):
    event = {"jsonrpc": "2.0", "method": "event", "params": {
        "subscription_id": 1, "event": "connection", "seq": 1, "at": 1, "fields": {"state": "failed", "last_error": "bad token"}}}
    fake = FakeDaemon(place, '{"jsonrpc":"2.0","id":1,"result":{}}\n' + json.dumps(event) + "\n", stays=True)
    fails(run("wait", "--engine", socket=fake.path), 69, "refused the daemon for good: bad token")


# --- reload and shutdown

def test_reload_of_what_it_was_told(place, run):
    changed = [{"key": "limits.connections", "from": "512", "to": "100", "effect": "now"}, {"key": "engine.url", "to": "ws://e", "effect": "reconnect"},
               {"key": "socket.path", "from": "/a", "to": "/b", "effect": "restart"}, {"key": "engine.token_file", "effect": "reconnect"}]
    answer = json.dumps({"jsonrpc": "2.0", "id": 1, "result": {"changed": changed}}) + "\n"
    done = run("reload", socket=FakeDaemon(place, answer).path)
    assert (done.returncode, done.out) == (0, (
        "limits.connections: 512 -> 100\nengine.url: ws://e (the connection to the engine is made anew)\n"
        "socket.path: /a -> /b (needs a restart)\nengine.token_file: changed (the connection to the engine is made anew)\n"))
    assert json.loads(run("reload", "--json", socket=FakeDaemon(place, answer).path).out) == {"changed": changed}
    done = run("reload", socket=FakeDaemon(place, '{"jsonrpc":"2.0","id":1,"result":{"changed":[]}}\n').path)
    assert (done.returncode, done.out) == (0, "nothing has changed\n")


def test_reload_of_a_bad_file_names_every_mistake(place, run):
    error = {"code": -32000, "message": "BAD_CONFIGURATION: 2 mistakes", "data": {
        "code": "BAD_CONFIGURATION", "problems": ["/etc/iiid/iiid.conf:3: unknown key 'x'", "/etc/iiid/iiid.conf:4: bad"]}}
    fake = FakeDaemon(place, json.dumps({"jsonrpc": "2.0", "id": 1, "error": error}) + "\n")
    done = fails(run("reload", socket=fake.path), 1)
    assert done.err.splitlines() == ["iiid: /etc/iiid/iiid.conf:3: unknown key 'x'", "iiid: /etc/iiid/iiid.conf:4: bad", "iiid: nothing has changed"]


def test_reload(place, daemon, engine, run):
    file = place.dir / "iiid.conf"
    file.write_text("[limits]\nconnections = 100\n")
    iiid = daemon(engine.url, env={"IIID_CONFIG": file})
    done = run("reload", socket=iiid.socket)
    assert (done.returncode, done.out) == (0, "nothing has changed\n")
    file.write_text("[limits]\nconnections = 200\n[log]\nlevel = debug\n")
    done = run("reload", socket=iiid.socket)
    assert done.returncode == 0 and done.out.splitlines()[0] == "limits.connections: 100 -> 200" and "log.level: " in done.out
    file.write_text("[limits]\nconnection = 300\nconnections = many\n")
    done = fails(run("reload", socket=iiid.socket), 1, f"{file}:2: ", f"{file}:3: ", "iiid: nothing has changed\n")
    assert done.err.count("\n") == 3
    assert iiid.client().call("hello")["limits"]["connections"] == 200


def test_shutdown_waits_for_the_end(place, iiid, engine, begin, daemon):
    worker = iiid.client()
    worker.register("test::slow")
    call = begin("call", "test::slow", socket=iiid.socket)
    invoke = worker.invoke()
    command = begin("shutdown", socket=iiid.socket)
    worker.next("drain")
    assert command.poll() is None
    worker.reply(invoke, 1)
    assert call.wait(20) == 0 and command.wait(20) == 0
    assert command.log_path.read_text() == "ending, in flight: 1 calls, 1 invocations\n"
    # The socket is free at once.
    daemon(engine.url, socket=iiid.socket)
    assert iiid.wait() == 0


def test_shutdown_now(iiid, begin, run):
    worker = iiid.client()
    worker.register("test::slow")
    call = begin("call", "test::slow", socket=iiid.socket)
    worker.invoke()
    done = run("shutdown", "--now", socket=iiid.socket)
    assert done.returncode == 0
    assert call.wait(20) in (1, 69, 75)
    assert iiid.wait() == 0


# --- the surroundings

def test_no_terminal_and_no_locale_are_needed(place, iiid):
    for environment in ({"LC_ALL": "tr_TR.UTF-8"}, {"LC_ALL": "C"}, {"TERM": "dumb", "COLUMNS": "3"}):
        done = subprocess.run([PROGRAM, "status"], stdin=subprocess.DEVNULL, capture_output=True, timeout=20,
                              env={**place.environment(IIID_SOCKET=iiid.socket), **environment})
        assert done.returncode == 0 and b"\x1b" not in done.stdout
    done = subprocess.run([PROGRAM, "status"], capture_output=True, timeout=20, env={"IIID_SOCKET": str(iiid.socket), "IIID_TEST_PLACE": str(place.dir)})
    assert done.returncode == 0


def test_closed_standard_streams_are_no_crash(place, iiid):
    """What is opened in their place must not be taken for them: the output would go to the daemon."""
    status = subprocess.run([PROGRAM, "status"], close_fds=True, timeout=20, env=place.environment(IIID_SOCKET=iiid.socket),
                            preexec_fn=lambda: [os.close(n) for n in (0, 1, 2)])
    assert status.returncode == 0 and iiid.status()["state"] == "ready"
    assert "bad line" not in iiid.log()


# --- outbox

def test_outbox(place, daemon, engine, run):
    (place.dir / "state").mkdir()
    engine.stop()
    iiid = daemon(engine.url, connected=False, env={"STATE_DIRECTORY": place.dir / "state"})
    done = run("outbox", "list", socket=iiid.socket)
    assert done.returncode == 0 and done.out.split() == ["OUTBOX_ID", "STATE", "FUNCTION_ID", "QUEUE", "AGE", "BYTES", "UID", "ATTEMPTS", "ERROR"]
    done = run("call", "--void", "--durable", "test::later", "1", socket=iiid.socket)
    kept = json.loads(done.out)
    assert done.returncode == 0 and kept["buffered"] is True
    assert run("call", "--queue", "jobs", "--durable", "--ttl-ms", "3600000", "test::later", "2", socket=iiid.socket).returncode == 0
    rows = [row.split() for row in run("outbox", "list", socket=iiid.socket).out.splitlines()[1:]]
    assert [row[:4] for row in rows] == [[str(kept["outbox_id"]), "waiting", "test::later", "-"], [str(kept["outbox_id"] + 1), "waiting", "test::later", "jobs"]]
    assert run("outbox", "list", "--after", kept["outbox_id"], socket=iiid.socket).out.count("test::later") == 1
    assert run("outbox", "list", "--failed", socket=iiid.socket).out.count("\n") == 1
    assert json.loads(run("outbox", "list", "--json", socket=iiid.socket).out)["total"] == 2
    done = run("outbox", "drop", "4711", socket=iiid.socket)
    assert (done.returncode, done.out) == (1, "0 calls dropped\n")
    done = run("outbox", "drop", kept["outbox_id"], socket=iiid.socket)
    assert (done.returncode, done.out) == (0, "1 call dropped\n")
    assert run("outbox", "retry", socket=iiid.socket).out == "0 calls tried again\n"
    assert run("outbox", "drop", socket=iiid.socket).out == "0 calls dropped\n"
    assert run("outbox", "drop", "--all", socket=iiid.socket).out == "1 call dropped\n"


def test_without_an_outbox_nothing_is_durable(iiid, run):
    fails(run("call", "--void", "--durable", "f", socket=iiid.socket), 1, "NO_OUTBOX")
