"""The README's worker in Swift, beside the daemon on the same engine."""
import re

import pytest

from harness.local_client import LocalError
from harness.place import eventually
from harness.programs import ROOT, build_folder


def upper(client, payload):
    return client.call("trigger", {"function_id": "swift::upper", "payload": payload, "timeout_ms": 5000})


def answers(client):
    try:
        return upper(client, {"text": "grün"}) == {"text": "GRÜN"}
    except LocalError:
        return False


def test_worker(iiid, engine, place):
    client = iiid.client()
    worker = place.start("example-worker", [build_folder() / "example-worker"], env=place.environment(III_URL=engine.url))
    eventually(lambda: answers(client), 10, what="swift::upper answers")
    rows = client.call("list_functions")["functions"]
    row = next(row for row in rows if row["function_id"] == "swift::upper")
    assert re.fullmatch(r".+:%d" % worker.pid, row["worker_name"]), row
    with pytest.raises(LocalError) as refused:
        upper(client, {"text": 7})
    assert refused.value.code == "BAD_REQUEST" and "a text is needed" in str(refused.value)

    engine.kill()
    engine.start()
    eventually(lambda: answers(client), 15, what="swift::upper answers again after the engine's death")
    assert worker.poll() is None

    worker.terminate()
    worker.wait(5)


def test_the_readme_shows_it():
    code = (ROOT / "examples/swift/Worker.swift").read_text().split("\n", 1)[1]
    assert f"```swift\n{code}```" in (ROOT / "README.md").read_text()
