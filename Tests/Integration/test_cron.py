"""The trigger type cron, by the clock on the wall."""
import datetime
import time

import pytest

from harness.engine_peer import FunctionPeer
from harness.place import eventually


@pytest.fixture
def worker(place, engine):
    return FunctionPeer(place, engine, "w")


def test_fires_every_second_at_its_beginning(worker):
    fired = []
    worker.serve("tick", lambda data: fired.append((time.time(), data)))
    binding = worker.bind("cron", "tick", {"expression": "* * * * * *"}, metadata={"m": 1})

    def late(data):
        return (datetime.datetime.fromisoformat(data["actual_time"]) - datetime.datetime.fromisoformat(data["scheduled_time"])).total_seconds()

    def in_time():
        """Three ticks in a row: a machine that is busy for a second makes one late, and the next one is left out."""
        for three in zip(fired, fired[1:], fired[2:]):
            times = [datetime.datetime.fromisoformat(data["scheduled_time"]) for _, data in three]
            if [(b - a).total_seconds() for a, b in zip(times, times[1:])] == [1, 1] and all(late(data) < 0.9 for _, data in three):
                return True
        return False

    eventually(in_time, 30, what="three ticks in a row")
    for arrived, data in fired:
        scheduled = datetime.datetime.fromisoformat(data["scheduled_time"])
        assert data["trigger"] == "cron" and data["job_id"] == binding and scheduled.utcoffset() == datetime.timedelta(0)
        assert late(data) >= 0 and arrived >= scheduled.timestamp()
    assert worker.invocations[0]["metadata"] == {"m": 1}


def test_runs_do_not_overlap(worker):
    running, most = [], []

    def slow(data):
        running.append(data)
        most.append(len(running))
        time.sleep(1.3)
        running.pop()

    worker.serve("slow", slow)
    worker.bind("cron", "slow", {"expression": "* * * * * *"})
    eventually(lambda: len(most) >= 3, 15, what="three runs")
    assert max(most) == 1


@pytest.mark.parametrize("config, part", [({"expression": "* * * * *"}, "it has 5 fields"), ({"expression": "61 * * * * *"}, "seconds: '61'"),
                                          ({"expression": "0 0 0 * * 0"}, "days of week: '0'"), ({}, "expression"), (None, "expression")])
def test_bad_expression_is_refused_at_once(worker, config, part):
    worker.serve("tick", lambda _: None)
    worker.bind("cron", "tick", config)
    [refusal] = worker.refusals
    assert refusal["error"]["code"] == "trigger_registration_failed" and part in refusal["error"]["message"]


@pytest.mark.parametrize("version", ["0.13.0", "newest"])
def test_real_sdk_binds(engine, sdk, version):
    """The SDK's own register_trigger, with the configuration of the recordings."""
    python = sdk(version, engine.url)
    python.register("tick::f", "nothing")
    python.do("bind", trigger_type="cron", function_id="tick::f", config={"expression": "* * * * * *"})
    function_id, data = python.wait_invoked()
    assert function_id == "tick::f" and data["trigger"] == "cron"


def test_swift_sdk_binds(engine, swift):
    worker = swift(engine.url)
    worker.register("tick::f", "nothing")
    worker.do("bind", trigger_type="cron", function_id="tick::f", config={"expression": "* * * * * *"})
    function_id, data = worker.wait_invoked()
    assert function_id == "tick::f" and data["trigger"] == "cron"
