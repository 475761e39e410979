"""What the SDK in Swift makes of an engine's lists, and the events that it hears, with a real Python worker beside it."""
import itertools
import json

import pytest

from harness.place import eventually
from harness.programs import ROOT, Engine
from harness.sdk import VERSIONS
from harness.steered import SteeredError

FORMAT = {"type": "object", "properties": {"a": {"type": "number"}}}


@pytest.fixture(params=[(engine, version) for engine in ("0.23", "0.13") for version in VERSIONS],
                ids=lambda pair: f"engine {pair[0]}, python {pair[1]}")
def pair(request, place, sdk, swift):
    """A Swift worker, and a Python worker with a described function and a trigger; and which engine it is."""
    compat, version = request.param
    engine = Engine(place, "--test-hooks", *(["--compat", compat] if compat == "0.13" else []))
    worker, python = swift(engine.url), sdk(version, engine.url, "pythonic")
    python.register("py::described", description="Adds", metadata={"team": "a"}, request_format=FORMAT, response_format={"type": "null"})
    python.do("provide", id="webhook", description="Incoming webhooks")
    python.do("bind", trigger_type="webhook", function_id="py::described", config={"path": "/hook"}, metadata={"src": "a"})
    eventually(lambda: worker.do("list", kind="triggers"), 10, what="the trigger at the engine")
    return worker, python, compat


def test_function_infos(pair):
    worker, _, compat = pair
    row, = worker.do("list", kind="functions", prefix="py::")
    expected = {"function_id": "py::described", "worker_name": "pythonic", "description": "Adds"}
    if compat != "0.13":
        expected |= {"namespace": "default", "metadata": {"team": "a"}}
    assert {name: row.get(name) for name in expected} == expected
    info = worker.do("info", kind="functions", of="py::described")
    assert (info["request_format"], info["response_format"]) == (FORMAT, {"type": "null"})
    assert [trigger["trigger_type"] for trigger in info["triggers"]] == ["webhook"]
    with pytest.raises(SteeredError) as caught:
        worker.do("info", kind="functions", of="no::such")
    assert caught.value.code == "NOT_FOUND"


def test_trigger_infos(pair):
    worker, _, _ = pair
    row, = worker.do("list", kind="triggers", function_id="py::described")
    assert (row["trigger_type"], row["function_id"], row["config"]) == ("webhook", "py::described", {"path": "/hook"})
    info = worker.do("info", kind="triggers", of=row["id"])
    assert info["metadata"] == {"src": "a"}
    types = worker.do("list", kind="trigger_types")
    webhook = next(row for row in types if row["id"] == "webhook")
    assert (webhook["description"], webhook["worker_name"]) == ("Incoming webhooks", "pythonic")
    assert worker.do("info", kind="trigger_types", of="webhook")["count"] == 1


def test_worker_infos(pair):
    worker, python, _ = pair
    rows = {row["name"]: row for row in worker.do("list", kind="workers")}
    assert (rows["swift"]["runtime"], rows["pythonic"]["runtime"]) == ("swift", "python")
    assert rows["pythonic"]["function_count"] == 1
    info = worker.do("info", kind="workers", of="pythonic")
    assert info["pid"] == python.process.pid
    assert [function["function_id"] for function in info["functions"]] == ["py::described"]


@pytest.mark.parametrize("version", VERSIONS)
def test_workers_that_come_and_go_are_heard(engine, sdk, swift, version):
    worker = swift(engine.url)
    worker.do("watch", kind="workers")
    python = sdk(version, engine.url, "passing")
    python.close()
    heard = {}
    while "worker_disconnected" not in heard.values() or len(set(heard.values())) < 3:
        event = worker.wait_event(10)
        heard[event["what"], event["worker_id"]] = event["what"]
    assert set(heard.values()) == {"worker_connected", "worker_metadata_updated", "worker_disconnected"}


@pytest.mark.timeout(120)
def test_functions_that_come_are_heard_also_after_the_engines_death(engine, sdk, swift):
    worker = swift(engine.url)
    worker.do("watch", kind="functions")
    python = sdk("newest", engine.url)
    numbers = itertools.count()

    def heard():
        # An engine looks every five seconds, and tells of what has changed since it looked first: so there is always more.
        python.register(f"py::{next(numbers)}")
        return not worker.events.empty() and any(name.startswith("py::") for name in worker.wait_event()["ids"])

    eventually(heard, 20, every=1, what="functions are heard")
    engine.kill()
    while not worker.events.empty():
        worker.wait_event()
    engine.start()
    eventually(heard, 60, every=1, what="functions are heard again")


def test_log_is_heard_from_a_level_on(engine, sdk, swift):
    worker, python = swift(engine.url), sdk("newest", engine.url)
    worker.do("watch", kind="log")
    eventually(lambda: [row for row in python.trigger("engine::registered-triggers::list", {"include_internal": True})["registered_triggers"]
                        if row["trigger_type"] == "log"], 10, what="the binding")
    python.trigger("engine::log::info", {"message": "not this one"})
    python.trigger("engine::log::warn", {"message": "this one"})
    event = worker.wait_event(10)
    assert (event["event"], event["body"], event["severity"]) == ("log", "this one", 13)


QUESTIONS = {"engine::functions::list": {"kind": "functions"}, "engine::workers::list": {"kind": "workers"},
             "engine::triggers::list": {"kind": "trigger_types"}, "engine::registered-triggers::list": {"kind": "triggers"}}


def test_questions_are_those_of_the_recordings(proxy, swift):
    recorded = {}
    for path in (ROOT / "Tests/Fixtures/recorded").glob("*/*/discovery.jsonl"):
        for message in map(json.loads, path.read_text().splitlines()):
            frame = json.loads(message["text"]) if message.get("dir") == "w2e" and message["path"] == "/" and "text" in message else {}
            if frame.get("function_id", "") in {*QUESTIONS, "engine::functions::info"}:
                recorded[frame["function_id"]] = frame
    assert len(recorded) == 5
    worker = swift(proxy.url)
    for question in QUESTIONS.values():
        worker.do("list", **question)
    with pytest.raises(SteeredError):
        worker.do("info", kind="functions", of="disc::f")
    said = {frame.get("function_id"): frame for frame in map(json.loads, proxy.wait_connection(1).to_engine)}
    for function_id, theirs in recorded.items():
        ours = said[function_id]
        assert ours["data"] == theirs["data"]
        # The default namespace is said by the SDKs also where nothing else could be meant: docs/engine-frames.md.
        assert set(theirs) - set(ours) <= {"namespace"} and set(ours) <= set(theirs)
