"""The development engine in its 0.13 mode: the real Python SDK, oldest and newest, the daemon and the Swift SDK on it."""
import json

import pytest

from harness.place import eventually
from harness.programs import Engine
from harness.sdk import VERSIONS
from harness.steered import SteeredError

versions = pytest.mark.parametrize("version", VERSIONS)


@pytest.fixture
def old(place):
    return Engine(place, "--compat", "0.13", "--queue", "memory", "--test-hooks")


def plain(data):
    return {k: v for k, v in data.items() if k != "_caller_worker_id"}


@versions
def test_calls_errors_void_and_enqueue(old, sdk, version):
    worker, caller = sdk(version, old.url, "w"), sdk(version, old.url, "c")
    worker.register("f::echo")
    worker.register("f::fail", "fail")
    caller.wait_row("f::fail")
    assert plain(caller.trigger("f::echo", {"n": 1})) == {"n": 1}
    worker.wait_invoked()
    with pytest.raises(SteeredError) as caught:
        caller.trigger("f::fail", {})
    assert caught.value.code == "invocation_failed" and "no such luck" in caught.value.message
    worker.wait_invoked()
    with pytest.raises(SteeredError) as caught:
        caller.trigger("no::such", {})
    assert (caught.value.code, caught.value.message) == ("function_not_found", "Function no::such not found")
    assert caller.trigger("f::echo", {"n": 2}, action={"type": "void"}) is None
    assert plain(worker.wait_invoked()[1]) == {"n": 2}
    assert caller.trigger("f::echo", {"n": 3}, action={"type": "enqueue", "queue": "jobs"})["messageReceiptId"]
    assert plain(worker.wait_invoked()[1]) == {"n": 3}


@versions
def test_triggers(old, sdk, version):
    provider, binder = sdk(version, old.url, "p"), sdk(version, old.url, "b")
    provider.finish(provider.begin("provide", id="t"))
    binder.register("b::f")

    def provided():
        return any(row["id"] == "t" for row in binder.trigger("engine::triggers::list", {})["triggers"])

    eventually(provided, 10, what="the type at the engine")
    binder.finish(binder.begin("bind", trigger_type="t", function_id="b::f", config={"k": 1}))
    event = provider.events.get(timeout=10)
    assert (event["event"], event["function_id"], event["config"]) == ("registered", "b::f", {"k": 1})
    provider.finish(provider.begin("fire", id=event["id"], payload={"fired": 1}))
    assert binder.wait_invoked()[1]["fired"] == 1


@versions
def test_discovery(old, sdk, version):
    worker = sdk(version, old.url, "w")
    worker.register("f::echo")
    assert set(worker.wait_row("f::echo")) <= {"function_id", "worker_name", "description"}
    info = worker.trigger("engine::functions::info", {"function_id": "f::echo"})
    assert info["worker_name"] == "w" and "namespace" not in info
    row = next(row for row in worker.trigger("engine::workers::list", {})["workers"] if row["name"] == "w")
    assert row["status"] == "connected" and "namespace" not in row


@versions
def test_reconnect(old, sdk, version):
    worker = sdk(version, old.url, "w")
    worker.register("f::echo")
    worker.wait_row("f::echo")
    old.kill()
    old.start()

    def answers():
        try:
            return worker.trigger("f::echo", {"n": 1}, timeout_ms=1000)
        except SteeredError:
            return None

    assert eventually(answers, 30, what="the function after the engine's restart")["n"] == 1


@versions
def test_last_registration_wins(old, sdk, version):
    first, second = sdk(version, old.url, "same"), sdk(version, old.url, "same")
    first.register("f::which", "nothing")
    first.wait_row("f::which")
    second.register("f::which")
    eventually(lambda: first.trigger("f::which", {"n": 1}) is not None, 10, what="the later owner's answer")
    assert second.wait_invoked()[0] == "f::which"


def test_observing_ends_as_unsupported(engine, old, sdk):
    for place in (engine, old):
        newest = sdk("newest", place.url)
        newest.register("f::echo")
        assert newest.finish(newest.begin("observe", source={"function_id": "f::echo"}, target="f::echo")) == "UNSUPPORTED"
        assert plain(newest.trigger("f::echo", {"n": 1})) == {"n": 1}


def test_daemon(daemon, old, sdk):
    iiid = daemon(old.url)
    local = iiid.client()
    local.register("local::f")
    eventually(lambda: iiid.status()["functions"]["active"] == 1, 10, what="the registration confirmed")
    python = sdk("0.13.0", old.url)
    python.register("python::echo")
    python.wait_row("python::echo")
    assert plain(local.trigger("python::echo", {"n": 1})) == {"n": 1}
    assert local.error_of("trigger", {"function_id": "no::such", "payload": {}}).code == "function_not_found"
    assert local.trigger("local::f", {"n": 2}, action={"type": "enqueue", "queue": "jobs"})["messageReceiptId"]
    invoke = local.invoke()
    assert plain(invoke["params"]["payload"]) == {"n": 2}
    local.reply(invoke, None)
    rows = local.call("list_functions")["functions"]
    assert {"local::f", "python::echo"} <= {row["function_id"] for row in rows}

    old.kill()
    iiid.wait_away()
    old.start()
    iiid.wait_connected(40)
    eventually(lambda: iiid.status()["functions"]["active"] == 1, 10, what="the registration confirmed again")
    number = python.begin("trigger", request={"function_id": "local::f", "payload": {"n": 3}, "timeout_ms": 30_000})
    invoke = local.invoke(35)
    local.reply(invoke, "back")
    assert python.finish(number, 35) == "back"


def test_swift_worker(old, swift, sdk):
    worker = swift(old.url)
    worker.register("swift::echo")
    assert worker.do("registration", function_id="swift::echo")["state"] == "active"
    python = sdk("0.13.0", old.url)
    python.wait_row("swift::echo")
    assert plain(python.trigger("swift::echo", {"n": 1})) == {"n": 1}
    with pytest.raises(SteeredError) as caught:
        worker.trigger("no::such", {})
    assert caught.value.code == "function_not_found"
    assert worker.trigger("swift::echo", {"n": 2}, action={"type": "enqueue", "queue": "jobs"})
    old.kill()
    old.start()

    def answers():
        try:
            return worker.trigger("swift::echo", {"n": 3}, timeout_ms=1000)
        except SteeredError:
            return None

    assert eventually(answers, 30, what="the function after the engine's restart")["n"] == 3


def test_daemon_starts_such_an_engine(place, daemon):
    rules = place.dir / "rules.json"
    rules.write_text(json.dumps({"listeners": [{"port": 0, "rbac": {}}]}))
    iiid = daemon(None, "--dev", "--dev-port", "0", "--dev-compat", "0.13", "--dev-config", rules)
    error = iiid.client().error_of("trigger", {"function_id": "no::such", "payload": {}})
    assert error.message == "function_not_found: Function no::such not found"
    eventually(lambda: "development engine also on ws://127.0.0.1:" in iiid.log(), 5, what="the further listener in the log")


def test_wrong_configuration_ends_the_start(place, daemon):
    rules = place.dir / "rules.json"
    rules.write_text('{"listeners": [{"port": 0, "rbca": {}}]}')
    iiid = daemon(None, "--dev", "--dev-port", "0", "--dev-config", rules, ready=False)
    assert iiid.wait() == 69
    assert f"--config: {rules}: listeners[0].rbca: is unknown; leave it out, or give one of port, host" in iiid.log()
