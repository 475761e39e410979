"""The SDKs behind access rules: who is refused what, on the listener of the development engine that has rules."""
import pytest

from harness.place import eventually
from harness.programs import ROOT, Engine
from harness.sdk import VERSIONS
from harness.steered import SteeredError

#: Who is under the rules, and who serves the functions beside them.
PAIRS = [("swift", version) for version in VERSIONS] + [(version, "swift") for version in VERSIONS]
pairs = pytest.mark.parametrize("guest, host", PAIRS)


@pytest.fixture
def ruled(place):
    return Engine(place, "--test-hooks", "--queue", "memory", "--config", ROOT / "Tests/Fixtures/access/listeners.json")


@pytest.fixture
def program(sdk, swift):
    def start(kind, url, name):
        return swift(url, name) if kind == "swift" else sdk(kind, url, name)

    return start


@pytest.fixture
def visit(ruled, program, guest, host):
    """visit(session): a host without rules that also decides on sessions, and a guest with this one."""

    def start(**session):
        serving = program(host, ruled.url, "host")
        serving.register("test::auth", "value", value=session)
        serving.register("test::public::echo")
        serving.register("test::secret::echo")

        def known():
            rows = serving.trigger("engine::functions::list", {"prefix": "test::"})["functions"]
            return len(rows) == 3

        eventually(known, 10, what="the host's functions")
        return serving, program(guest, ruled.also[0], "guest")

    return start


def refusal(program, *arguments, **more):
    with pytest.raises(SteeredError) as caught:
        program.trigger(*arguments, **more)
    return caught.value


@pairs
def test_forbidden_call_is_an_error_with_that_code(visit):
    _, guest = visit()
    error = refusal(guest, "test::secret::echo", {"n": 1})
    assert error.code == "FORBIDDEN"
    assert error.message == "function 'test::secret::echo' not allowed (add to rbac.expose_functions)"
    # Said before it is looked whether there is such a function.
    assert refusal(guest, "test::no-such", {}).code == "FORBIDDEN"
    assert guest.trigger("test::public::echo", {"n": 2})["n"] == 2


@pairs
def test_what_the_session_allows_and_forbids_counts_first(visit):
    _, guest = visit(allowed_functions=["test::secret::echo"], forbidden_functions=["test::public::echo"])
    assert guest.trigger("test::secret::echo", {"n": 1})["n"] == 1
    error = refusal(guest, "test::public::echo", {})
    assert (error.code, "rbac.forbidden_functions" in error.message) == ("FORBIDDEN", True)


@pairs
def test_prefix_is_seen_by_others_only(visit, guest):
    serving, visitor = visit(function_registration_prefix="guests")
    visitor.register("f::echo")

    def answer():
        try:
            return serving.trigger("guests::f::echo", {"n": 1})
        except SteeredError as error:
            assert error.code == "function_not_found"

    assert eventually(answer, 10, what="the guest's function under its prefix")["n"] == 1
    assert visitor.wait_invoked()[0] == "f::echo", "the worker knows its function by its own name"
    assert refusal(serving, "f::echo", {}).code == "function_not_found"


@pytest.mark.parametrize("guest, host", [("swift", "newest")])
def test_registration_that_was_refused_without_a_word_is_told(visit):
    serving, guest = visit(allow_function_registration=False)
    guest.register("test::public::mine")
    state = guest.do("registration", function_id="test::public::mine")
    assert state["state"] == "rejected", state
    assert refusal(serving, "test::public::mine", {}).code == "function_not_found"


@pairs
def test_discovery_shows_what_may_be_called(visit):
    _, guest = visit()
    rows = guest.trigger("engine::functions::list", {"prefix": "test::"})["functions"]
    assert [row["function_id"] for row in rows] == ["test::public::echo"]


@pytest.mark.parametrize("guest, host", [("swift", "newest")])
def test_trigger_of_a_forbidden_function_is_refused_aloud(visit):
    serving, guest = visit()
    serving.do("provide", id="webhook")
    bound = guest.do("bind", trigger_type="webhook", function_id="test::secret::echo")
    event = guest.wait_event()
    assert (event["event"], event["id"], event["code"]) == ("refused", bound, "FORBIDDEN")
    assert serving.events.empty(), "its provider hears nothing"


@pytest.mark.parametrize("guest, host", [("swift", "newest")])
def test_trigger_of_a_function_with_a_prefix_fires(visit):
    serving, guest = visit(function_registration_prefix="guests", allowed_functions=["guests::f::echo"])
    serving.do("provide", id="webhook")
    guest.register("f::echo")
    guest.do("bind", trigger_type="webhook", function_id="f::echo")
    trigger = serving.wait_event()
    assert trigger["function_id"] == "guests::f::echo"
    serving.do("fire", id=trigger["id"], payload={"n": 1})
    assert guest.wait_invoked()[0] == "f::echo"
