"""The real Python SDK, oldest and newest, beside iiid on a development engine: as worker and as caller."""
import json

import pytest

from harness.local_client import LocalError
from harness.place import eventually
from harness.sdk import VERSIONS, SDKError

pytestmark = pytest.mark.parametrize("version", VERSIONS)

#: Python SDKs before 0.25 lose their connection on any message over 1 MiB.
HALF_MEGABYTE = 500_000


def known(iiid, function_id):
    client = iiid.client()
    eventually(lambda: function_id in json.dumps(client.call("list_functions")), 10, what=f"{function_id} at the engine")


def plain(data):
    """Without the member that the engine adds to objects."""
    return {k: v for k, v in data.items() if k != "_caller_worker_id"}


def test_local_function_called_from_python(iiid, engine, sdk, version):
    iiid.worker({"local::add": lambda params: {"sum": params["payload"]["a"] + params["payload"]["b"]}})
    assert sdk(version, engine.url).trigger("local::add", {"a": 2, "b": 3}) == {"sum": 5}


# Not None: the SDK leaves the member out then, and a real engine drops such a frame.
@pytest.mark.parametrize("payload", [True, 5, 2.5, "text é😀", [1, [2]], {"a": {"b": None}}], ids=lambda p: type(p).__name__)
def test_payload_kinds_from_python(iiid, engine, sdk, version, payload):
    iiid.worker({"local::echo": lambda params: {"got": plain(params["payload"]) if isinstance(params["payload"], dict) else params["payload"]}})
    assert sdk(version, engine.url).trigger("local::echo", payload) == {"got": payload}


def test_python_function_called_from_a_local_program(iiid, engine, sdk, version):
    worker = sdk(version, engine.url)
    worker.register("python::echo")
    known(iiid, "python::echo")
    client = iiid.client()
    assert plain(client.trigger("python::echo", {"text": "é😀", "n": 1})) == {"text": "é😀", "n": 1}
    worker.register("python::nothing", "nothing")
    known(iiid, "python::nothing")
    assert client.trigger("python::nothing", {}) is None


def test_python_error_has_code_message_and_stacktrace(iiid, engine, sdk, version):
    worker = sdk(version, engine.url)
    worker.register("python::fail", "fail")
    known(iiid, "python::fail")
    error = iiid.client().error_of("trigger", {"function_id": "python::fail", "payload": {}})
    assert (error.number, error.code) == (-32000, "invocation_failed")
    assert "no such luck" in error.message
    assert "ValueError" in error.data["stacktrace"]
    assert error.data["source"] in ("worker", "engine")
    assert error.data["function_id"] == "python::fail"


def test_local_error_reaches_python_with_code_message_and_stacktrace(iiid, engine, sdk, version):
    worker = iiid.client()
    worker.register("local::fail")
    caller = sdk(version, engine.url)
    number = caller.begin("trigger", request={"function_id": "local::fail", "payload": {}})
    worker.fail(worker.invoke(), code="OUT_OF_STOCK", message="none left", data={"stacktrace": "line 1\nline 2"})
    with pytest.raises(SDKError) as caught:
        caller.finish(number)
    assert (caught.value.code, caught.value.message) == ("OUT_OF_STOCK", "none left")
    assert caught.value.stacktrace == "line 1\nline 2"


def test_function_not_found_from_python(iiid, engine, sdk, version):
    with pytest.raises(SDKError) as caught:
        sdk(version, engine.url).trigger("no::such", {})
    assert caught.value.code == "function_not_found"


def test_void_both_ways(iiid, engine, sdk, version):
    local = iiid.client()
    local.register("local::void")
    python = sdk(version, engine.url)
    python.register("python::void")
    known(iiid, "python::void")
    assert python.trigger("local::void", {"n": 1}, action={"type": "void"}) is None
    invoke = local.invoke()
    assert plain(invoke["params"]["payload"]) == {"n": 1}
    local.reply(invoke, None)
    assert local.trigger("python::void", {"n": 2}, action={"type": "void"})["accepted"] is True
    function_id, data = python.wait_invoked()
    assert (function_id, plain(data)) == ("python::void", {"n": 2})


