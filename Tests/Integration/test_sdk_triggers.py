"""Trigger types and triggers between the SDK in Swift and the real Python SDK, on the development engine."""
import pytest

from harness.place import eventually
from harness.programs import Engine
from harness.sdk import VERSIONS
from harness.steered import SteeredError

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


def wait_all_registered(provider, count):
    """As many triggers that waited for the provider, each exactly once, by what `n` in their configuration is.

    The Python SDKs send a type before they keep its handler, and lose a trigger that comes in between. Registered again, they are
    asked for all of them again: so theirs may come twice.
    """
    if provider.kind != "swift":
        provider.do("provide", id="webhook")
    found = {}
    while len(found) < count:
        event = wait_registered(provider)
        assert provider.kind != "swift" or event["config"]["n"] not in found, "once"
        found[event["config"]["n"]] = event
    return found


def wait_unregistered(provider, trigger):
    """The older Python SDK is not told; ours hands over what the trigger was registered with."""
    if provider.kind == "0.13.0":
        return
    event = provider.wait_event()
    assert (event["event"], event["id"]) == ("unregistered", trigger["id"]), event
    if provider.kind == "swift":
        assert {**event, "event": "registered"} == trigger


def fires(provider, binder, trigger, number):
    provider.do("fire", id=trigger["id"], payload={"fired": number})
    function, data = binder.wait_invoked()
    assert (function, data["fired"]) == ("bound::f", number)


def test_bind_fire_and_unbind(pair):
    provider, binder = pair
    provider.do("provide", id="webhook", description="Incoming webhooks")
    members = {"trigger_type": "webhook", "function_id": "bound::f", "config": {"path": "/hook"}, "metadata": {"src": "a"}}
    bound = binder.do("bind", **members)
    trigger = wait_registered(provider, **members)
    fires(provider, binder, trigger, 1)
    fires(provider, binder, trigger, 2)
    assert [row["id"] for row in rows(binder, "triggers") if row["id"] == "webhook"] == ["webhook"]
    assert [row["id"] for row in rows(binder, "registered-triggers")] == [trigger["id"]]
    binder.do("unbind", id=bound)
    wait_unregistered(provider, trigger)
    eventually(lambda: not rows(binder, "registered-triggers"), what="the binding is gone")


def test_a_refusal_reaches_the_binder(pair):
    provider, binder = pair
    provider.do("provide", id="strict")
    bound = binder.do("bind", trigger_type="strict", function_id="bound::f", config={"refuse": "bad path"})
    wait_registered(provider, config={"refuse": "bad path"})
    if binder.kind == "swift":
        assert binder.wait_event() == {
            "event": "refused", "id": bound, "code": "trigger_registration_failed", "message": "bad path"}
    elif binder.kind == "newest":
        log = binder.process.log_path
        eventually(lambda: "bad path" in log.read_text(errors="replace"), what="the SDK's line about the refusal")
    # One that is refused does not stand in the way of one that is not.
    binder.do("bind", trigger_type="strict", function_id="bound::f", config={})
    fires(provider, binder, wait_registered(provider, config={}), 1)


def test_a_binding_waits_for_its_provider(pair):
    provider, binder = pair
    binder.do("bind", trigger_type="webhook", function_id="bound::f", config={"n": 1})
    removed = binder.do("bind", trigger_type="webhook", function_id="bound::f", config={"n": 2})
    binder.do("bind", trigger_type="webhook", function_id="bound::f", config={"n": 3})
    eventually(lambda: len(rows(binder, "registered-triggers")) == 3, what="three bindings wait")
    binder.do("unbind", id=removed)
    eventually(lambda: len(rows(binder, "registered-triggers")) == 2, what="one was taken back")
    provider.do("provide", id="webhook")
    found = wait_all_registered(provider, 2)
    assert sorted(found) == [1, 3], "one that was taken back stays so"
    for number, trigger in found.items():
        fires(provider, binder, trigger, number)
    if binder.kind == "swift":
        assert binder.events.empty(), "waiting is no error"


def test_a_provider_that_was_killed_is_asked_again(pair, program):
    provider, binder = pair
    provider.do("provide", id="webhook")
    binder.do("bind", trigger_type="webhook", function_id="bound::f", config={"n": 1})
    trigger = wait_registered(provider)
    provider.kill()
    eventually(lambda: not [row for row in rows(binder, "triggers") if row["id"] == "webhook"], what="the type is gone")
    again = program(provider.kind, "provider")
    again.kind = provider.kind
    again.do("provide", id="webhook")
    assert wait_all_registered(again, 1) == {1: trigger}
    fires(again, binder, trigger, 1)
    assert again.kind != "swift" or again.events.empty(), "exactly once"


def test_a_provider_hears_of_a_binder_that_was_killed(pair):
    provider, binder = pair
    provider.do("provide", id="webhook")
    binder.do("bind", trigger_type="webhook", function_id="bound::f", config={"n": 1})
    trigger = wait_registered(provider)
    binder.kill()
    wait_unregistered(provider, trigger)
    eventually(lambda: not rows(provider, "registered-triggers"), what="the binding is gone")


