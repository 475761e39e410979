"""Restarts under load: no connection is refused, and no call is without an outcome."""
from conftest import start_engine, wait_connected
from harness.place import eventually
from load import Load

SOCKET = "/run/iiid/iiid.sock"


def test_restart_under_load_loses_nothing(machine):
    load = Load(machine.path(SOCKET))
    for _ in range(4):
        load.more_results()
        machine.systemctl("restart", "iiid.service")
    load.more_results()
    print(dict(load.end()))


def test_crash_under_load_refuses_nobody(machine):
    """What was in flight is lost with the daemon, and its callers see their connection end; nobody is refused, nobody hangs."""
    load = Load(machine.path(SOCKET))
    load.more_results()
    machine.systemctl("kill", "--kill-who=main", "--signal=KILL", "iiid.service")
    load.more_results(tolerant=True)
    load.ended.set()
    lost = [fault for fault in load.faults if "no outcome" in fault]
    # One call at most of each program.
    assert len(lost) <= 12, lost
    load.faults = [fault for fault in load.faults if fault not in lost]
    print(dict(load.end()), f"{len(lost)} lost with the daemon")


def test_durable_call_outlives_the_daemon(machine):
    """Taken to the disk while the engine is away, the daemon killed, and handed over when both are back."""
    machine.systemctl("stop", "engine.service")
    eventually(lambda: machine.call("status")["state"] != "ready", 30)
    taken = machine.call("trigger", {"function_id": "kept::f", "payload": 7, "action": {"type": "void"}, "durability": "disk"})
    assert taken["accepted"] and taken["outbox_id"]
    assert machine.output("stat", "--format=%U:%G %a", "/var/lib/iiid/outbox.db") == "iiid:iiid 600"
    machine.systemctl("kill", "--kill-who=main", "--signal=KILL", "iiid.service")
    assert machine.call("status")["outbox"]["entries"] == 1
    start_engine(machine)
    wait_connected(machine)
    eventually(lambda: machine.call("status")["outbox"]["delivered"] == 1, 60, what="a delivered call")
    assert machine.call("status")["outbox"]["entries"] == 0
