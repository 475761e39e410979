"""What is there after the machine has been halted and started again."""
from test_install import ownership


def test_reboot_starts_daemon_and_socket(machine):
    machine.halt()
    machine.boot()
    assert machine.show("iiid.service", "ActiveState", "SubState") == {"ActiveState": "active", "SubState": "running"}
    assert ownership(machine, "/run/iiid/iiid.sock") == "root:iiid 660"
    assert machine.call("ping")
    # The socket first: whoever is started at boot may connect.
    started = {unit: int(machine.show(unit, "ActiveEnterTimestampMonotonic")) for unit in ("iiid.socket", "iiid.service")}
    assert started["iiid.socket"] < started["iiid.service"]
