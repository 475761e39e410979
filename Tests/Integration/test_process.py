"""The daemon as a process: exit statuses, what the service manager hears, inherited sockets, signals, the engine's child."""
import grp
import os
import re
import signal
import socket
import stat
import subprocess
from pathlib import Path

import pytest

from harness.local_client import LocalClient
from harness.notify import NotifySocket
from harness.place import eventually
from harness.programs import Daemon, build_folder

PROGRAM = build_folder() / "iiid"
AWAY = "ws://127.0.0.1:1"


def run(place, *arguments, **environment):
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=20, env=place.environment(**environment))


def away(place, *options, **more):
    """A daemon whose engine is away."""
    return Daemon(place, AWAY, *options, connected=False, **more)


def failed_start(place, status, *arguments, **environment):
    """Runs a daemon that does not come to serve; returns what it said, and what the service manager heard."""
    notify = NotifySocket(place.dir / f"notify-failed{len(place.closers)}")
    place.on_end(notify.close)
    done = run(place, "serve", *arguments, NOTIFY_SOCKET=notify.path, **environment)
    notify.wait("STATUS=", 5)
    assert done.returncode == status, (done.returncode, done.stderr)
    assert done.stderr.startswith("iiid: ") and done.stderr.count("\n") == 1, done.stderr
    assert not any(line == "READY=1" for line in notify.lines)
    assert "STATUS=" + done.stderr.removeprefix("iiid: ").rstrip("\n") in notify.lines
    return done.stderr, notify.lines


# --- a start that fails

def test_socket_of_a_living_daemon(place):
    first = away(place)
    text, heard = failed_start(place, 69, "--engine", AWAY, "--socket", first.socket)
    assert str(first.socket) in text and f"process {first.pid}" in text
    assert "ERRNO=98" in heard
    assert first.client().call("ping")


def test_socket_in_a_place_that_cannot_be(place):
    (place.dir / "file").write_text("")
    text, heard = failed_start(place, 73, "--engine", AWAY, "--socket", place.dir / "file" / "s.sock")
    assert str(place.dir / "file") in text
    assert "ERRNO=20" in heard
    precious = place.dir / "precious"
    precious.write_text("data")
    failed_start(place, 73, "--engine", AWAY, "--socket", precious)
    assert precious.read_text() == "data"


@pytest.mark.parametrize("status,arguments,environment,words", [
    (64, ["--engine", "http://x"], {}, "--engine"),
    (78, [], {"III_URL": "nonsense"}, "III_URL"),
    (78, ["--engine", AWAY, "--token-file", "/nonexistent"], {}, "/nonexistent"),
    (78, ["--engine", "wss://127.0.0.1:1", "--ca-file", "/nonexistent"], {}, "--ca-file: /nonexistent"),
    (78, ["--engine", AWAY, "--socket-group", "no-such-group"], {}, "no-such-group"),
    (78, ["--engine", AWAY], {"III_TOKEN": "two words"}, "III_TOKEN"),
])
def test_bad_settings(place, status, arguments, environment, words):
    text, _ = failed_start(place, status, *arguments, "--socket", place.dir / "s.sock", **environment)
    assert words in text and "two words" not in text
    assert not (place.dir / "s.sock").exists()


def test_failure_under_the_journal_is_a_line_of_the_log(place):
    log = place.dir / "journal"
    with open(log, "wb") as stream:
        status = os.fstat(stream.fileno())
        done = subprocess.run([PROGRAM, "serve", "--engine", "x"], stderr=stream, timeout=20,
                              env=place.environment(JOURNAL_STREAM=f"{status.st_dev}:{status.st_ino}"))
    assert done.returncode == 64
    assert re.fullmatch(r"<3>--engine: 'x': [^\n]+\n", log.read_text())


# --- files

@pytest.mark.parametrize("mode,warned", [(0o600, False), (0o640, False), (0o644, True)])
def test_token_that_everybody_may_read(place, mode, warned):
    token = place.dir / "token"
    token.write_text("s3cret\n")
    token.chmod(mode)
    iiid = away(place, "--token-file", str(token))
    assert ("every user may read the token" in iiid.log()) == warned
    assert "s3cret" not in iiid.log()


