"""The daemon's life as systemd sees it."""
import time

from harness.place import eventually

#: A daemon that waits for a file before it begins.
WAITS = """[Service]
ExecStart=
ExecStart=/bin/sh -c 'until [ -e /run/iiid-test/go ]; do sleep 0.05; done; exec {}'
"""


def test_start_waits_until_ready(machine, drop_in):
    drop_in(WAITS.format(machine.command))
    machine.systemctl("stop", "iiid.service")
    starting = machine.start("systemctl", "start", "iiid.service")
    machine.wait_for("iiid.service", ActiveState="activating", SubState="start")
    assert starting.poll() is None
    machine.write("/run/iiid-test/go", "")
    assert starting.wait(30) == 0
    assert machine.show("iiid.service", "ActiveState") == "active"


def test_start_without_ready_fails(machine, drop_in):
    drop_in(WAITS.format(machine.command) + "TimeoutStartSec=1s\nRestart=no\n")
    machine.systemctl("stop", "iiid.service", "iiid.socket")
    assert machine.systemctl("start", "iiid.service", check=False).returncode != 0
    assert machine.show("iiid.service", "Result") == "timeout"


def test_connection_starts_the_daemon(machine):
    machine.systemctl("stop", "iiid.service")
    assert machine.call("ping")
    machine.wait_for("iiid.service", ActiveState="active")


def test_status_text_follows_the_engine(machine):
    machine.wait_for("iiid.service", StatusText="Connected to ws://127.0.0.1:49134/, 0 functions")
    worker = machine.worker({"t::f": lambda params: None})
    machine.wait_for("iiid.service", StatusText="Connected to ws://127.0.0.1:49134/, 1 functions")
    assert 'Status: "Connected to ws://127.0.0.1:49134' in machine.systemctl("status", "iiid.service").stdout
    machine.systemctl("stop", "engine.service")
    eventually(lambda: machine.show("iiid.service", "StatusText").startswith("Waiting for the engine at ws://127.0.0.1:49134/: "), 30)
    worker.close()


def test_crash_is_followed_by_a_start(machine):
    before = machine.show("iiid.service", "MainPID", "NRestarts")
    machine.systemctl("kill", "--kill-who=main", "--signal=ABRT", "iiid.service")
    # Who connects meanwhile waits for the next daemon.
    assert machine.call("ping")
    machine.wait_for("iiid.service", ActiveState="active", NRestarts=str(int(before["NRestarts"]) + 1))
    assert machine.show("iiid.service", "MainPID") != before["MainPID"]
    assert any("result 'signal'" in m or "result 'core-dump'" in m for m in machine.messages("iiid.service"))


def test_watchdog_ends_a_loop_that_stands_still(machine, drop_in):
    drop_in("[Service]\nWatchdogSec=2s\nTimeoutAbortSec=1s\n")
    machine.systemctl("restart", "iiid.service")
    since, before = machine.cursor(), int(machine.show("iiid.service", "NRestarts"))
    machine.systemctl("kill", "--kill-who=main", "--signal=STOP", "iiid.service")
    machine.wait_for("iiid.service", ActiveState="active", NRestarts=str(before + 1))
    assert any("Failed with result 'watchdog'" in m for m in machine.messages("iiid.service", since))
    assert machine.call("ping")


def test_watchdog_leaves_a_busy_loop_alone(machine, drop_in):
    drop_in("[Service]\nWatchdogSec=2s\n")
    machine.systemctl("restart", "iiid.service")
    before = machine.show("iiid.service", "MainPID")
    end, client = time.monotonic() + 4, machine.client()
    while time.monotonic() < end:
        client.call("ping")
    client.close()
    assert machine.show("iiid.service", "MainPID") == before


def test_journal_has_priority_and_identity(machine):
    since = machine.cursor()
    machine.systemctl("restart", "iiid.service")
    entries = [e for e in machine.journal("iiid.service", since=since) if e.get("_COMM") == "iiid"]
    serving = next(e for e in entries if " serves " in e["MESSAGE"])
    assert (serving["PRIORITY"], serving["SYSLOG_IDENTIFIER"]) == ("5", "iiid")
    assert serving["_UID"] == machine.output("id", "--user", "iiid")
    assert not any(e["MESSAGE"].startswith("<") for e in entries)


def test_stop_is_success_and_takes_the_socket_along_when_told(machine):
    machine.systemctl("stop", "iiid.service", "iiid.socket")
    assert machine.show("iiid.service", "Result", "ExecMainStatus") == {"Result": "success", "ExecMainStatus": "0"}
    assert not machine.path("/run/iiid/iiid.sock").exists()
    machine.systemctl("start", "iiid.service")
    assert machine.call("ping")
