"""Settings from files, variables and options: which count, what is wrong with them, and reading them again."""
import json
import os
import signal
import socket
import stat
import subprocess
import time
from pathlib import Path

import pytest

from harness.notify import NotifySocket
from harness.place import eventually
from harness.programs import Daemon, build_folder

PROGRAM = build_folder() / "iiid"
AWAY = "ws://127.0.0.1:1"


@pytest.fixture
def files(place):
    """Writes configuration files; `files.main` is the one that `--config` names."""
    return Files(place)


class Files:
    def __init__(self, place):
        self.place = place
        self.main = place.dir / "iiid.conf"

    def write(self, text, fragment=None):
        path = self.main
        if fragment:
            path = Path(f"{self.main}.d") / fragment
            path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def run(self, command, *arguments, **environment):
        return subprocess.run([PROGRAM, command, *map(str, arguments)], capture_output=True, text=True, timeout=20,
                              env=self.place.environment(XDG_RUNTIME_DIR=self.place.dir, **environment))

    def check(self, *arguments, **environment):
        return self.run("serve", "--check", "--config", self.main, *arguments, **environment)

    def settings(self, *arguments, **environment):
        """What `iiid config --json` says of each key."""
        done = self.run("config", "--json", "--config", self.main, *arguments, **environment)
        assert done.returncode == 0, done.stderr
        return {row["key"]: row for row in json.loads(done.stdout)["settings"]}

    def daemon(self, *options, **more):
        return Daemon(self.place, None, "--config", self.main, *options, connected=False, **more)


def limits(iiid):
    client = iiid.client()
    return client.call("hello")["limits"]


# --- which counts

def test_precedence(files):
    files.write(f"[engine]\nurl = {AWAY}\nnamespace = main\nworker_name = main\n[limits]\nfunctions = 1\nconnections = 11\n[log]\nlevel = error\n")
    files.write("[limits]\nfunctions = 2\n[engine]\nworker_name = ten\n", "10-first.conf")
    files.write("[limits]\nfunctions = 3\n", "20-second.conf")
    files.write("[limits]\nfunctions = 4\n", "30-no-fragment")
    files.write("[limits]\nfunctions = 5\n", ".hidden.conf")
    found = files.settings("--max-connections", 9, III_WORKER_NAME="variable", IIID_LOG_LEVEL="debug")

    def of(key):
        return {k: v for k, v in found[key].items() if k not in ("key", "effect")}
    second = str(files.main) + ".d/20-second.conf"
    assert of("engine.url") == {"value": AWAY, "origin": "file", "file": str(files.main), "line": 2}
    assert of("engine.namespace") == {"value": "main", "origin": "file", "file": str(files.main), "line": 3}
    assert of("limits.functions") == {"value": "3", "origin": "file", "file": second, "line": 2}
    assert of("engine.worker_name") == {"value": "variable", "origin": "environment", "variable": "III_WORKER_NAME"}
    assert of("log.level") == {"value": "debug", "origin": "environment", "variable": "IIID_LOG_LEVEL"}
    assert of("limits.connections") == {"value": "9", "origin": "flag", "flag": "--max-connections"}
    assert of("limits.line_bytes") == {"value": "16777216", "origin": "default"}
    assert of("engine.ca_file") == {"origin": "default"}


def test_daemon_runs_with_what_the_files_say(files):
    files.write(f"[engine]\nurl = {AWAY}\n[socket]\nmode = 0600\n[limits]\nfunctions = 7\nline_bytes = 4096\nrequests_per_connection = 3\n[log]\nformat = journal\n")
    files.write("[limits]\nfunctions = 5\n", "50-local.conf")
    iiid = files.daemon("--max-connections", "9")
    found = limits(iiid)
    assert (found["functions"], found["line_bytes"], found["requests_per_connection"], found["connections"]) == (5, 4096, 3, 9)
    assert stat.S_IMODE(os.stat(iiid.socket).st_mode) == 0o600
    assert iiid.status()["engine"]["url"].startswith(AWAY)
    assert iiid.log().startswith("<5>iiid ")


