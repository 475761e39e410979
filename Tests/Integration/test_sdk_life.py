"""The life of a worker in Swift beside the real Python SDK's: connection states, the engine's death, the end."""
import time

import pytest

from harness.place import eventually
from harness.sdk import VERSIONS
from harness.steered import SteeredError


def state(program):
    return program.do("state")


def wait_state(program, wanted, seconds=30):
    """The states that were told until `wanted`, each once."""
    seen = []
    while not seen or seen[-1] != wanted:
        event = program.wait_event(seconds)
        assert event["event"] == "state", event
        seen.append(event["state"])
    return seen


@pytest.mark.timeout(120)
def test_states_across_the_death_of_the_engine_are_those_of_python(engine, sdk, swift):
    programs = [sdk("newest", engine.url, "python"), swift(engine.url, "swift")]
    for program in programs:
        program.do("watch_states")
        assert program.wait_event() == {"event": "state", "state": "connected"}, "the present state comes first"
    engine.kill()
    for program in programs:
        assert wait_state(program, "reconnecting") == ["disconnected", "reconnecting"]
    engine.start()
    for program in programs:
        seen = wait_state(program, "connected")
        assert set(seen[:-1]) <= {"connecting", "reconnecting"}, seen
        assert state(program) == "connected"


@pytest.mark.timeout(120)
@pytest.mark.parametrize("version", VERSIONS)
def test_functions_come_back_by_themselves_after_the_engines_death(engine, sdk, swift, version):
    python, worker = sdk(version, engine.url), swift(engine.url)
    python.register("python::f")
    worker.register("swift::f")
    worker.wait_row("python::f")
    for _ in range(2):
        engine.kill()
        engine.start()
        worker.wait_row("python::f")
        worker.wait_row("swift::f")
        assert worker.trigger("python::f", {"n": 1})["n"] == 1
        assert python.trigger("swift::f", {"n": 2})["n"] == 2
        rows = worker.trigger("engine::functions::list", {"prefix": "swift::"})["functions"]
        assert [row["function_id"] for row in rows] == ["swift::f"], "registered once"


@pytest.mark.timeout(120)
@pytest.mark.parametrize("version", VERSIONS)
def test_call_that_waits_for_a_worker_which_dies_is_told(engine, sdk, swift, version):
    for ends in ((sdk(version, engine.url, "python"), swift(engine.url, "swift")), (swift(engine.url, "caller"), sdk(version, engine.url, "served"))):
        caller, worker = ends
        worker.register("f::slow", "slow")
        caller.wait_row("f::slow")
        number = caller.begin("trigger", request={"function_id": "f::slow", "payload": {"seconds": 30}, "timeout_ms": 20_000})
        worker.wait_invoked()
        worker.kill()
        with pytest.raises(SteeredError) as caught:
            caller.finish(number, 10)
        assert caught.value.code == "invocation_stopped"
        for end in ends:
            end.close()


@pytest.mark.timeout(120)
def test_calls_without_a_connection_wait_for_the_next_one(engine, sdk, swift):
    """Void, enqueued and answered calls; each arrives once. The older Python SDK loses some, so this one is ours."""
    worker, caller = sdk("newest", engine.url, "worker"), swift(engine.url, "caller")
    worker.register("f::echo")
    caller.wait_row("f::echo")
    engine.kill()
    eventually(lambda: state(caller) != "connected", 10, what="the loss is noticed")
    answered = caller.begin("trigger", request={"function_id": "engine::baggage::get", "payload": {"key": "x"}, "timeout_ms": 40_000})
    caller.trigger("f::echo", {"n": 1}, action={"type": "void"})
    late = caller.begin("trigger", request={"function_id": "f::echo", "payload": {"n": 2}, "timeout_ms": 100})
    with pytest.raises(SteeredError) as caught:
        caller.finish(late)
    assert caught.value.code == "TIMEOUT"
    engine.start()
    assert caller.finish(answered, 40) == {"value": None}
    caller.wait_row("f::echo")
    caller.trigger("f::echo", {"n": 3})
    # Whether the void call finds its function depends on who comes back first; the timed-out one must never arrive.
    arrived = [worker.wait_invoked()[1]["n"]]
    while arrived[-1] != 3:
        arrived.append(worker.wait_invoked()[1]["n"])
    assert 2 not in arrived and len(set(arrived)) == len(arrived)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("version", VERSIONS)
def test_call_of_either_fails_in_time_without_an_engine(engine, sdk, swift, version):
    programs = [sdk(version, engine.url, "python"), swift(engine.url, "swift")]
    engine.kill()
    for program in programs:
        begun = time.monotonic()
        with pytest.raises(SteeredError) as caught:
            program.trigger("f::echo", {}, timeout_ms=500)
        assert caught.value.code in ("TIMEOUT", "NOT_CONNECTED")
        assert time.monotonic() - begun < 5


@pytest.mark.parametrize("version", VERSIONS)
def test_shutdown_lets_work_in_flight_end_and_takes_the_functions_back(engine, sdk, swift, version):
    python, worker = sdk(version, engine.url), swift(engine.url)
    worker.register("swift::slow", "slow")
    worker.wait_row("swift::slow")
    number = python.begin("trigger", request={"function_id": "swift::slow", "payload": {"seconds": 0.5}})
    worker.wait_invoked()
    worker.do("watch_states")
    worker.do("shutdown")
    assert python.finish(number)["slept"] == 0.5, "a call in flight was cut off"
    with pytest.raises(SteeredError) as caught:
        python.trigger("swift::slow", {"seconds": 0})
    assert caught.value.code == "function_not_found"
    with pytest.raises(SteeredError) as caught:
        worker.trigger("engine::baggage::get", {"key": "x"})
    assert caught.value.code == "SHUTDOWN"
    assert state(worker) == "disconnected"
    seen = [worker.wait_event() for _ in range(3)]
    assert [event.get("state") for event in seen] == ["connected", "disconnected", None], seen
    names = [row["name"] for row in python.trigger("engine::workers::list", {})["workers"]]
    assert "swift" not in names


@pytest.mark.timeout(60)
def test_second_worker_of_a_name_is_refused_for_good(engine, swift, place):
    import subprocess

    from harness.programs import build_folder

    swift(engine.url, "same")
    second = place.start("second", [build_folder() / "swift-worker", engine.url, "same"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    line = second.stdout.readline()
    assert b"WORKER_NAMESPACE_CONFLICT" in line, line
    assert second.wait(10) == 1
