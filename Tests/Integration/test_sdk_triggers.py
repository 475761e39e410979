"""Trigger types and triggers between the SDK in Swift and the real Python SDK, on the development engine."""
import pytest

from harness.place import eventually
from harness.sdk import VERSIONS

#: Which end is which; the older Python SDK is not told of triggers that end, nor of refusals.
PAIRS = [("swift", version) for version in VERSIONS] + [(version, "swift") for version in VERSIONS] + [("swift", "swift")]


@pytest.fixture
def program(engine, sdk, swift):
    """Starts a program of one of the SDKs: program(kind, name)."""

    def start(kind, name):
        return swift(engine.url, name) if kind == "swift" else sdk(kind, engine.url, name)

    return start


@pytest.fixture(params=PAIRS, ids=lambda pair: f"{pair[0]} provides, {pair[1]} binds")
def pair(request, program):
    """A provider and a binder with a function `bound::f`, and their kinds."""
    provider, binder = program(request.param[0], "provider"), program(request.param[1], "binder")
    provider.kind, binder.kind = request.param
    binder.register("bound::f", "nothing")
    return provider, binder


def wait_registered(provider, **expected):
    """The next trigger that the provider is asked to serve."""
    event = provider.wait_event()
    assert event["event"] == "registered", event
    assert {name: event[name] for name in expected} == expected
    return event


def rows(program, what):
    answer = program.trigger(f"engine::{what}::list", {})
    return answer["triggers" if what == "triggers" else "registered_triggers"]


def test_bind_fire_and_unbind(pair):
    provider, binder = pair
    provider.do("provide", id="webhook", description="Incoming webhooks")
    binder.do("bind", trigger_type="webhook", function_id="bound::f", config={"path": "/hook"}, metadata={"src": "a"})
    trigger = wait_registered(
        provider, trigger_type="webhook", function_id="bound::f", config={"path": "/hook"}, metadata={"src": "a"})
    provider.do("fire", id=trigger["id"], payload={"fired": 1})
    function, data = binder.wait_invoked()
    assert function == "bound::f" and data["fired"] == 1
    assert [row["id"] for row in rows(binder, "triggers") if row["id"] == "webhook"] == ["webhook"]
    assert [row["id"] for row in rows(binder, "registered-triggers")] == [trigger["id"]]
