"""The SDK in Swift and the real Python SDK on an engine that behaves like 0.13: no tokens, no namespaces, no rejections."""
import pytest

from harness.place import eventually
from harness.programs import Engine
from harness.sdk import VERSIONS
from harness.steered import SteeredError


@pytest.fixture
def old_engine(place):
    return Engine(place, "--compat", "0.13", "--test-hooks", "--queue", "memory")


@pytest.fixture(params=[(one, other) for version in VERSIONS for one, other in (("swift", version), (version, "swift"))],
                ids=lambda pair: f"{pair[0]} calls {pair[1]}")
def ends(request, old_engine, sdk, swift):
    def start(kind, name):
        return swift(old_engine.url, name) if kind == "swift" else sdk(kind, old_engine.url, name)

    return start(request.param[0], "caller"), start(request.param[1], "worker")


def test_calls_of_every_kind(ends):
    caller, worker = ends
    worker.register("f::echo", description="gives back")
    worker.register("f::fail", "fail")
    row = caller.wait_row("f::echo")
    assert "namespace" not in row and row["description"] == "gives back"
    caller.wait_row("f::fail")
    assert caller.trigger("f::echo", {"n": 1})["n"] == 1
    worker.wait_invoked()
    with pytest.raises(SteeredError) as caught:
        caller.trigger("f::fail", {})
    assert caught.value.message == "no such luck"
    worker.wait_invoked()
    caller.trigger("f::echo", {"n": 2}, action={"type": "void"})
    assert worker.wait_invoked()[1]["n"] == 2
    receipt = caller.trigger("f::echo", {"n": 3}, action={"type": "enqueue", "queue": "jobs"})
    assert receipt["messageReceiptId"]
    assert worker.wait_invoked()[1]["n"] == 3
    with pytest.raises(SteeredError) as caught:
        caller.trigger("no::such", {})
    assert (caught.value.code, caught.value.message) == ("function_not_found", "Function no::such not found")


def test_function_is_confirmed_one_by_one(old_engine, swift):
    worker = swift(old_engine.url)
    for name in ("f::one", "f::two"):
        worker.register(name)
        assert worker.do("registration", function_id=name) == {"state": "active"}


def test_last_one_has_a_function(old_engine, sdk, swift):
    first, second = swift(old_engine.url, "first"), sdk("newest", old_engine.url, "second")
    first.register("f::both", "value", value="first")
    second.wait_row("f::both")
    second.register("f::both", "value", value="second")
    eventually(lambda: second.trigger("f::both", {}) == "second", 10, what="the second one answers")
    assert first.trigger("f::both", {}) == "second"


@pytest.mark.timeout(120)
def test_functions_come_back_after_the_engines_death(old_engine, ends):
    caller, worker = ends
    worker.register("f::echo")
    caller.wait_row("f::echo")
    old_engine.kill()
    old_engine.start()
    caller.wait_row("f::echo")
    assert caller.trigger("f::echo", {"n": 1})["n"] == 1
