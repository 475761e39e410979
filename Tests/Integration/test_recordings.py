"""What real engines and real SDKs said to each other (Tests/Fixtures/recorded), against our link."""
import json
import re

import pytest

from harness.place import eventually
from harness.programs import ROOT, Daemon
from harness.scripted_engine import ScriptedEngine

RECORDED = ROOT / "Tests/Fixtures/recorded"
#: Frame types that the daemon has no use for until it serves triggers.
LATER = {"registertrigger", "unregistertrigger", "triggerregistrationresult"}
FILES = sorted(RECORDED.glob("*/*/*.jsonl"))


def conversations(path):
    """The texts of each connection on the worker path: {connection: [(direction, text)]}."""
    found = {}
    for line in path.read_text().splitlines():
        message = json.loads(line)
        if message["path"] == "/" and "text" in message:
            found.setdefault(message["conn"], []).append((message["dir"], message["text"]))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(RECORDED)).removesuffix(".jsonl"))
def test_every_frame_of_a_real_engine_is_understood(place, path):
    engine = ScriptedEngine(greeting=False)
    place.on_end(engine.close)
    iiid = Daemon(place, engine.url, "--log-level", "debug", connected=False)
    connection = engine.accept()
    frames = [text for said in conversations(path).values() for direction, text in said if direction == "e2w"]
    # "note" is a frame type that the recording itself invented to see how SDKs take it.
    frames = [text for text in frames if json.loads(text)["type"] != "note"]
    for text in frames:
        connection.send(text)
    connection.send({"type": "ping"})
    while connection.receive()[0] != {"type": "pong"}:
        pass
    if frames:
        assert json.loads(frames[0])["type"] == "workerregistered"
        iiid.wait_connected()
    log = iiid.log()
    assert "cannot be read" not in log
    assert set(re.findall(r"engine of type (\S+) is of no use", log)) <= LATER
    assert len(engine.connections) == 1


def frames_of_sdk(version="python-0.25.0", engine="engine-0.23.0-rc.4"):
    for path in sorted((RECORDED / engine / version).glob("*.jsonl")):
        for said in conversations(path).values():
            for direction, text in said:
                if direction == "w2e":
                    yield json.loads(text)


#: (frame type, member): members that a real SDK sends for the same thing and we do not, or the reverse, with the reason.
DIFFERENCES = {
    ("announce telemetry", "project_name"): "the folder a program is developed in: the daemon has none",
    ("announce data", "namespace"): "null from the SDK: absent and null are the same to an engine",
    ("announce", "invocation_id"): "the SDK announces void; we ask for the answer, as it is the sign that we are registered",
    ("announce", "action"): "likewise",
}


def members(frame):
    return {k for k in frame}


def compared(kind, ours, theirs):
    """Members that differ, without those that are explained."""
    return {member for member in members(ours) ^ members(theirs) if (kind, member) not in DIFFERENCES}


@pytest.fixture
def said(linked):
    """What the daemon says for the same things: announce, registration, calls of all kinds, results."""
    iiid, connection = linked
    client = iiid.client()
    client.register("math::add", description="adds two numbers", metadata={"team": "a"})
    call = {"function_id": "x::y", "payload": {"a": 2}}
    frames = {}
    for name, more in {"call": {}, "void": {"action": {"type": "void"}}, "enqueue": {"action": {"type": "enqueue", "queue": "jobs"}},
                       "metadata": {"metadata": {"t": 1}}, "namespace": {"namespace": "shop"}}.items():
        client.request("trigger", {**call, **more})
        frames[name] = connection.invocation()[0]
    id = connection.invoke("math::add", '{"a":2}')
    client.reply(client.invoke(), {"sum": 5})
    frames["result"] = connection.outcome(id)[0]
    id = connection.invoke("math::add", '{"a":2}')
    client.fail(client.invoke(), code="BROKEN", message="broken")
    frames["error"] = connection.outcome(id)[0]
    frames["announce"] = next(f for f in map(json.loads, connection.texts) if f.get("function_id") == "engine::workers::register")
    frames["registration"] = connection.functions["math::add"]
    client.call("unregister_function", {"function_id": "math::add", "drain": False})
    eventually(lambda: "math::add" not in connection.functions)
    frames["unregistration"] = next(f for f in map(json.loads, connection.texts) if f["type"] == "unregisterfunction")
    return frames


def is_call(frame, *, action=None, metadata=False, namespace=False):
    return (frame["type"] == "invokefunction" and not frame["function_id"].startswith("engine::") and "traceparent" not in frame
            and (frame.get("action") or {}).get("type") == action and ("metadata" in frame) == metadata and ("namespace" in frame) == namespace)


SAME = {
    "call": lambda f: is_call(f),
    "void": lambda f: is_call(f, action="void"),
    "enqueue": lambda f: is_call(f, action="enqueue"),
    "metadata": lambda f: is_call(f, metadata=True),
    "namespace": lambda f: is_call(f, namespace=True),
    "result": lambda f: f["type"] == "invocationresult" and "result" in f and "traceparent" not in f,
    "error": lambda f: f["type"] == "invocationresult" and "error" in f and "traceparent" not in f,
    "announce": lambda f: f.get("function_id") == "engine::workers::register",
    "registration": lambda f: f["type"] == "registerfunction" and "metadata" in f,
    "unregistration": lambda f: f["type"] == "unregisterfunction",
}


def announces(said):
    """What stands in the announce: ours and theirs."""
    ours = said["announce"]["data"]
    theirs = next(f for f in frames_of_sdk() if SAME["announce"](f))["data"]
    return {"announce data": (ours, theirs), "announce telemetry": (ours["telemetry"], theirs["telemetry"])}


def test_frames_have_the_members_that_real_sdks_send(said):
    differing = {}
    for kind, same in SAME.items():
        theirs = next(f for f in frames_of_sdk() if same(f))
        if wrong := compared(kind, said[kind], theirs):
            differing[kind] = wrong
        for inner in ("action", "error") if kind != "announce" else ():
            if inner in theirs and inner in said[kind]:
                wrong = members(said[kind][inner]) ^ members(theirs[inner]) - {"stacktrace"}
                if wrong - {"stacktrace"}:
                    differing[f"{kind}.{inner}"] = wrong
    for kind, (ours, theirs) in announces(said).items():
        if wrong := compared(kind, ours, theirs):
            differing[kind] = wrong
    assert not differing


def test_features_are_those_that_we_have(said):
    assert said["announce"]["data"]["features"] == ["large-messages.v1"]


def test_differences_are_still_there(said):
    """A difference that is gone must go from the list."""
    theirs = {kind: next(f for f in frames_of_sdk() if same(f)) for kind, same in SAME.items()}
    pairs = {**{k: (said[k], theirs[k]) for k in SAME}, **announces(said)}
    for kind, member in DIFFERENCES:
        ours, other = pairs[kind]
        assert (member in ours) != (member in other), (kind, member)