@pytest.mark.skipif(os.geteuid() != 0, reason="gives a file to another group")
def test_socket_group(place):
    group = grp.getgrall()[-1]
    iiid = away(place, "--socket-group", group.gr_name)
    status = os.stat(iiid.socket)
    assert (status.st_gid, stat.S_IMODE(status.st_mode)) == (group.gr_gid, 0o660)


# --- inherited sockets

def activated(place, sockets, *arguments, **environment):
    """Starts the daemon with these sockets as descriptors 3 and up, as a service manager does; names in LISTEN_FDNAMES."""
    program = ("import fcntl, os, sys; n = int(sys.argv[1]); high = [fcntl.fcntl(int(a), fcntl.F_DUPFD, 20) for a in sys.argv[2:2 + n]]; "
               "[os.dup2(fd, 3 + i) for i, fd in enumerate(high)]; "
               "os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(n)); os.execv(sys.argv[2 + n], sys.argv[2 + n:])")
    numbers = [s.fileno() for s in sockets]
    # Copied to high numbers first, so that none is overwritten before its turn.
    return place.start("activated", ["/usr/bin/env", "python3", "-c", program, len(sockets), *numbers, PROGRAM, "serve", *arguments],
                       env=place.environment(**environment), pass_fds=numbers)


def listening(path, kind=socket.SOCK_STREAM, backlog=True):
    made = socket.socket(socket.AF_UNIX, kind)
    made.bind(str(path))
    if backlog:
        made.listen()
    return made


@pytest.mark.parametrize("case", ["datagram", "not listening", "internet", "two"])
def test_unfit_sockets_are_refused(place, case):
    if case == "datagram":
        sockets = [listening(place.dir / "d", socket.SOCK_DGRAM, backlog=False)]
    elif case == "not listening":
        sockets = [listening(place.dir / "n", backlog=False)]
    elif case == "internet":
        sockets = [socket.create_server(("127.0.0.1", 0))]
    else:
        sockets = [listening(place.dir / "a"), listening(place.dir / "b")]
    process = activated(place, sockets, "--engine", AWAY)
    assert process.wait(10) == 78
    assert ("2 sockets" if case == "two" else "not a listening Unix stream socket") in process.log_path.read_text()
    for made in sockets:
        made.close()


def test_of_several_sockets_the_one_that_is_named_control_is_taken(place):
    other, control = listening(place.dir / "other"), listening(place.dir / "control")
    activated(place, [other, control], "--engine", AWAY, LISTEN_FDNAMES="metrics:control")
    client = LocalClient(place.dir / "control")
    assert client.call("ping")
    client.close()
    for made in (other, control):
        made.close()


def test_clients_of_an_inherited_socket_wait_for_the_next_daemon(place):
    path = place.dir / "activated.sock"
    listener = listening(path)
    first = activated(place, [listener], "--engine", AWAY)
    client = LocalClient(path)
    assert client.call("ping")
    environ = Path(f"/proc/{first.pid}/environ").read_bytes()
    assert b"LISTEN_FDS" in environ, "the test did not hand the socket over"
    first.terminate()
    assert first.wait(10) == 0
    waiting = LocalClient(path)
    activated(place, [listener], "--engine", AWAY)
    assert waiting.call("ping")
    waiting.close()
    client.close()
    listener.close()


def test_settings_of_a_socket_that_is_not_ours_are_told(place):
    listener = listening(place.dir / "activated.sock")
    process = activated(place, [listener], "--engine", AWAY, "--socket", place.dir / "other.sock", IIID_SOCKET=place.dir / "activated.sock")
    eventually(lambda: "--socket is not used: the service manager has made the socket" in process.log_path.read_text(), what="a word of it")
    client = LocalClient(place.dir / "activated.sock")
    assert client.call("ping")
    assert not (place.dir / "other.sock").exists()
    client.close()
    listener.close()


# --- signals

def busy(linked):
    """A daemon with one call in flight; the worker that has it, and the line that asks for it."""
    iiid, connection = linked
    worker = iiid.client()
    worker.register("slow::f")
    connection.invoke("slow::f")
    return iiid, worker, worker.invoke()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_second_signal_ends_at_once(linked, number):
    iiid, *_ = busy(linked)
    iiid.terminate()
    iiid.notify.wait("STOPPING=1", 5)
    iiid.process.send_signal(number)
    assert iiid.wait(5) == 128 + number
    assert not iiid.socket.exists()