def test_enqueue_both_ways(iiid, engine, sdk, version):
    local = iiid.client()
    local.register("local::job")
    python = sdk(version, engine.url)
    python.register("python::job")
    known(iiid, "python::job")
    assert python.trigger("local::job", {"n": 1}, action={"type": "enqueue", "queue": "jobs"})["messageReceiptId"]
    invoke = local.invoke()
    assert plain(invoke["params"]["payload"]) == {"n": 1}
    local.reply(invoke, None)
    assert local.trigger("python::job", {"n": 2}, action={"type": "enqueue", "queue": "jobs"})["messageReceiptId"]
    assert plain(python.wait_invoked()[1]) == {"n": 2}


def test_timeout_both_ways(iiid, engine, sdk, version):
    local = iiid.client()
    local.register("local::never")
    python = sdk(version, engine.url)
    python.register("python::slow", "slow")
    known(iiid, "python::slow")
    with pytest.raises(SDKError) as caught:
        python.trigger("local::never", {}, timeout_ms=300)
    assert caught.value.code == "TIMEOUT"
    error = local.error_of("trigger", {"function_id": "python::slow", "payload": {"seconds": 1}, "timeout_ms": 300})
    assert error.code == "TIMEOUT"
    assert local.trigger("python::slow", {"seconds": 0.1})["slept"] == 0.1


def test_half_a_megabyte_both_ways(iiid, engine, sdk, version):
    iiid.worker({"local::size": lambda params: {"size": len(params["payload"]["text"])},
                 "local::large": lambda params: {"text": "y" * params["payload"]["size"]}})
    python = sdk(version, engine.url)
    python.register("python::size", "size")
    python.register("python::large", "large")
    known(iiid, "python::large")
    text = "x" * HALF_MEGABYTE
    assert python.trigger("local::size", {"text": text}) == {"size": HALF_MEGABYTE}
    assert python.trigger("local::large", {"size": HALF_MEGABYTE}) == {"text": "y" * HALF_MEGABYTE}
    client = iiid.client()
    assert client.trigger("python::size", {"text": text}) == {"size": HALF_MEGABYTE}
    assert client.trigger("python::large", {"size": HALF_MEGABYTE}) == {"text": "x" * HALF_MEGABYTE}


def test_nested_calls_between_python_and_shell(iiid, engine, sdk, version):
    local = iiid.client()
    local.register("local::outer")
    python = sdk(version, engine.url)
    python.register("python::inner")
    known(iiid, "python::inner")
    number = python.begin("trigger", request={"function_id": "local::outer", "payload": {"n": 1}})
    invoke = local.invoke()
    inner = local.trigger("python::inner", {"n": 2})
    local.reply(invoke, {"inner": plain(inner)})
    assert python.finish(number) == {"inner": {"n": 2}}


def test_many_calls_at_once(iiid, engine, sdk, version):
    iiid.worker({"local::echo": lambda params: {"n": params["payload"]["n"]}}, max_in_flight=16, queue_limit=100)
    python = sdk(version, engine.url)
    numbers = [python.begin("trigger", request={"function_id": "local::echo", "payload": {"n": n}}) for n in range(100)]
    assert [python.finish(number)["n"] for number in numbers] == list(range(100))


@pytest.mark.timeout(120)
def test_engine_killed_and_restarted_under_all_of_them(iiid, engine, sdk, version):
    local = iiid.client()
    local.register("local::f")
    python = sdk(version, engine.url)
    python.register("python::f")
    python.register("python::slow", "slow")
    known(iiid, "python::slow")
    client = iiid.client()
    in_flight = client.request("trigger", {"function_id": "python::slow", "payload": {"seconds": 2}, "timeout_ms": 30000})
    python.wait_invoked()
    engine.kill()
    # Long before its timeout, and with what has happened.
    error = LocalError(client.response(in_flight)["error"])
    assert (error.number, error.code, error.data["outcome"]) == (-32002, "NOT_CONNECTED", "unknown")
    assert client.error_of("trigger", {"function_id": "python::f", "payload": {}}).code == "NOT_CONNECTED"
    engine.start()
    iiid.wait_connected(40)

    def both():
        text = json.dumps(client.call("list_functions"))
        return "local::f" in text and "python::f" in text

    eventually(both, 40, what="functions back by themselves")
    number = python.begin("trigger", request={"function_id": "local::f", "payload": {"n": 1}})
    local.reply(local.invoke(20), "back")
    assert python.finish(number) == "back"
    assert plain(client.trigger("python::f", {"n": 2})) == {"n": 2}
