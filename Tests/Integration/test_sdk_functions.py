"""Functions and calls between the SDK in Swift and the real Python SDK, on the development engine, in both directions."""
import json

import pytest

from harness.place import eventually
from harness.sdk import VERSIONS
from harness.steered import SteeredError

#: Who calls, and whose function it is.
DIRECTIONS = [("swift", version) for version in VERSIONS] + [(version, "swift") for version in VERSIONS]
#: Where both ends know metadata and namespaces, which the older Python SDK does not.
NEW_DIRECTIONS = [("swift", "newest"), ("newest", "swift"), ("swift", "swift")]
#: Python SDKs before 0.25 lose their connection on any message over 1 MiB.
LARGE = {"0.13.0": 500_000, "newest": 8_000_000}


@pytest.fixture
def program(engine, sdk, swift):
    """Starts a program of one of the SDKs: program(kind, name, III_NAMESPACE=…)."""

    def start(kind, name, **environment):
        return swift(engine.url, name, **environment) if kind == "swift" else sdk(kind, engine.url, name, **environment)

    return start


def serve(worker, caller, function_id, behaviour="echo", **members):
    """Registers a function of the worker, and waits until the caller can call it."""
    worker.register(function_id, behaviour, **members)

    def known():
        rows = caller.trigger("engine::functions::list", {"prefix": function_id})["functions"]
        return any(row["function_id"] == function_id for row in rows)

    eventually(known, 10, what=f"{function_id} at the engine")


def plain(data):
    """Without the member that the engine adds to objects."""
    return {k: v for k, v in data.items() if k != "_caller_worker_id"} if isinstance(data, dict) else data


@pytest.fixture
def ends(program, caller, worker):
    return program(caller, "caller"), program(worker, "worker")


both_directions = pytest.mark.parametrize("caller, worker", DIRECTIONS)
new_directions = pytest.mark.parametrize("caller, worker", NEW_DIRECTIONS)


@both_directions
def test_values_cross_as_they_are(ends):
    caller, worker = ends
    serve(worker, caller, "f::echo")
    # Not null from Python: the older SDK leaves the member out then, and an engine drops such a frame.
    for value in [True, 0, -5, 2.5, "text é😀", [1, [2, None]], {"a": {"b": None}, "n": 2**53}]:
        assert plain(caller.trigger("f::echo", value)) == value


@both_directions
def test_nothing_is_a_result(ends):
    caller, worker = ends
    serve(worker, caller, "f::nothing", "nothing")
    assert caller.trigger("f::nothing", {}) is None


@both_directions
def test_error_has_code_message_and_stack(ends, worker):
    caller, served = ends
    serve(served, caller, "f::fail", "fail")
    with pytest.raises(SteeredError) as caught:
        caller.trigger("f::fail", {})
    assert caught.value.message == "no such luck"
    if worker == "swift":
        assert caught.value.code == "NO_LUCK", "an InvocationError keeps its code"
        serve(served, caller, "f::throw", "throw")
        with pytest.raises(SteeredError) as caught:
            caller.trigger("f::throw", {})
        assert caught.value.code == "invocation_failed" and "no such luck" in caught.value.message
        assert caught.value.stacktrace, "a thrown error has a stack"
    else:
        assert caught.value.code == "invocation_failed"
        assert "ValueError" in caught.value.stacktrace


@both_directions
def test_unknown_function_is_an_error(ends):
    with pytest.raises(SteeredError) as caught:
        ends[0].trigger("no::such", {})
    assert caught.value.code == "function_not_found"


@both_directions
def test_void_call_arrives_and_returns_nothing(ends):
    caller, worker = ends
    serve(worker, caller, "f::void")
    assert caller.trigger("f::void", {"n": 1}, action={"type": "void"}) is None
    function_id, data = worker.wait_invoked()
    assert (function_id, plain(data)) == ("f::void", {"n": 1})


@both_directions
def test_enqueued_call_has_a_receipt_and_arrives(ends):
    caller, worker = ends
    serve(worker, caller, "f::job")
    receipt = caller.trigger("f::job", {"n": 1}, action={"type": "enqueue", "queue": "jobs"})
    assert isinstance(receipt["messageReceiptId"], str) and receipt["messageReceiptId"]
    assert plain(worker.wait_invoked()[1]) == {"n": 1}


@pytest.mark.parametrize("caller", ["swift", *VERSIONS])
def test_enqueueing_without_a_queue_is_an_error(place, sdk, swift, caller):
    from harness.programs import Engine

    engine = Engine(place, "--queue", "none")
    end = swift(engine.url) if caller == "swift" else sdk(caller, engine.url)
    with pytest.raises(SteeredError) as caught:
        end.trigger("f::job", {}, action={"type": "enqueue", "queue": "jobs"})
    assert caught.value.code == "enqueue_error"


@both_directions
def test_timeout_ends_the_call_and_the_next_one_works(ends):
    caller, worker = ends
    serve(worker, caller, "f::slow", "slow")
    with pytest.raises(SteeredError) as caught:
        caller.trigger("f::slow", {"seconds": 1}, timeout_ms=200)
    assert caught.value.code == "TIMEOUT"
    assert caller.trigger("f::slow", {"seconds": 0})["slept"] == 0


