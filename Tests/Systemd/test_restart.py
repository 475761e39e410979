"""Restarts under load: no connection is refused, and no call is without an outcome."""
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
