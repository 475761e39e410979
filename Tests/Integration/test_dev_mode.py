"""iiid serve --dev: a development engine as a child, for as long as the daemon lives."""
import os
import signal
from pathlib import Path

import pytest

from harness.place import eventually
from harness.programs import Daemon
from harness.scripted_engine import free_port
from harness.sdk import VERSIONS


def children(pid):
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if int((entry / "stat").read_text().rsplit(") ", 1)[1].split()[1]) == pid:
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


@pytest.fixture
def dev(place):
    port = free_port()
    iiid = Daemon(place, None, "--dev", "--dev-port", str(port))
    iiid.url = f"ws://127.0.0.1:{port}"
    return iiid


def test_engine_is_a_child_and_is_announced(dev):
    [child] = children(dev.pid)
    assert os.readlink(f"/proc/{child}/exe").endswith("/iii-dev-engine")
    assert dev.url in dev.log()
    assert "development" in dev.log().lower()


@pytest.mark.parametrize("version", VERSIONS)
def test_other_sdks_can_join(dev, sdk, version):
    dev.worker({"local::f": lambda params: "served"})
    assert sdk(version, dev.url).trigger("local::f", {}) == "served"


def test_engine_gets_no_secret(place):
    iiid = Daemon(place, None, "--dev", "--dev-port", str(free_port()), env={"III_TOKEN": "s3cret"})
    [child] = children(iiid.pid)
    assert b"s3cret" not in Path(f"/proc/{child}/environ").read_bytes()
    assert b"s3cret" not in Path(f"/proc/{child}/cmdline").read_bytes()


def test_engine_that_dies_is_restarted(dev):
    client = dev.client()
    client.register("again::f")
    [child] = children(dev.pid)
    os.kill(child, signal.SIGKILL)
    again = eventually(lambda: [c for c in children(dev.pid) if c != child], 20, what="another engine")
    dev.wait_connected(30)
    eventually(lambda: dev.status()["functions"]["active"] == 1)
    id = client.request("trigger", {"function_id": "again::f"})
    client.reply(client.invoke(), 1)
    assert client.result(id) == 1
    assert len(again) == 1


def test_engine_ends_with_the_daemon(dev):
    [child] = children(dev.pid)
    dev.terminate()
    assert dev.wait() == 0
    eventually(lambda: not Path(f"/proc/{child}").exists(), 5, what="the engine ended")


def test_engine_ends_with_a_killed_daemon(dev):
    [child] = children(dev.pid)
    dev.process.kill()
    dev.process.wait()
    eventually(lambda: not Path(f"/proc/{child}").exists(), 10, what="the engine ended")
