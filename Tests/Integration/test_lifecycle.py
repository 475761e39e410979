"""The daemon's life: socket, service manager, signals, configuration on the command line."""
import json
import os
import signal
import socket
import stat
import subprocess
from pathlib import Path

import pytest

from harness.local_client import LocalClient
from harness.place import eventually, listens
from harness.programs import Daemon, build_folder
from harness.scripted_engine import ScriptedEngine, free_port

PROGRAM = build_folder() / "iiid"


def test_service_manager_is_told(place, engine):
    iiid = Daemon(place, engine.url)
    iiid.notify.wait("READY=1")
    iiid.notify.wait("STATUS=")
    eventually(lambda: any("onnected" in line for line in iiid.notify.lines if line.startswith("STATUS=")), what="STATUS tells the link's state")
    since = iiid.notify.mark()
    engine.kill()
    iiid.notify.wait("STATUS=", 5, since=since)
    iiid.terminate()
    iiid.notify.wait("STOPPING=1", 5)
    assert iiid.wait() == 0


def test_ready_does_not_wait_for_the_engine(place, raw_listener):
    """It accepts, and never says a word: not even the first attempt has come to its end."""
    iiid = Daemon(place, raw_listener.url, connected=False)
    status = iiid.status()
    assert status["state"] in ("starting", "degraded") and "last_error" not in status["engine"]


def test_watchdog_is_fed_from_the_loop(place, engine):
    iiid = Daemon(place, engine.url, env={"WATCHDOG_USEC": 400_000})
    for _ in range(4):
        iiid.notify.wait("WATCHDOG=1", 2, since=iiid.notify.mark())
    os.kill(iiid.pid, signal.SIGSTOP)
    eventually(lambda: " T " in Path(f"/proc/{iiid.pid}/stat").read_text(), what="stopped")
    iiid.notify.quiet(1.0, "WATCHDOG=1")
    since = iiid.notify.mark()
    os.kill(iiid.pid, signal.SIGCONT)
    iiid.notify.wait("WATCHDOG=1", 2, since=since)


def test_no_watchdog_unless_asked(iiid):
    iiid.notify.quiet(1.0, "WATCHDOG=1")
    assert not iiid.notify.first("WATCHDOG", 0)


def test_socket_is_for_owner_and_group_only(iiid):
    mode = os.stat(iiid.socket).st_mode
    assert stat.S_ISSOCK(mode) and stat.S_IMODE(mode) == 0o660


HELLO = """
import json, socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
s.sendall(b'{"id":1,"method":"hello","params":{"worker_name":"me"}}\\n{"id":2,"method":"list_workers","params":{"local":true}}\\n')
lines = s.makefile()
peer = json.loads(lines.readline())["result"]["peer"]
[row] = [r for r in json.loads(lines.readline())["result"]["workers"] if r.get("name") == "me"]
assert peer == {name: row[name] for name in peer} and peer["pid"] == __import__("os").getpid(), (peer, row)
print(json.dumps(peer))
"""


@pytest.mark.skipif(os.getuid() != 0, reason="needs root to be somebody else")
@pytest.mark.parametrize("user,group,groups", [(65534, 65534, [0]), (54321, 0, []), (54321, 54321, [0]),
                                               (54321, 54321, [0, *range(70001, 70100)])],
                         ids=["supplementary group only", "user without an entry", "neither has an entry", "a hundred groups"])
def test_peer_of_the_sockets_group_is_served(iiid, user, group, groups):
    iiid.place.dir.chmod(0o755)
    done = subprocess.run(["/usr/bin/python3", "-c", HELLO, iiid.socket], user=user, group=group, extra_groups=groups, capture_output=True, text=True,
                          timeout=10)
    assert done.returncode == 0, done.stderr
    peer = json.loads(done.stdout)
    assert (peer["uid"], peer["gid"], sorted(peer["groups"])) == (user, group, sorted(groups))


@pytest.mark.skipif(os.getuid() != 0, reason="needs root to be somebody else")
def test_stranger_is_kept_out(iiid):
    iiid.place.dir.chmod(0o755)
    done = subprocess.run(["/usr/bin/python3", "-c", HELLO, iiid.socket], user=54321, group=54321, extra_groups=[], capture_output=True, text=True,
                          timeout=10)
    assert "PermissionError" in done.stderr


def test_socket_is_removed_at_the_end(iiid):
    iiid.terminate()
    assert iiid.wait() == 0
    assert not iiid.socket.exists()


