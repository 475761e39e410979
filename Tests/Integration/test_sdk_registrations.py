"""Registrations of the SDK in Swift beside those of the real Python SDK, member by member, and what typed functions take."""
import json

import pytest

from harness.place import eventually
from harness.proxy import RecordingProxy
from harness.sdk import VERSIONS
from harness.steered import SteeredError

TREE = {"name": "request", "type": "object", "description": "what to reserve", "required": True, "body": [
    {"name": "ids", "type": "array", "items": {"name": "id", "type": "string"}}, {"name": "rest", "type": "map"}]}
#: Each form of a registration, as it is asked for.
FORMS = {
    "plain": {"behaviour": "nothing"},
    "described": {"behaviour": "nothing", "description": "d \u00fc \"q\"", "metadata": {"team": "a", "n": None, "big": 2**53 + 1}},
    "schemas": {"behaviour": "nothing", "request_format": {"type": "object", "properties": {"a": {"type": "string"}}}, "response_format": {"type": "null"}},
    "trees": {"behaviour": "nothing", "request_format": TREE, "response_format": {"name": "done", "type": "null"}},
}


@pytest.fixture
def recorded(place, engine):
    """A proxy to the engine, and the registrations that went through it."""
    proxy = RecordingProxy(engine.url)
    place.on_end(proxy.close)

    def registrations():
        frames = [json.loads(text) for connection in proxy.connections for text in connection.to_engine]
        return {frame["id"]: frame for frame in frames if frame["type"] == "registerfunction"}

    return proxy, registrations


@pytest.mark.parametrize("version", VERSIONS)
def test_registrations_are_those_of_the_python_sdk(recorded, sdk, swift, version):
    proxy, registrations = recorded
    python, worker = sdk(version, proxy.url), swift(proxy.url)
    for name, form in FORMS.items():
        python.do("register", function_id=f"python {name}", **form)
        worker.do("register", function_id=f"swift {name}", **form)
    eventually(lambda: len(registrations()) == 2 * len(FORMS))
    frames = registrations()
    for name in FORMS:
        ours, theirs = frames[f"swift {name}"], frames[f"python {name}"]
        # The only difference: Python derives a schema from the handler's types where none is given.
        derived = {member for member in ("request_format", "response_format") if member not in FORMS[name]}
        theirs = {member: value for member, value in theirs.items() if member not in derived}
        assert {**ours, "id": ""} == {**theirs, "id": ""}


@pytest.mark.parametrize("version", VERSIONS)
def test_an_http_function_is_not_invokable_here(recorded, engine, swift, sdk, version):
    proxy, _ = recorded
    worker, python = swift(proxy.url), sdk(version, proxy.url, "python")
    for program in (worker, python):
        name = "swift" if program is worker else "python"
        program.do("register_http", function_id=f"{name}::remote", invocation={"url": "https://x.example/f"})
    invocation = {"type": "invokefunction", "invocation_id": "0b0e7c3e-0000-4000-8000-00000000000%d", "data": {}}
    answers = {}
    for number, name in enumerate(("swift", "python")):
        connection = eventually(lambda: next((c for c in proxy.connections if f"{name}::remote" in c.registered()), None))
        frame = {**invocation, "invocation_id": invocation["invocation_id"] % number, "function_id": f"{name}::remote"}
        connection.down.send(json.dumps(frame))

        def answer():
            found = [json.loads(text) for text in connection.to_engine if frame["invocation_id"] in text]
            return found and found[0]

        answers[name] = eventually(answer)
    assert answers["swift"]["error"] == answers["python"]["error"]
    assert answers["swift"]["error"]["code"] == "function_not_invokable"


@pytest.mark.parametrize("version", VERSIONS)
def test_arguments_and_results(engine, sdk, swift, version):
    python, worker = sdk(version, engine.url), swift(engine.url)
    worker.register("swift::typed", "typed")
    worker.register("swift::caller", "caller")
    worker.register("swift::echo")
    worker.register("swift::nothing", "nothing")
    # Registrations are applied in order: with the last one all are there.
    assert worker.do("registration", function_id="swift::nothing") == {"state": "active"}
    # The engine adds the caller to an object; a dictionary does not see it.
    assert python.trigger("swift::typed", {"a": 1, "b": 2**40}) == 2**40 + 1
    assert len(python.trigger("swift::caller", {})["caller"]) == 36
    for value in (0.1, 1.0, -5e-324, 2**64 - 1, -2**63, "\u0000\u00fc\U0001f600\"\\/", [None, {"": []}], True, None):
        assert python.trigger("swift::echo", [value]) == [value]
    assert python.trigger("swift::nothing", {}) is None
    with pytest.raises(SteeredError) as caught:
        python.trigger("swift::typed", {"a": "one"})
    assert caught.value.code == "invocation_failed"
    assert caught.value.message == "a number is expected, not a string, at a"