def test_variable_names_the_file(files):
    files.write("[drain]\ntimeout_ms = 7\n")
    done = files.run("config", "--json", IIID_CONFIG=files.main)
    assert {r["key"]: r.get("value") for r in json.loads(done.stdout)["settings"]}["drain.timeout_ms"] == "7"


def test_what_config_writes_can_be_read_back(files):
    files.write(f"[engine]\nurl = {AWAY}\nnamespace = a b\n[limits]\nfunctions = 7\n")
    written = files.run("config", "--config", files.main, "--name", "me", "--max-line-bytes", 5000)
    assert written.returncode == 0 and written.stderr == ""
    other = Files(files.place)
    other.main = files.place.dir / "copy.conf"
    other.write(written.stdout)
    first = files.settings("--name", "me", "--max-line-bytes", 5000)
    second = other.settings()
    assert {k: r.get("value") for k, r in first.items()} == {k: r.get("value") for k, r in second.items()}
    assert {k for k, r in second.items() if r["origin"] == "file"} == {k for k, r in first.items() if r["origin"] != "default"}
    assert "#connections = 512" in written.stdout and "; built-in default" in written.stdout


def test_check_names_the_files(files):
    files.write("")
    files.write("[log]\nlevel = debug\n", "a.conf")
    done = files.check()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"configuration is valid: {files.main}, {files.main}.d/a.conf\n"
    assert not (files.place.dir / "iiid").exists(), "a check opens no socket"


# --- what is wrong

def test_everything_wrong_is_listed_with_file_and_line(files):
    files.write("[engine]\nulr = x\nurl = http://e\n\n[limit]\n[log]\nlevel = loud\nlevel = info\nnonsense\n")
    fragment = files.write("[limits]\nconnections = 0\n", "a.conf")
    expected = [f"iiid: {files.main}:2: [engine] ulr: no such key; did you mean 'url'?",
                f"iiid: {files.main}:3: [engine] url: 'http://e': the scheme http:// is neither",
                f"iiid: {files.main}:5: [limit]: no such section; did you mean [limits]?",
                f"iiid: {files.main}:7: [log] level: 'loud': no log level; give one of debug, info, notice, warning, error",
                f"iiid: {files.main}:8: [log] level: given in line 7 already; leave one of them",
                f"iiid: {files.main}:9: neither [section] nor key = value nor a comment; write key = value",
                f"iiid: {fragment}:2: [limits] connections: '0': out of range; give a whole number from 1 to 10000"]
    for done in [files.check(), files.run("config", "--config", files.main), files.run("serve", "--config", files.main)]:
        assert done.returncode == 78 and done.stdout == ""
        lines = done.stderr.splitlines()
        assert len(lines) == len(expected)
        for line, start in zip(lines, expected):
            assert line.startswith(start)


def test_service_manager_hears_the_first_problem_and_how_many_more(files):
    files.write("[log]\nlevel = loud\nxyzzy = 1\n")
    notify = NotifySocket(files.place.dir / "notify")
    files.place.on_end(notify.close)
    assert files.run("serve", "--config", files.main, NOTIFY_SOCKET=notify.path).returncode == 78
    heard = notify.wait("STATUS=")
    assert heard.startswith(f"STATUS={files.main}:2: [log] level") and heard.endswith(" (and 1 more problem)")


@pytest.mark.parametrize("content,words", [
    (b"[engine]\nnamespace = a\0b\n", ":2: holds the control character 0x00"),
    (b"[engine]\n" + b"x" * (1 << 20) + b"\n", "has more than 1048576 bytes"),
    (b"[engine]\nnamespace = " + b"x" * 1000000 + b"\n", ":2: has 1000012 bytes; a line may have 198"),
    (b"[engine]\nnamespace = \xff\n", ":2: no UTF-8"),
    (b"\0" * 1000, ":1: holds the control character 0x00"),
    (b"[" * 100000, ":1: has 100000 bytes"),
    (b"=\n" * 1000, ":1: : stands before the first section"),
    (b"[engine\n", ":1: no [section]"),
    (b"[engine]\nnamespace = \x1b[31m\n", ":2: holds the control character 0x1b"),
])
def test_hostile_content(files, content, words):
    files.write(content)
    done = files.check()
    assert done.returncode == 78
    assert f"{files.main}" in done.stderr and words in done.stderr
    assert all(len(line) < 600 and line.isprintable() for line in done.stderr.splitlines())


