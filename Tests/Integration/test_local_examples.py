"""The callers and workers of examples/, a pair in each language: one daemon, one start of each worker, every language's caller."""
import json
import os
import re
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from harness.place import Place, eventually
from harness.programs import ROOT, Daemon, Engine

#: The first test of a process builds, and waits up to 40 s until ten languages have started.
pytestmark = pytest.mark.timeout(180)

EXAMPLES = ROOT / "examples"


@dataclass(frozen=True)
class Language:
    """Where a language's pair is, and what its row in examples/README.md says of it."""

    caller: str
    worker: str
    function: str
    #: Whether the worker is started by socat, with the daemon on its standard input and output.
    by_socat: bool = False


LANGUAGES = {
    "bash": Language("shell/call.sh", "shell/words.sh", "shell::words", by_socat=True),
    "Python": Language("python/call.py", "python/worker.py", "python::words"),
    "Perl": Language("perl/call.pl", "perl/worker.pl", "perl::words"),
    "PHP": Language("php/call.php", "php/worker.php", "php::words"),
    "Ruby": Language("ruby/call.rb", "ruby/worker.rb", "ruby::words"),
    "Node": Language("node/call.js", "node/worker.js", "node::words"),
    "Lua": Language("lua/call.lua", "lua/worker.lua", "lua::words"),
    "Tcl": Language("tcl/call.tcl", "tcl/worker.tcl", "tcl::words", by_socat=True),
    "C": Language("c/call.c", "c/worker.c", "c::words", by_socat=True),
    "Go": Language("go/call/main.go", "go/worker/main.go", "go::words"),
}
NAMES = list(LANGUAGES)


def rows():
    """The table of examples/README.md: language → its cells."""
    lines = re.findall(r"^\| \[([^\]]+)\]\([^)]+\) \| (.*) \|$", (EXAMPLES / "README.md").read_text(), re.M)
    return {name: rest.split(" | ") for name, rest in lines if name in LANGUAGES}


def next_of(name):
    return NAMES[(NAMES.index(name) + 1) % len(NAMES)]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Source → command, of each example; those in C and Go are built here, once."""
    folder = tmp_path_factory.mktemp("examples")
    # Go wants a folder for its cache, which a bare environment does not name.
    environment = {**os.environ, "GOCACHE": str(ROOT / ".build/go-cache"), "GO111MODULE": "off"}

    def command(source):
        binary = folder / source.replace("/", "-")
        if source.endswith(".c"):
            compiler = ["gcc", "-Wall", "-Wextra", "-Werror", "-o", binary, EXAMPLES / source, "-ljson-c"]
        elif source.endswith(".go"):
            compiler = ["go", "build", "-o", binary, EXAMPLES / source]
        else:
            return EXAMPLES / source
        done = subprocess.run([str(a) for a in compiler], capture_output=True, text=True, env=environment, timeout=300)
        assert done.returncode == 0, f"{source}: {done.stderr}"
        return binary

    sources = [path for language in LANGUAGES.values() for path in (language.caller, language.worker)]
    with ThreadPoolExecutor(4) as pool:
        return dict(zip(sources, pool.map(command, sources)))


#: As a service manager starts programs: without a locale.
BARE = {"LC_ALL": "C"}


class Programs:
    """The examples, started in one place, without a locale."""

    def __init__(self, place, built):
        self.place = place
        self.built = built

    def serve(self, name, path, kept=False):
        """Starts a worker as its page says."""
        language = LANGUAGES[name]
        command = [self.built[language.worker]]
        if kept:
            command = [EXAMPLES / "shell/keep.sh", *command]
        elif language.by_socat:
            command = ["socat", "-t", "35", f"UNIX-CONNECT:{path}", f"EXEC:{command[0]}"]
        return self.place.start(f"{name}-worker", command, env=self.place.environment(IIID_SOCKET=path, PYTHONUTF8=0, PYTHONCOERCECLOCALE=0, **BARE))

    def call(self, name, path, *arguments):
        return subprocess.run([self.built[LANGUAGES[name].caller], *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=60, encoding="utf-8", env=self.place.environment(IIID_SOCKET=path, **BARE))


def active(iiid):
    client = iiid.client()
    try:
        rows = client.call("list_functions", {"local": True})["functions"]
        return {row["function_id"] for row in rows if row["state"] == "active" and row["instances"] == 1}
    finally:
        client.close()


def wait_active(iiid, names, seconds=40):
    """Waits until these workers are served, each once, and no others of this page."""
    wanted = {LANGUAGES[name].function for name in names}
    try:
        eventually(lambda: active(iiid) == wanted, seconds)
    except AssertionError:
        now = active(iiid)
        raise AssertionError(f"missing after {seconds} s: {wanted - now}; not expected: {now - wanted}") from None


@pytest.fixture(scope="module")
def served(built):
    """A daemon with every language's worker: (programs, daemon)."""
    place = Place()
    programs = Programs(place, built)
    iiid = Daemon(place, Engine(place).url)
    for name in NAMES:
        programs.serve(name, iiid.socket)
    try:
        wait_active(iiid, NAMES)
        yield programs, iiid
    finally:
        complaints = place.end()
        logs = place.logs()
        place.remove()
    assert not complaints, complaints + "".join(f"\n--- {n}\n{t[-2000:]}" for n, t in logs.items())
    told = {name: text for name, text in logs.items() if name.endswith("-worker.log") and "rror" in text}
    assert not told, told


