"""What the release daemon takes."""
import time
from pathlib import Path

import pytest

from harness.programs import Daemon, release_folder

pytestmark = pytest.mark.alone

#: Resident memory of the idle release daemon, in kilobytes.
IDLE = 20_000


@pytest.fixture
def release(place, engine):
    folder = release_folder()
    if not (folder / "iiid").exists():
        pytest.skip(f"no release build in {folder}")
    return Daemon(place, engine.url, folder=folder)


def test_idle_memory(release, record_property):
    resident = release.resident()
    record_property("idle_kilobytes", resident)
    print(f"idle: {resident} kB resident, {release.descriptors()} descriptors")
    assert resident <= IDLE


def test_idle_daemon_does_nothing(release):
    def ticks():
        fields = Path(f"/proc/{release.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        return int(fields[11]) + int(fields[12])

    before = ticks()
    time.sleep(3)  # the time itself is what is measured
    assert ticks() - before <= 2, "more than 20 ms of processor time in 3 s of idleness"


def test_memory_after_many_calls(release):
    release.worker({"many::f": lambda params: params["payload"]}, max_in_flight=64)
    client = release.client()

    def calls(count):
        ids = [client.request("trigger", {"function_id": "many::f", "payload": n}) for n in range(count)]
        for id in ids:
            client.result(id, 20)

    for _ in range(10):
        calls(50)
    before, descriptors = release.resident(), release.descriptors()
    for _ in range(60):
        calls(50)
    assert release.resident() <= before * 1.05 + 256, (before, release.resident())
    assert release.descriptors() == descriptors


def test_one_thread_and_the_pool(release):
    threads = len(list(Path(f"/proc/{release.pid}/task").iterdir()))
    assert threads <= 1 + 4, "more threads than the loop and libuv's pool of four"