def test_what_is_no_readable_file(files):
    def refused(words, path=files.main):
        done = files.run("serve", "--check", "--config", path)
        assert done.returncode == 78 and done.stderr.startswith(f"iiid: {path}") and words in done.stderr, done.stderr
        assert done.stderr.count("\n") == 1
    refused("no such file or directory")
    files.main.mkdir()
    refused("is a directory")
    files.main.rmdir()
    files.main.symlink_to("nowhere")
    refused("no such file or directory")
    files.main.unlink()
    files.main.symlink_to(files.main)
    refused("ELOOP")
    files.main.unlink()
    refused("has more than 1048576 bytes", "/dev/zero")
    real = files.place.dir / "real"
    real.write_text("[log]\nlevel = debug\n")
    files.main.symlink_to(real)
    assert files.check().returncode == 0
    Path(f"{files.main}.d").write_text("")
    refused("make it a folder")
    Path(f"{files.main}.d").unlink()
    Path(f"{files.main}.d").mkdir()
    (Path(f"{files.main}.d") / "a.conf").mkdir()
    refused("is a directory")


def test_pipe_without_a_writer_is_not_waited_for(files):
    os.mkfifo(files.main)
    assert files.check().returncode == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="gives a file away and becomes another user")
def test_file_that_the_daemon_may_not_read(files):
    files.write("").chmod(0o600)
    os.chmod(files.place.dir, 0o755)
    done = subprocess.run([PROGRAM, "serve", "--check", "--config", files.main], capture_output=True, text=True, timeout=20, user=65534, group=65534,
                          extra_groups=[], env=files.place.environment(XDG_RUNTIME_DIR=files.place.dir))
    if done.returncode == 126 or "Permission" in done.stderr and "iiid: " not in done.stderr:
        pytest.skip("the build folder is not open to others")
    assert done.returncode == 78
    assert f"{files.main}: permission denied (EACCES); let the daemon's user read it" in done.stderr


# --- secrets

def test_secrets_are_shown_nowhere(files):
    token = files.place.dir / "token"
    token.write_text("s3cret-of-the-file\n")
    token.chmod(0o600)
    files.write(f"[engine]\nurl = ws://127.0.0.1:1/?token=s3cret-of-the-address\ntoken_file = {token}\n").chmod(0o644)
    shown = files.run("config", "--config", files.main)
    assert f"token_file = {token}" in shown.stdout and "#url = ws://127.0.0.1:1" in shown.stdout
    assert "every user may read the query of the engine's address" in shown.stderr
    as_json = files.run("config", "--config", files.main, "--json")
    variable = files.run("config", "--config", files.main, III_TOKEN="s3cret-of-the-variable")
    assert "environment variable III_TOKEN" in variable.stdout
    iiid = files.daemon()
    token.write_text("s3cret-of-the-file-2\n")
    changed = iiid.client().call("reload")["changed"]
    assert changed == [{"key": "engine.token_file", "effect": "reconnect"}]
    refused = files.write("[engine]\ntoken = s3cret-of-the-line\n", "bad.conf")
    error = iiid.client().error_of("reload")
    assert f"{refused}:2: [engine] token: no such key; secrets stand in no configuration" in error.message
    everything = [shown.stdout, shown.stderr, as_json.stdout, as_json.stderr, variable.stdout, variable.stderr, iiid.log(), error.message,
                  json.dumps(error.data), json.dumps(iiid.status()), Path(f"/proc/{iiid.pid}/cmdline").read_text(), "\n".join(iiid.notify.lines)]
    assert not [text for text in everything if "s3cret" in text]