def nested(levels):
    return "[" * levels + "]" * levels


#: What a payload may hold beside the text without a worker stumbling: (id, further members of the payload, words).
BESIDE = [
    ("plain", '"text":" one\\ttwo \\n three "', 3),
    ("nothing", '"text":""', 0),
    ("characters", '"text":"grün \\u2603\\ud83d\\ude00 \\"q\\" \\\\ $(id) `id` \'x\'"', 7),
    ("depth", f'"text":"a b","more":{nested(120)}', 2),
    ("numbers", '"text":"a b","more":[18446744073709551615,-9223372036854775808,1e300,0.1]', 2),
    ("escapes", '"text":"a b","more":["\\u0000","\\u001f","\\u2028",{"":null}]', 2),
    ("long", '"text":"' + "word " * 100_000 + '"', 100_000),
]


@pytest.mark.parametrize("name", NAMES)
def test_worker_counts_words(served, name):
    _, iiid = served
    client = iiid.client()
    for what, members, words in BESIDE:
        id = f"{name} {what}"
        client.send(f'{{"id":"{id}","method":"trigger","params":{{"function_id":"{LANGUAGES[name].function}","payload":{{{members}}}}}}}')
        assert client.result(id, 30) == {"words": words}, id
    client.close()


@pytest.mark.parametrize("name", NAMES)
def test_workers_own_error_reaches_the_caller(served, name):
    _, iiid = served
    client = iiid.client()
    for payload in (None, 7, "text", [], {}, {"text": 7}, {"text": None}, {"text": ["a"]}, {"text": {"text": "a"}}, {"text": True}):
        error = client.error_of("trigger", {"function_id": LANGUAGES[name].function, "payload": payload}, 30)
        assert (error.number, error.code, error.message) == (-32000, "NO_TEXT", "NO_TEXT: payload.text must be a string"), payload
    client.close()


@pytest.mark.parametrize("name", NAMES)
def test_caller_prints_the_result_or_fails(served, name):
    """Each language's caller with the next language's worker."""
    programs, iiid = served
    function = LANGUAGES[next_of(name)].function
    done = programs.call(name, iiid.socket, function, '{"text":"two wörds"}')
    assert (done.returncode, json.loads(done.stdout), done.stderr) == (0, {"words": 2}, "")

    failed = programs.call(name, iiid.socket, function, '{"text":7}')
    assert failed.returncode != 0 and not failed.stdout and "NO_TEXT: payload.text must be a string" in failed.stderr
    assert len(failed.stderr.splitlines()) == 1, failed.stderr

    unknown = programs.call(name, iiid.socket, "no::such")
    assert unknown.returncode != 0 and not unknown.stdout and "function_not_found: " in unknown.stderr, unknown.stderr


