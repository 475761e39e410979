"""The SDK in Swift against the real Python SDK, on the development engine: calls in both directions."""
import pytest

from harness.sdk import VERSIONS
from harness.steered import SteeredError


@pytest.mark.parametrize("version", VERSIONS)
def test_calls_in_both_directions(engine, sdk, swift, version):
    python, worker = sdk(version, engine.url), swift(engine.url)
    python.register("python::echo")
    worker.register("swift::echo")
    worker.register("swift::fail", "fail")
    for function_id in ("python::echo", "swift::echo", "swift::fail"):
        worker.wait_row(function_id)
    assert worker.trigger("python::echo", {"to": "python"})["to"] == "python"
    assert python.trigger("swift::echo", {"to": "swift"})["to"] == "swift"
    with pytest.raises(SteeredError) as caught:
        python.trigger("swift::fail", {})
    assert (caught.value.code, caught.value.message) == ("NO_LUCK", "no such luck")