def test_token_of_the_service_manager(files):
    folder = files.place.dir / "credentials"
    folder.mkdir()
    files.write("")
    assert files.settings(CREDENTIALS_DIRECTORY=folder)["engine.token_file"]["origin"] == "default"
    (folder / "iiid.engine-token").write_text("t\n")
    found = files.settings(CREDENTIALS_DIRECTORY=folder)["engine.token_file"]
    assert (found["value"], found["variable"]) == (f"{folder}/iiid.engine-token", "CREDENTIALS_DIRECTORY")


# --- read again

def test_reload_takes_effect_and_tells_what_changed(files):
    files.write(f"[engine]\nurl = {AWAY}\n[limits]\nrequests_per_connection = 5\n[log]\nlevel = info\n")
    iiid = files.daemon()
    client = iiid.client()
    assert client.call("reload") == {"changed": []}
    files.write(f"[engine]\nurl = {AWAY}\nnamespace = other\n[limits]\nline_bytes = 5000\n[log]\nlevel = debug\n[policy]\nhttp_functions = yes\n")
    changes = [{"key": "engine.namespace", "to": "other", "effect": "restart"},
               {"key": "limits.line_bytes", "from": "16777216", "to": "5000", "effect": "now"},
               {"key": "limits.requests_per_connection", "from": "5", "to": "256", "effect": "now"},
               {"key": "policy.http_functions", "from": "no", "to": "yes", "effect": "now"},
               {"key": "log.level", "from": "info", "to": "debug", "effect": "now"}]
    assert client.call("reload") == {"changed": changes}
    found = client.call("hello")["limits"]
    assert (found["line_bytes"], found["requests_per_connection"]) == (5000, 256)
    assert "reloaded: engine.namespace: nothing -> other, needs a restart" in iiid.log()
    assert "reloaded: limits.line_bytes: 16777216 -> 5000\n" in iiid.log()
    # The connection that asked has the new limit, too.
    client.send_bytes(b'{"id":77,"method":"ping","params":{"x-long":"' + b"x" * 5000 + b'"}}\n')
    assert client.receive()["error"]["data"]["limit"] == 5000
    # What needs a restart is told until there was one.
    assert client.call("reload") == {"changed": changes[:1]}


def test_bad_reload_changes_nothing(files):
    files.write(f"[engine]\nurl = {AWAY}\n[limits]\nfunctions = 5\n")
    iiid = files.daemon()
    files.write("[limits]\nfunctions = 6\nfunctoins = 7\n[log]\nlevel = loud\n")
    client = iiid.client()
    error = client.error_of("reload")
    problems = [f"{files.main}:3: [limits] functoins: no such key; did you mean 'functions'?",
                f"{files.main}:5: [log] level: 'loud': no log level; give one of debug, info, notice, warning, error"]
    assert (error.number, error.code, error.data["source"], error.data["problems"]) == (-32000, "BAD_CONFIGURATION", "iiid", problems)
    assert error.message == f"BAD_CONFIGURATION: {problems[0]} (and 1 more problem)"
    assert client.call("hello")["limits"]["functions"] == 5
    for problem in problems:
        assert f"error: not reloaded: {problem}\n" in iiid.log()
    told = f"; the changed configuration is not in force: {problems[0]} (and 1 more problem)"
    eventually(lambda: iiid.notify.lines[-1].startswith("STATUS=") and iiid.notify.lines[-1].endswith(told), what="a word of it in the status")
    files.write("[limits]\nfunctions = 6\n")
    since = iiid.notify.mark()
    assert [c["key"] for c in client.call("reload")["changed"]] == ["engine.url", "limits.functions"]
    iiid.notify.wait("READY=1", since=since)
    eventually(lambda: "not in force" not in [s for s in iiid.notify.lines if s.startswith("STATUS=")][-1], what="the old status")