@both_directions
def test_many_calls_at_once(ends):
    caller, worker = ends
    serve(worker, caller, "f::echo")
    numbers = [caller.begin("trigger", request={"function_id": "f::echo", "payload": {"n": n}}) for n in range(100)]
    assert [caller.finish(number)["n"] for number in numbers] == list(range(100))


@both_directions
def test_large_messages(ends, caller, worker):
    calling, serving = ends
    size = min(LARGE.get(caller, LARGE["newest"]), LARGE.get(worker, LARGE["newest"]))
    serve(serving, calling, "f::size", "size")
    serve(serving, calling, "f::large", "large")
    assert calling.trigger("f::size", {"text": "x" * size}) == {"size": size}
    assert calling.trigger("f::large", {"size": size}) == {"text": "x" * size}


@new_directions
def test_metadata_reaches_the_handler(ends):
    caller, worker = ends
    serve(worker, caller, "f::echo")
    caller.trigger("f::echo", {"n": 1}, metadata={"tenant": "t1", "deep": [1, {"a": None}]})
    worker.wait_invoked()
    assert worker.metadata["f::echo"] == {"tenant": "t1", "deep": [1, {"a": None}]}
    caller.trigger("f::echo", {"n": 2})
    worker.wait_invoked()
    assert worker.metadata["f::echo"] is None


@new_directions
def test_namespaces_keep_functions_apart(program, caller, worker):
    calling, serving = program(caller, "caller"), program(worker, "worker", III_NAMESPACE="shop")
    serving.register("f::echo")

    def listed():
        rows = calling.trigger("engine::functions::list", {"prefix": "f::"})["functions"]
        return [row["namespace"] for row in rows] == ["shop"]

    eventually(listed, 10, what="f::echo in shop")
    assert plain(calling.trigger("f::echo", {"n": 1}, namespace="shop")) == {"n": 1}
    with pytest.raises(SteeredError) as caught:
        calling.trigger("f::echo", {"n": 1})
    assert caught.value.code == "function_not_found"
    # A worker's own calls go to its own namespace, those of the engine's functions to the default one.
    assert plain(serving.trigger("f::echo", {"n": 2})) == {"n": 2}
    assert serving.trigger("engine::functions::list", {"prefix": "f::"})["functions"]


@new_directions
def test_registering_in_another_workers_place_is_rejected_with_its_owner(program, caller, worker):
    """The newcomer (`caller`) loses; the owner goes on."""
    newcomer, owner = program(caller, "newcomer"), program(worker, "owner")
    serve(owner, newcomer, "f::echo")
    newcomer.register("f::echo", "nothing")
    if caller == "swift":
        state = newcomer.do("registration", function_id="f::echo")
        assert state["state"] == "rejected" and state["code"] == "FUNCTION_NAMESPACE_CONFLICT", state
        rows = newcomer.trigger("engine::workers::list", {})["workers"]
        assert state["owner"] == next(row["id"] for row in rows if row["name"] == "owner")
    assert plain(newcomer.trigger("f::echo", {"n": 1})) == {"n": 1}


@both_directions
def test_unregistered_function_is_gone(ends):
    caller, worker = ends
    serve(worker, caller, "f::echo")
    worker.do("unregister", function_id="f::echo")

    def gone():
        try:
            caller.trigger("f::echo", {})
        except SteeredError as error:
            return error.code == "function_not_found"

    eventually(gone, 10, what="f::echo is gone")


FORMAT = {"type": "object", "properties": {"a": {"type": "number"}}, "required": ["a"]}


@both_directions
def test_description_formats_and_metadata_are_shown_to_others(ends):
    caller, worker = ends
    answer = {"type": "object"}
    serve(worker, caller, "f::described", description="Adds", metadata={"team": "a"}, request_format=FORMAT, response_format=answer)
    info = caller.trigger("engine::functions::info", {"function_id": "f::described"})
    assert (info["description"], info["metadata"]) == ("Adds", {"team": "a"})
    assert (info["request_schema"], info["response_schema"]) == (FORMAT, answer)


HTTP = {"url": "https://x.example/f", "method": "PUT", "timeout_ms": 5000, "headers": {"a": "b"}}
AUTH = [None, {"type": "bearer", "token_key": "TOKEN"}, {"type": "api_key", "header": "x-key", "value_key": "KEY"},
        {"type": "hmac", "secret_key": "SECRET"}]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("auth", AUTH, ids=lambda auth: auth["type"] if auth else "none")
def test_http_functions_are_registered_by_the_same_frame(proxy, sdk, swift, version, auth):
    def frame(number, end):
        end.do("register_http", function_id="f::http", invocation={**HTTP, **({"auth": auth} if auth else {})})
        said = proxy.wait_connection(number).to_engine
        return eventually(lambda: next((f for f in map(json.loads, said) if f["type"] == "registerfunction"), None))

    theirs = frame(1, sdk(version, proxy.url, "python"))
    ours = frame(2, swift(proxy.url, "swift"))
    assert ours == theirs
    assert ours["invocation"]["url"] == "https://x.example/f"