@pytest.mark.parametrize("name", NAMES)
def test_characters_that_a_caller_carries(served, name):
    programs, iiid = served
    text = "grün ☃ 😀 \u2028 \" \\ / </b> \t"
    worker = iiid.worker({f"text::{name}": lambda params: params["payload"]})
    try:
        done = programs.call(name, iiid.socket, f"text::{name}", json.dumps({"ü": text}, ensure_ascii=False))
        printed = json.loads(done.stdout)
        printed.pop("_caller_worker_id", None)  # the engine's
        assert printed == {"ü": text} and not done.stderr
    finally:
        worker.close()


def test_silence_does_not_end_the_worker_in_php(served):
    programs, iiid = served
    command = ["php", "-d", "default_socket_timeout=1", programs.built[LANGUAGES["PHP"].worker]]
    worker = programs.place.start("silent", command, env=programs.place.environment(IIID_SOCKET=iiid.socket))
    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(2)  # longer than PHP would have waited
    worker.terminate()
    worker.wait(10)


@pytest.mark.parametrize("name", NAMES)
def test_caller_without_a_daemon(served, name):
    programs, _ = served
    path = programs.place.dir / "nobody.sock"
    failed = programs.call(name, path, "any::f", "{}")
    assert failed.returncode != 0 and not failed.stdout, failed
    assert "No such file or directory" in failed.stderr or "no such file" in failed.stderr or "ENOENT" in failed.stderr, failed.stderr
    assert str(path) in failed.stderr and len(failed.stderr.splitlines()) <= 2, failed.stderr


def listening(path):
    """A socket of the test's own, in the daemon's place."""
    listener = socket.socket(socket.AF_UNIX)
    listener.settimeout(40)
    listener.bind(str(path))
    listener.listen()
    return listener


@pytest.mark.parametrize("name", NAMES)
def test_caller_whose_daemon_ends(served, name):
    """Nobody answers, and the caller says so."""
    programs, _ = served
    path = programs.place.dir / f"deaf-{name}.sock"
    with listening(path) as listener, ThreadPoolExecutor(1) as pool:

        def hang_up():
            with listener.accept()[0] as connection:
                return connection.makefile().readline()

        asked = pool.submit(hang_up)
        failed = programs.call(name, path, "any::f", "{}")
        assert json.loads(asked.result())["params"]["function_id"] == "any::f"
    assert failed.returncode != 0 and not failed.stdout and failed.stderr.strip(), failed


@pytest.mark.parametrize("name", NAMES)
def test_worker_that_is_refused_says_why(place, built, name):
    """It answers what comes all the same, and ignores notices, and what it does not know."""
    path = place.dir / "refusing.sock"
    lines = [{"id": 1, "error": {"code": -32007, "message": "OVERLOADED: no more functions", "data": {"code": "OVERLOADED"}}},
             {"method": "cancel", "params": {"id": "d7", "reason": "deadline"}},
             {"method": "drain", "params": {"reason": "shutdown", "deadline_ms": 30000}},
             {"id": "d1", "method": "invoke", "params": {"payload": {"text": "a b"}, "of": {"tomorrow": True}}}]
    with listening(path) as listener:
        worker = Programs(place, built).serve(name, path)
        connection, _ = listener.accept()
        with connection, connection.makefile("rw") as stream:
            connection.settimeout(40)
            registration = json.loads(stream.readline())
            assert (registration["method"], registration["params"]) == ("register_function", {"function_id": LANGUAGES[name].function})
            stream.writelines(json.dumps({"jsonrpc": "2.0", **line}) + "\n" for line in lines)
            stream.flush()
            assert json.loads(stream.readline()) == {"id": "d1", "result": {"words": 2}}
    eventually(lambda: "OVERLOADED: no more functions" in worker.log_path.read_text(), what="the reason")


@pytest.mark.parametrize("name", NAMES)
def test_caller_that_is_turned_away(served, name):
    """As by a daemon with too many connections: one line, and the end, perhaps before the caller has written."""
    programs, _ = served
    path = programs.place.dir / f"full-{name}.sock"
    with listening(path) as listener, ThreadPoolExecutor(1) as pool:

        def turn_away():
            with listener.accept()[0] as connection:
                connection.sendall(b'{"jsonrpc":"2.0","id":null,"error":{"code":-32007,"message":"OVERLOADED: too many connections"}}\n')

        turned = pool.submit(turn_away)
        failed = programs.call(name, path, "any::f", "{}")
        turned.result()
    assert failed.returncode > 0 and not failed.stdout and 1 <= len(failed.stderr.splitlines()) <= 2, failed