def test_second_daemon_on_the_same_socket_is_refused(iiid, engine):
    second = subprocess.run([PROGRAM, "serve", "--engine", engine.url, "--socket", iiid.socket], capture_output=True, text=True, timeout=10,
                            env=iiid.place.environment())
    assert second.returncode not in (0, -signal.SIGABRT)
    assert str(iiid.socket) in second.stderr
    assert iiid.client().call("ping")


def test_stale_socket_is_replaced(place, engine):
    first = Daemon(place, engine.url)
    first.process.kill()
    first.process.wait()
    assert first.socket.exists()
    second = Daemon(place, engine.url, socket=first.socket)
    assert second.client().call("ping")


def test_file_that_is_no_socket_is_not_replaced(place, engine):
    path = place.dir / "precious"
    path.write_text("data")
    done = subprocess.run([PROGRAM, "serve", "--engine", engine.url, "--socket", path], capture_output=True, text=True, timeout=10,
                          env=place.environment())
    assert done.returncode != 0 and path.read_text() == "data"
    assert str(path) in done.stderr


def test_socket_path_too_long_is_told(place, engine):
    path = place.dir / ("x" * 108)
    done = subprocess.run([PROGRAM, "serve", "--engine", engine.url, "--socket", path], capture_output=True, text=True, timeout=10,
                          env=place.environment())
    assert done.returncode != 0 and "long" in done.stderr


@pytest.mark.parametrize("variables,expected", [
    ({"IIID_SOCKET": "{dir}/a.sock", "RUNTIME_DIRECTORY": "{dir}/b"}, "{dir}/a.sock"),
    ({"RUNTIME_DIRECTORY": "{dir}/b", "XDG_RUNTIME_DIR": "{dir}/c"}, "{dir}/b/iiid.sock"),
    ({"XDG_RUNTIME_DIR": "{dir}/c"}, "{dir}/c/iiid/iiid.sock"),
], ids=["IIID_SOCKET", "RUNTIME_DIRECTORY", "XDG_RUNTIME_DIR"])
def test_socket_path_from_the_environment(place, engine, variables, expected):
    for name in "bc":
        (place.dir / name).mkdir()
    place.start("iiid", [PROGRAM], env=place.environment(III_URL=engine.url, **{k: v.format(dir=place.dir) for k, v in variables.items()}))
    path = expected.format(dir=place.dir)
    eventually(lambda: listens(path), what=path)

    def ready():
        client = LocalClient(path)
        try:
            return client.call("status")["state"] == "ready"
        finally:
            client.close()

    eventually(ready, what="the engine of III_URL")


def test_inherited_socket(place, engine):
    """Socket activation: descriptor 3 listens already."""
    path = place.dir / "activated.sock"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()
    program = ("import os, sys; os.dup2(int(sys.argv[1]), 3); os.set_inheritable(3, True); os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1'); "
               "os.execv(sys.argv[2], sys.argv[2:])")
    place.start("iiid", ["/usr/bin/env", "python3", "-c", program, listener.fileno(), PROGRAM, "serve", "--engine", engine.url],
                pass_fds=[listener.fileno()])
    listener.close()
    client = LocalClient(path)  # the connection waits in the backlog until the daemon takes it
    assert client.call("ping")
    client.close()
    place.processes[-1].terminate()
    assert place.processes[-1].wait(10) == 0
    assert path.exists(), "the socket belongs to the service manager"


def test_drain_lets_work_finish(linked):
    iiid, connection = linked
    worker, idle, caller = iiid.client(), iiid.client(), iiid.client()
    worker.register("drain::f")
    idle.register("drain::idle")
    id = connection.invoke("drain::f")
    invoke = worker.invoke()
    outgoing = caller.request("trigger", {"function_id": "x::y"})
    frame, _ = connection.invocation()
    iiid.terminate()
    assert worker.next("drain")["params"]["reason"]
    assert idle.next("drain")["params"]["deadline_ms"] > 0
    error = caller.error_of("trigger", {"function_id": "x::y"})
    assert (error.number, error.code) == (-32009, "SHUTTING_DOWN")
    assert not caller.set_aside, "drain is for registrants only"
    eventually(lambda: not connection.functions, what="functions unregistered")
    assert iiid.process.poll() is None, "it did not wait for the work in flight"
    connection.answer(frame, "finished")
    assert caller.result(outgoing) == "finished"
    worker.reply(invoke, "finished too")
    assert connection.outcome(id)[0]["result"] == "finished too"
    assert iiid.wait() == 0


def test_sigint_drains_too(iiid):
    iiid.process.send_signal(signal.SIGINT)
    assert iiid.wait() == 0


