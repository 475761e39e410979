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


def test_halt_drains(machine):
    """A call in flight when the machine goes down has its outcome."""
    worker = machine.worker({"t::f": lambda params: params["payload"]})
    client = machine.client()
    assert client.trigger("t::f", 1) == 1
    machine.halt()
    worker.close()
    client.close()
    machine.boot()
    journal = machine.output("journalctl", "--no-pager", "--boot=-1", "--unit=iiid.service", check=False)
    assert machine.call("ping"), journal
