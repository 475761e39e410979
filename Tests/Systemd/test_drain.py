"""A stop with work in flight."""
import threading
import time

import pytest

from conftest import wait_connected
from harness.local_client import LocalError
from harness.place import eventually


#: With the call of `work`: systemd has sent its signal before it says so, and the daemon may not have got it.
DRAINING = {"ActiveState": "deactivating", "StatusText": "Draining: 1 calls and 1 invocations in flight"}


@pytest.fixture
def work(machine):
    """A function whose calls wait until the test lets them go."""

    class Work:
        def __init__(self):
            self.go = threading.Event()
            self.worker = machine.worker({"slow::work": self.handle})
            self.client = machine.client()

        def handle(self, params):
            assert self.go.wait(90)
            return {"done": params["payload"]}

        def call(self, payload):
            request = self.client.request("trigger", {"function_id": "slow::work", "payload": payload})
            eventually(lambda: len(self.worker.invoked) == 1, 30)
            return request

    work = Work()
    yield work
    work.go.set()
    work.client.close()
    work.worker.close()


def test_stop_lets_the_call_in_flight_finish(machine, work, drop_in):
    """Longer than TimeoutStopSec= allows: the daemon asks for more time as long as it drains."""
    drop_in("[Service]\nTimeoutStopSec=2s\n")
    request = work.call(7)
    stopping = machine.start("systemctl", "stop", "iiid.service")
    machine.wait_for("iiid.service", **DRAINING)
    # A fact about time: past the limit, and still there.
    time.sleep(4)
    assert machine.show("iiid.service", "ActiveState") == "deactivating" and stopping.poll() is None
    work.go.set()
    assert work.client.result(request, 30) == {"done": 7}
    assert stopping.wait(30) == 0
    assert machine.show("iiid.service", "Result", "ExecMainCode", "ExecMainStatus") == {
        "Result": "success", "ExecMainCode": "1", "ExecMainStatus": "0"}


def test_who_connects_during_the_drain_is_served_by_the_next_daemon(machine, work):
    request = work.call(1)
    before = machine.show("iiid.service", "MainPID")
    restarting = machine.start("systemctl", "restart", "iiid.service")
    machine.wait_for("iiid.service", **DRAINING)
    refused = work.client.error_of("trigger", {"function_id": "slow::work"})
    assert (refused.code, refused.data["retryable"]) == ("SHUTTING_DOWN", True)
    newcomer = machine.client()
    waiting = newcomer.request("ping")
    work.go.set()
    assert work.client.result(request, 30) == {"done": 1}
    assert newcomer.result(waiting, 30)
    assert restarting.wait(30) == 0
    assert machine.show("iiid.service", "MainPID") != before
    newcomer.close()


def test_drain_ends_at_its_deadline(machine, work, drop_in):
    """A handler that never answers holds nobody up for ever, and its caller is told."""
    drop_in(f"[Service]\nExecStart=\nExecStart={machine.command} --drain-timeout-ms 1000\n")
    machine.systemctl("restart", "iiid.service")
    wait_connected(machine)
    work.client.close()
    work.worker.close()
    work.__init__()
    request = work.call(1)
    machine.systemctl("stop", "iiid.service")
    with pytest.raises(LocalError) as failure:
        work.client.result(request, 30)
    assert failure.value.code in ("SHUTTING_DOWN", "invocation_stopped")
    assert machine.show("iiid.service", "Result") == "success"