def test_term_while_the_engine_is_away_ends(place):
    iiid = Daemon(place, f"ws://127.0.0.1:{free_port()}", connected=False)
    client = iiid.client()
    client.call("register_function", {"function_id": "away::f", "wait_ms": 0})
    iiid.terminate()
    assert iiid.wait(10) == 0  # a drain may take 30 s


def test_term_while_connecting_to_a_silent_engine_ends(place, raw_listener):
    iiid = Daemon(place, raw_listener.url, connected=False)
    raw_listener.accept()
    iiid.terminate()
    assert iiid.wait(10) == 0


def test_token_is_sent_and_never_shown(place):
    engine = ScriptedEngine()
    place.on_end(engine.close)
    token = place.dir / "token"
    token.write_text("s3cret-token\n")
    token.chmod(0o600)
    iiid = Daemon(place, engine.url, "--token-file", str(token), "--log-level", "debug")
    assert engine.last_request.headers["Authorization"] == "Bearer s3cret-token"
    assert "s3cret" not in iiid.log()
    assert "s3cret" not in str(iiid.status())
    command = Path(f"/proc/{iiid.pid}/cmdline").read_bytes()
    assert b"s3cret" not in command


def test_query_of_the_engines_address_is_sent_and_never_shown(place):
    engine = ScriptedEngine()
    place.on_end(engine.close)
    iiid = Daemon(place, f"{engine.url}/?key=s3cret", "--log-level", "debug")
    assert engine.last_request.path == "/?key=s3cret"
    engine.close()
    iiid.wait_away()
    eventually(lambda: iiid.status()["engine"]["attempt"] >= 1, what="an attempt that failed")
    client = iiid.client()
    for method in ("status", "hello", "health"):
        assert "s3cret" not in json.dumps(client.call(method))
    assert "s3cret" not in json.dumps(client.response(client.request("trigger", {"function_id": "x::y"})))
    assert "s3cret" not in iiid.log()
    assert "s3cret" not in str(iiid.notify.lines)


def test_payloads_are_never_logged(place, engine):
    iiid = Daemon(place, engine.url, "--log-level", "debug")
    iiid.worker({"quiet::f": lambda params: {"answer": "hush-result"}})
    client = iiid.client()
    client.trigger("quiet::f", {"x": "hush-payload"}, metadata={"y": "hush-metadata"})
    client.send('{"id":1,"method":"trigger","params":{"function_id":"quiet::f","payload":"hush-bad')
    client.receive()
    client.error_of("trigger", {"function_id": "no::such", "payload": "hush-other"})
    assert "hush" not in iiid.log()


def test_journal_prefixes_only_under_the_journal(place, engine):
    plain = Daemon(place, engine.url)
    assert not any(line.startswith("<") for line in plain.log().splitlines())
    log = place.dir / "journal.log"
    with open(log, "wb") as stream:
        device = os.fstat(stream.fileno())
        under = subprocess.Popen([PROGRAM, "serve", "--engine", engine.url, "--name", "second", "--socket", place.dir / "second.sock"], stderr=stream,
                                 env=place.environment(JOURNAL_STREAM=f"{device.st_dev}:{device.st_ino}"))
    place.processes.append(under)
    under.name, under.log_path = "iiid-journal", log
    eventually(lambda: log.read_text().strip(), what="a line in the log")
    assert all(line[0] == "<" and line[1] in "01234567" and line[2] == ">" for line in log.read_text().splitlines())


@pytest.mark.parametrize("arguments", [["--no-such-option"], ["serve", "--engine", "http://x"], ["serve", "--engine", "nonsense"], ["no-such-command"],
                                       ["serve", "--log-level", "loud"], ["serve", "--namespace", " "]])
def test_wrong_command_lines_are_told(place, arguments):
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=10,
                          env=place.environment(IIID_SOCKET=place.dir / "x.sock"))
    assert done.returncode in (2, 64, 78), (done.returncode, done.stderr)
    assert done.stderr.strip() and "Fatal" not in done.stderr


def test_help_and_version(place):
    for argument, word in (("--help", "serve"), ("--version", "iiid")):
        done = subprocess.run([PROGRAM, argument], capture_output=True, text=True, timeout=10, env=place.environment())
        assert done.returncode == 0 and word in done.stdout


def test_name_and_namespace_are_announced(place):
    engine = ScriptedEngine()
    place.on_end(engine.close)
    iiid = Daemon(place, engine.url, "--name", "night-shift", "--namespace", "shop")
    announced = engine.accept().announcements[0]
    assert (announced["name"], announced["namespace"]) == ("night-shift", "shop")
    assert iiid.status()["engine"]["namespace"] == "shop"