def test_an_engine_that_was_killed_gets_everything_again(pair, engine):
    provider, binder = pair
    provider.do("provide", id="webhook")
    binder.do("bind", trigger_type="webhook", function_id="bound::f", config={"n": 1}, metadata={"m": 1})
    trigger = wait_registered(provider)
    engine.kill()
    engine.start()
    if provider.kind == "swift":
        # What the handler has is ended first, so that it never has a trigger twice.
        assert provider.wait_event(30)["event"] == "unregistered"
    assert provider.wait_event(30) == trigger
    fires(provider, binder, trigger, 1)
    assert [row["id"] for row in rows(provider, "registered-triggers")] == [trigger["id"]], "once"


def test_a_binding_of_nobody(pair):
    """`engine::register_trigger` waits for the provider, and the binding outlives who asked for it."""
    provider, binder = pair
    provider.do("provide", id="webhook")
    target = {"trigger_type": "webhook", "function_id": "bound::f"}
    id = binder.trigger("engine::register_trigger", {**target, "config": {"n": 1}})["id"]
    trigger = wait_registered(provider, id=id, config={"n": 1})
    fires(provider, binder, trigger, 1)
    with pytest.raises(SteeredError) as caught:
        binder.trigger("engine::register_trigger", {**target, "config": {"refuse": "bad path"}})
    assert caught.value.code == "trigger_registration_failed" and "bad path" in caught.value.message
    wait_registered(provider, config={"refuse": "bad path"})
    binder.kill()
    eventually(lambda: not [row for row in provider.trigger("engine::functions::list", {})["functions"] if row["function_id"] == "bound::f"],
               what="the binder is gone")
    assert [row["id"] for row in rows(provider, "registered-triggers")] == [id]
    assert provider.trigger("engine::unregister_trigger", {"id": id})["removed"] is True
    wait_unregistered(provider, trigger)


@pytest.mark.parametrize("kinds", [("swift", "0.13.0"), ("0.13.0", "swift"), ("swift", "swift")], ids=" ".join)
def test_an_engine_0_13(place, sdk, swift, kinds):
    """It forgets what has no provider yet, and tells nobody of a refusal; the rest is the same."""
    engine = Engine(place, "--compat", "0.13", "--test-hooks")
    provider, binder = (swift(engine.url, name) if kind == "swift" else sdk(kind, engine.url, name)
                        for kind, name in zip(kinds, ("provider", "binder")))
    provider.kind = kinds[0]
    binder.register("bound::f", "nothing")
    provider.do("provide", id="webhook")
    # The answer says that the registration before it was applied.
    provider.trigger("engine::baggage::get", {"key": "k"})
    bound = binder.do("bind", trigger_type="webhook", function_id="bound::f", config={"n": 1}, metadata={"m": 1})
    trigger = wait_registered(provider, config={"n": 1}, metadata={"m": 1})
    fires(provider, binder, trigger, 1)
    binder.do("unbind", id=bound)
    wait_unregistered(provider, trigger)


# What only the SDK in Swift does.


def test_a_provider_may_bind_itself(swift, engine):
    worker = swift(engine.url)
    worker.kind = "swift"
    worker.register("bound::f", "nothing")
    worker.do("provide", id="own")
    bound = worker.do("bind", trigger_type="own", function_id="bound::f", config=[1, None], metadata="text")
    trigger = wait_registered(worker, id=bound, config=[1, None], metadata="text")
    fires(worker, worker, trigger, 1)
    assert worker.do("call", id=bound) is None


def test_a_code_of_ones_own(swift, engine):
    provider, binder = swift(engine.url, "provider"), swift(engine.url, "binder")
    provider.do("provide", id="strict")
    bound = binder.do("bind", trigger_type="strict", function_id="f", config={"refuse": "full", "code": "NO_ROOM"})
    assert binder.wait_event() == {"event": "refused", "id": bound, "code": "NO_ROOM", "message": "full"}


def test_a_type_that_is_taken_back(swift, engine):
    provider, binder = swift(engine.url, "provider"), swift(engine.url, "binder")
    provider.kind = "swift"
    provider.do("provide", id="webhook")
    binder.do("bind", trigger_type="webhook", function_id="f")
    trigger = wait_registered(provider)
    provider.do("withdraw", id="webhook")
    wait_unregistered(provider, trigger)
    provider.do("provide", id="webhook")
    assert wait_registered(provider) == trigger, "provided again, it gets what waits"


def test_what_went_while_the_engine_was_away_is_ended(swift, engine):
    provider, binder = swift(engine.url, "provider"), swift(engine.url, "binder")
    provider.kind = "swift"
    provider.do("provide", id="webhook")
    binder.do("bind", trigger_type="webhook", function_id="f", config={"n": 1})
    trigger = wait_registered(provider)
    engine.kill()
    binder.kill()
    engine.start()
    wait_unregistered(provider, trigger)
    assert provider.events.empty()


def test_the_engines_own_types(swift, engine):
    worker = swift(engine.url)
    worker.register("on::workers", "nothing")
    worker.do("bind", trigger_type="engine::workers-available", function_id="on::workers", config={})
    eventually(lambda: rows(worker, "registered-triggers"), what="the binding is there")
    swift(engine.url, "another")
    events = [worker.wait_invoked()[1] for _ in range(2)]
    assert {event["event"] for event in events} == {"worker_connected", "worker_metadata_updated"}