@pytest.mark.parametrize("name", NAMES)
def test_integers_that_a_caller_carries(served, name):
    """The page says up to where they are exact; the payload is not the caller's to change beyond that."""
    programs, iiid = served
    bits = {"2⁵³": 53, "2⁶³": 63, "2⁶⁴": 64}[rows()[name][3]]
    worker = iiid.worker({f"echo::{name}": lambda params: params["payload"]})
    try:
        printed = json.loads(programs.call(name, iiid.socket, f"echo::{name}", f"[{2**bits - 1},{-2 ** min(bits, 63) + 1},1.5,{{}},[],null,true]").stdout)
        assert printed == [2**bits - 1, -2 ** min(bits, 63) + 1, 1.5, {}, [], None, True]
        if bits < 64:
            more = 2**bits + 1
            assert json.loads(programs.call(name, iiid.socket, f"echo::{name}", str(more)).stdout) != more
    finally:
        worker.close()


def test_restart_of_the_daemon(built):
    """Those that say so come back by themselves, those on standard input and output with keep.sh; the others end."""
    place = Place()
    try:
        programs = Programs(place, built)
        engine = Engine(place)
        iiid = Daemon(place, engine.url)
        back = {name for name, cells in rows().items() if cells[2] in ("yes", "with `keep.sh`")}
        assert {"bash", "Python"} <= back
        workers = {name: programs.serve(name, iiid.socket, kept=LANGUAGES[name].by_socat) for name in NAMES}
        wait_active(iiid, NAMES)
        iiid.process.kill()
        iiid.wait()
        for name in set(NAMES) - back:
            workers[name].wait(15)
        iiid.socket.unlink(missing_ok=True)
        again = Daemon(place, engine.url, socket=iiid.socket)
        wait_active(again, back)
        caller = again.client()
        for name in back:
            assert caller.trigger(LANGUAGES[name].function, {"text": "a b"}, 30) == {"words": 2}
        # The same in good order: what is in flight is answered, and the workers survive that, too.
        again.terminate()
        assert again.wait() == 0
        third = Daemon(place, engine.url, socket=iiid.socket)
        wait_active(third, back)
    finally:
        complaints = place.end()
        place.remove()
    assert not complaints, complaints


#: Lines that do not count: comments, imports, and what only closes a block.
FREE = re.compile(r"""\#|//|--|<\?php$|[\]})(;\s]*$|(end|else|fi|done|esac|\}\ else\ \{)$
                   |(import|from|use|require|package|local\ \w+\ =\ require|const\ \w+\ =\ require)\b|"[\w/]+"$""", re.X)


@pytest.mark.parametrize("source", [path for language in LANGUAGES.values() for path in (language.caller, language.worker)])
def test_at_most_fifteen_lines(source):
    text = re.sub(r'""".*?"""', "", (EXAMPLES / source).read_text(), flags=re.S)
    lines = [line for line in text.splitlines() if not FREE.match(line.strip())]
    assert 4 <= len(lines) <= 15, "\n".join(lines)
    assert all(len(line) <= 160 for line in lines)


def test_go_is_in_gos_format():
    done = subprocess.run(["gofmt", "-l", EXAMPLES / "go", ROOT / "Tests/Tools/jsonrpc2-peer"], capture_output=True, text=True, timeout=50)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_page_has_a_row_for_each():
    table = rows()
    assert list(table) == NAMES
    wanted = (ROOT / "scripts/deps").read_text()
    for name, (files, packages, *_) in table.items():
        for path in (LANGUAGES[name].caller, LANGUAGES[name].worker):
            assert f"({path})" in files, path
        for package in re.findall(r"`([^`]+)`", packages):
            assert re.search(rf"\b{re.escape(package)}\b", wanted), f"{package} is not in scripts/deps"
