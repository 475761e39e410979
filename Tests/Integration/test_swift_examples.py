"""The programs of examples/swift beside the first one, which test_swift_worker.py has."""
import pytest

from harness.place import eventually
from harness.programs import build_folder
from harness.sdk import VERSIONS, ChannelSDK


@pytest.fixture
def example(place, engine):
    """Starts one of the examples against the engine."""

    def start(name):
        return place.start(name, [build_folder() / name], env=place.environment(III_URL=engine.url))

    return start


def served(caller, function_id):
    rows = lambda: caller.trigger("engine::functions::list", {"prefix": function_id})["functions"]  # noqa: E731
    eventually(rows, 10, what=f"{function_id} at the engine")


@pytest.mark.parametrize("binder", ["swift", *VERSIONS])
def test_provider_calls_a_function_every_so_many_seconds(engine, sdk, swift, example, binder):
    bound = swift(engine.url) if binder == "swift" else sdk(binder, engine.url)
    bound.register("bound::tick", "nothing")
    # First the binding: the engine keeps it until there is a provider.
    trigger = bound.do("bind", trigger_type="interval", function_id="bound::tick", config={"seconds": 0.1})
    example("example-provider")
    for _ in range(2):
        function_id, data = bound.wait_invoked()
        assert (function_id, data["seconds"]) == ("bound::tick", 0.1)
    bound.do("unbind", id=trigger)
    if binder == "swift":
        bound.do("bind", trigger_type="interval", function_id="bound::tick", config={"seconds": -1})
        assert bound.wait_event()["code"] == "BAD_INTERVAL"


def test_provider_comes_back_after_the_engines_death(engine, swift, example):
    bound = swift(engine.url)
    bound.register("bound::tick", "nothing")
    bound.do("bind", trigger_type="interval", function_id="bound::tick", config={"seconds": 0.1})
    example("example-provider")
    bound.wait_invoked()
    engine.kill()
    while not bound.invoked.empty():
        bound.invoked.get()
    engine.start()
    eventually(lambda: bound.do("state") == "connected", 30)
    assert bound.wait_invoked(30)[0] == "bound::tick"


@pytest.mark.parametrize("writer", ["swift", *VERSIONS])
def test_channel_program_counts_lines(place, engine, swift, example, writer):
    worker = swift(engine.url)
    example("example-channel")
    served(worker, "swift::lines")
    refs = worker.do("create_channel", name="c")
    number = worker.begin("trigger", request={"function_id": "swift::lines", "payload": {"text": refs["reader"]}})
    if writer == "swift":
        worker.do("write", name="c", text="one\ntwo\n")
        worker.do("close", name="c")
        assert worker.finish(number) == {"lines": 2, "bytes": 8}
    else:
        path = place.dir / "text"
        path.write_bytes(b"a line\n" * 100_000)
        python = ChannelSDK(place, writer, engine.url, "python")
        served(worker, "python::write")
        python.trigger("python::write", {"writer": refs["writer"], "file": str(path)})
        assert worker.finish(number) == {"lines": 100_000, "bytes": 700_000}
