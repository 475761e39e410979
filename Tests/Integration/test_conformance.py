"""The conformance kit holds for the daemon, covers the protocol, and fails where it should."""
import importlib.util
import json
import re
import subprocess
import sys

import pytest

from harness.place import eventually
from harness.programs import ROOT
from harness.scripted_engine import free_port

KIT = ROOT / "Tests/Conformance"

#: Errors that no client can bring about by itself.
NOT_IN_THE_KIT = {"INTERNAL", "FUNCTION_NAMESPACE_CONFLICT"}


def load():
    spec = importlib.util.spec_from_file_location("replay", KIT / "replay.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


replay = load()


def transcripts(folder):
    return sorted((KIT / folder).glob("*.transcript"))


def all_steps():
    return [step for path in sorted(KIT.glob("*/*.transcript")) for _, steps in replay.cases(path) for step in steps]


def run(*arguments):
    done = subprocess.run([sys.executable, KIT / "replay.py", *map(str, arguments)], capture_output=True, text=True, timeout=50)
    return done.returncode, done.stdout + done.stderr


def passed(folder):
    return 0, f"{sum(len(replay.cases(path)) for path in transcripts(folder))} passed, 0 failed\n"


def test_connected(iiid):
    assert run("--socket", iiid.socket) == passed("connected")
    assert run("--socket", iiid.socket, *transcripts("connected")) == passed("connected"), "a second time"


def test_away(daemon):
    iiid = daemon(f"ws://127.0.0.1:{free_port()}", connected=False)
    assert run("--socket", iiid.socket, *transcripts("away")) == passed("away")


def test_outbox(place, daemon, engine):
    (place.dir / "state").mkdir()
    iiid = daemon(engine.url, env={"STATE_DIRECTORY": place.dir / "state"})
    assert run("--socket", iiid.socket, *transcripts("outbox")) == passed("outbox")


def test_ending(iiid):
    assert run("--socket", iiid.socket, *transcripts("ending")) == passed("ending")
    assert iiid.wait() == 0


def test_each_case_can_fail(iiid):
    """The last expectation of each case, made wrong, fails the case on that line."""
    count = 0
    for path in transcripts("connected"):
        for title, steps in replay.cases(path):
            at = max((i for i, step in enumerate(steps) if step[2] == "←"), default=None)
            if at is None:
                continue
            number, name, verb, rest = steps[at]
            wrong = json.loads(rest)
            (wrong[0] if isinstance(wrong, list) else wrong)["not there"] = 1
            changed = [*steps[:at], (number, name, verb, json.dumps(wrong)), *steps[at + 1:]]
            with pytest.raises(replay.Mismatch, match=f":{number}: {name} ←: .*no member 'not there'"):
                replay.play(path, changed, str(iiid.socket), 10)
            count += 1
    assert count > 50


@pytest.mark.parametrize("step, complaint", [
    ('client ← {"jsonrpc":"2.0","id":1,"result":{"now":7}}', "the line.result.now: 7 expected"),
    ('client ← {"jsonrpc":"2.0","id":1.0,"result":{"now":"<int>"}}', "the line.id: 1.0 expected, got 1"),
    ('client ← {"jsonrpc":"2.0","id":1,"result":{"now":"<string>"}}', "the line.result.now: string expected"),
    ('client ← {"jsonrpc":"2.0","id":1,"result":{"now":"…"}}', "the line.result.now: '…' expected"),
    ('client ← {"jsonrpc":"2.0","id":1,"result":{}}', "the line.result: unexpected member 'now'"),
    ('client ← {"id":1,"result":{"now":"<int>"}}', "the line: unexpected member 'jsonrpc'"),
    ('client ← {"jsonrpc":"2.0","id":1,"result":[]}', "the line.result: an array of 0 expected"),
    ('client ← {"jsonrpc":"2.0","id":1,"result":null}', "the line.result: None expected"),
    ("client ←end", "the end expected"),
    ('client ← {"jsonrpc":"2.0","id":1,"…":1}\nclient ←has "result":7', 'these bytes are missing: "result":7'),
    ('client ← {"…":1}\nclient ← {"…":1}', "nothing came within 3 s"),
    ('client ← {"…":1}\nclient →end\nclient ← {"…":1}', "the daemon has closed the connection"),
])
def test_wrong_expectation_fails(iiid, step, complaint):
    path = iiid.place.dir / "wrong.transcript"
    path.write_text(f'## wrong\nclient → {{"id":1,"method":"ping"}}\n{step}\n\n## right\nclient → {{"id":1,"method":"ping"}}\nclient ← {{"id":1,"…":1}}\n')
    status, said = run("--socket", iiid.socket, "--timeout", 3 if "nothing" in complaint else 30, path)
    assert status == 1 and "FAILED wrong: wrong" in said and "1 passed, 1 failed" in said
    assert complaint in said and f"{path}:{3 + step.count(chr(10))}: " in said, said


def test_no_daemon_and_no_transcript(iiid):
    status, said = run("--socket", iiid.place.dir / "nobody.sock")
    assert status == 1 and said == f"{iiid.place.dir}/nobody.sock: No such file or directory\n"
    path = iiid.place.dir / "broken.transcript"
    path.write_text("## broken\nclient says hello\n")
    status, said = run("--socket", iiid.socket, path)
    assert status == 1 and said == f"{path}:2: no step of a case: client says hello\n"


def test_kit_has_each_method_and_each_error(iiid):
    sent = {found[1] for _, _, verb, rest in all_steps() if verb.startswith("→") and (found := re.search(r'"method":"([\w.]+)"', rest or ""))}
    got = {found[1] for _, _, verb, rest in all_steps() if verb == "←" for found in re.finditer(r'"code":"(\w+)"', rest)}
    messages = [json.loads(rest) for _, _, verb, rest in all_steps() if verb == "←"]
    asked = {message["method"] for message in messages if "method" in message}
    methods = {method["name"] for method in iiid.client().call("rpc.discover")["methods"]}
    assert methods - sent == set()
    page = (ROOT / "docs/protocol.md").read_text()
    errors = set(re.findall(r"^\| -32\d{3} \|[^|]*?`(\w+)`", page, re.M))
    assert len(errors) > 15 and errors - got <= NOT_IN_THE_KIT
    assert {"invoke", "cancel", "drain", "bind_trigger", "unbind_trigger", "event", "channel_end"} <= asked


def pretend(place, path, title, name):
    """A pretended daemon: (process, socket)."""
    socket = place.dir / f"pretended{len(place.processes)}.sock"
    process = place.start("pretend", [sys.executable, KIT / "pretend.py", "--socket", socket, path, title, name])
    eventually(socket.exists, what="the pretended daemon")
    return process, socket


def call(place, socket, *arguments):
    return subprocess.run([ROOT / "examples/python/call.py", *arguments], capture_output=True, text=True, timeout=40,
                          env=place.environment(IIID_SOCKET=socket))


FUNCTIONS = KIT / "connected/04-functions.transcript"


@pytest.mark.parametrize("title, arguments, status, out, complaint", [
    ("a function that is not there", ["conformance::nobody"], 1, "", "function_not_found: sample\n"),
    ("a worker that finishes what it has", ["conformance::drains"], 0, '"last"\n', ""),
])
def test_pretended_daemon_answers_a_client(place, title, arguments, status, out, complaint):
    path = place.dir / "client.transcript"  # this client says null where the kit's leaves the payload out
    path.write_text(re.sub(r'("function_id":"conformance::(?:nobody|drains)")}}', r'\1,"payload":null}}', FUNCTIONS.read_text()))
    process, socket = pretend(place, path, title, "caller")
    done = call(place, socket, *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (status, out, complaint)
    assert process.wait(20) == 0 and process.log_path.read_text() == "passed\n"


def test_pretended_daemon_fails_a_client(place):
    process, socket = pretend(place, FUNCTIONS, "integers of 64 bits stay exact, both ways", "caller")
    call(place, socket, "conformance::exact", "[9007199254740993,18446744073709551615.0,-9223372036854775808]")
    assert process.wait(20) == 1
    assert re.search(r"FAILED .*04-functions.transcript:\d+: the line.params.payload\[1\]: 18446744073709551615 expected, got 1.8446744073709552e\+19",
                     process.log_path.read_text()), process.log_path.read_text()


def test_pretended_daemon_calls_a_worker(place):
    path = place.dir / "worker.transcript"
    path.write_text("""## words
worker → {"id":1,"method":"register_function","params":{"function_id":"python::words"}}
worker ← {"jsonrpc":"2.0","id":1,"result":{"function_id":"python::words","state":"active","…":"…"}}
worker ← {"id":"d1","method":"invoke","params":{"function_id":"python::words","payload":{"text":"a b"},"invocation_id":"<string>"}}
worker → {"id":"d1","result":{"words":2}}
worker ← {"id":"d2","method":"invoke","params":{"payload":7}}
worker → {"id":"d2","error":{"code":"NO_TEXT","message":"<string>"}}
""")
    process, socket = pretend(place, path, "words", "worker")
    place.start("worker", [ROOT / "examples/python/worker.py"], env=place.environment(IIID_SOCKET=socket))
    assert process.wait(20) == 0, process.log_path.read_text()


def test_page_tells_each_step():
    page = (KIT / "README.md").read_text()
    for verb in ("→", "→bytes", "→end", "→close", "←", "←has", "←end"):
        assert f"`NAME {verb}" in page
    assert all(f'"<{kind}>"' in page for kind in replay.KINDS)