def test_service_manager_is_asked_for_time_while_draining(linked):
    iiid, worker, invoke = busy(linked)
    iiid.terminate()
    iiid.notify.wait("STOPPING=1", 5)
    for _ in range(2):
        iiid.notify.wait("EXTEND_TIMEOUT_USEC=5000000", 5, since=iiid.notify.mark())
    worker.reply(invoke, "done")
    assert iiid.wait() == 0


def test_every_request_that_was_taken_is_answered_at_the_end(place):
    """A client that never stops asking: what it could still write has an answer, whatever the moment of the end."""
    iiid = away(place)
    client = iiid.client()
    assert client.call("ping")
    asked = 1
    iiid.terminate()
    with pytest.raises(BrokenPipeError):
        while True:
            client.request("ping")
            asked += 1
    answers = {client.receive()["id"] for _ in range(asked - 1)}
    assert answers == set(range(2, asked + 1))
    client.ended()
    assert iiid.wait() == 0


def test_drain_ends_at_its_deadline(daemon, wire):
    iiid = daemon(wire.url, "--drain-timeout-ms", "300")
    iiid, *_ = busy((iiid, wire.accept()))
    iiid.terminate()
    assert iiid.wait(8) == 0


def test_gone_terminal_is_survived(place):
    """Standard error is a pipe whose reader is gone: every write to it is an EPIPE."""
    reader, writer = os.pipe()
    path = place.dir / "s.sock"
    process = subprocess.Popen([PROGRAM, "serve", "--engine", AWAY, "--socket", path], stderr=writer, env=place.environment())
    process.name, process.log_path = "iiid", place.dir / "none"
    place.processes.append(process)
    os.close(writer)
    eventually(path.exists, what="the socket")
    os.close(reader)
    process.send_signal(signal.SIGHUP)
    client = LocalClient(path)
    assert client.call("ping")
    client.close()
    process.terminate()
    assert process.wait(10) == 0


# --- the development engine

def test_development_engine_on_any_port(place):
    iiid = Daemon(place, None, "--dev", "--dev-port", "0")
    [url] = set(re.findall(r"ws://127\.0\.0\.1:\d+", iiid.log()))
    assert iiid.status()["engine"]["url"].startswith(url)


def test_development_engine_keeps_its_port_over_restarts(place):
    iiid = Daemon(place, None, "--dev", "--dev-port", "0")
    url = iiid.status()["engine"]["url"]
    [child] = Path(f"/proc/{iiid.pid}/task/{iiid.pid}/children").read_text().split()
    os.kill(int(child), signal.SIGKILL)
    eventually(lambda: iiid.log().count("not for production:") == 2, what="another engine")
    iiid.wait_connected()
    assert iiid.status()["engine"]["url"] == url


def test_development_engine_that_cannot_listen_ends_the_daemon(place):
    taken = socket.create_server(("127.0.0.1", 0))
    port = taken.getsockname()[1]
    process = place.start("iiid", [PROGRAM, "serve", "--dev", "--dev-port", port, "--socket", place.dir / "s.sock"])
    assert process.wait(15) == 69
    assert f"is port {port} in use?" in process.log_path.read_text()
    assert not (place.dir / "s.sock").exists()
    taken.close()


def test_development_engine_gets_nothing_that_is_the_daemons(place):
    iiid = Daemon(place, None, "--dev", "--dev-port", "0", env={"WATCHDOG_USEC": "30000000", "III_TOKEN": "s3cret"})
    [child] = Path(f"/proc/{iiid.pid}/task/{iiid.pid}/children").read_text().split()
    environ = Path(f"/proc/{child}/environ").read_bytes()
    assert b"IIID_TEST_PLACE=" in environ
    for name in (b"NOTIFY_SOCKET", b"WATCHDOG_USEC", b"LISTEN_", b"III_TOKEN"):
        assert name not in environ
    left = sorted(os.readlink(f"/proc/{child}/fd/{n}") for n in os.listdir(f"/proc/{child}/fd"))
    assert not any(str(place.dir / "s") in target for target in left)


def test_interrupt_from_a_terminal_does_not_reach_the_engine(place):
    """Ctrl-C goes to the whole foreground group; the engine must live until the daemon has drained."""
    iiid = Daemon(place, None, "--dev", "--dev-port", "0")
    [child] = Path(f"/proc/{iiid.pid}/task/{iiid.pid}/children").read_text().split()
    assert os.getpgid(int(child)) != os.getpgid(iiid.pid)