@pytest.mark.parametrize("text", ["[limits]\nfunctions = 6\n", "nonsense\n"])
def test_hang_up_reloads_and_says_so_to_the_service_manager(files, text):
    files.write(f"[engine]\nurl = {AWAY}\n")
    iiid = files.daemon()
    files.write(f"[engine]\nurl = {AWAY}\n{text}")
    since = iiid.notify.mark()
    iiid.process.send_signal(signal.SIGHUP)
    iiid.notify.wait("READY=1", since=since)
    said = iiid.notify.lines[since:]
    at = said.index("RELOADING=1")
    assert "READY=1" not in said[:at]
    name, _, stamp = said[at + 1].partition("=")
    assert name == "MONOTONIC_USEC"
    # The service manager's clock, read before the work began.
    assert 0 <= time.clock_gettime(time.CLOCK_MONOTONIC) * 1e6 - int(stamp) < 60e6
    assert limits(iiid)["functions"] == (6 if text.startswith("[") else 1000)


def test_removed_file_is_a_bad_reload(files):
    files.write(f"[engine]\nurl = {AWAY}\n")
    iiid = files.daemon()
    files.main.unlink()
    error = iiid.client().error_of("reload")
    assert f"{files.main}: no such file or directory" in error.message
    assert iiid.client().call("ping")


def test_half_closed_reload_is_answered(files):
    files.write(f"[engine]\nurl = {AWAY}\n")
    iiid = files.daemon()
    with socket.socket(socket.AF_UNIX) as raw:
        raw.settimeout(10)
        raw.connect(str(iiid.socket))
        raw.sendall(b'{"id":1,"method":"reload"}\n')
        raw.shutdown(socket.SHUT_WR)
        with raw.makefile() as lines:
            assert [json.loads(line)["result"] for line in lines] == [{"changed": []}]


def test_many_reloads_at_once_are_all_answered(files):
    files.write(f"[engine]\nurl = {AWAY}\n")
    iiid = files.daemon()
    client = iiid.client()
    client.send_bytes(b"".join(b'{"id":%d,"method":"reload"}\n' % n for n in range(50)))
    for _ in range(20):
        iiid.process.send_signal(signal.SIGHUP)
    assert sorted(client.receive()["id"] for _ in range(50)) == list(range(50))
    assert iiid.log().count("nothing has changed") < 50, "each had a reading of its own"


def test_reload_under_load_loses_nothing(daemon, engine, files):
    files.write("[limits]\nrequests_per_connection = 1000\n")
    iiid = daemon(engine.url, "--config", files.main)
    worker, caller = iiid.client(), iiid.client()
    worker.register("load::f", max_in_flight=1000)
    for number in range(200):
        caller.send_bytes(b'{"id":%d,"method":"trigger","params":{"function_id":"load::f","payload":%d}}\n' % (number, number))
        if number % 20 == 0:
            files.write(f"[limits]\nrequests_per_connection = {1000 + number}\n")
            iiid.process.send_signal(signal.SIGHUP)
    for _ in range(200):
        invoke = worker.invoke()
        worker.reply(invoke, invoke["params"]["payload"])
    answers = [caller.receive() for _ in range(200)]
    assert sorted((a["id"], a["result"]) for a in answers) == [(n, n) for n in range(200)]
    eventually(lambda: limits(iiid)["requests_per_connection"] == 1180, what="the last reload")


def test_token_of_a_reload_is_used_for_the_next_connection(files, wire):
    token = files.place.dir / "token"
    token.write_text("first\n")
    files.write(f"[engine]\nurl = {wire.url}\ntoken_file = {token}\n")
    iiid = files.daemon()
    connection = wire.accept()
    assert connection.ws.request.headers["authorization"] == "Bearer first"
    token.write_text("second\n")
    assert iiid.client().call("reload")["changed"] == [{"key": "engine.token_file", "effect": "reconnect"}]
    connection.drop()
    assert wire.accept().ws.request.headers["authorization"] == "Bearer second"


def test_patience_with_an_engine_is_what_the_file_says(files, raw_listener):
    files.write(f"[engine]\nurl = {raw_listener.url}\nconnect_timeout_ms = 200\nreconnect_max_ms = 1000\n")
    iiid = files.daemon()
    for _ in range(3):
        raw_listener.accept()

    def wait():
        engine = iiid.status()["engine"]
        return engine["attempt"] >= 3 and engine.get("next_retry_ms")
    # The third wait would be four seconds, less 30 per cent.
    assert eventually(wait, what="a wait") <= 1300
    assert "the handshake took too long" in iiid.log()
