"""One daemon per trust domain: iiid@lab beside iiid."""
import pytest

from conftest import ENGINE_PORT, wait_connected
from test_access import knock


@pytest.fixture
def lab(machine):
    machine.run("systemd-sysusers", "-", text='u iiid-lab - "iii sidecar daemon for lab" /var/lib/iiid-lab\nu bob - -\nm bob iiid-lab\n')
    machine.write("/etc/iiid/lab.conf", f"[engine]\nurl = ws://127.0.0.1:{ENGINE_PORT}\nworker_name = lab\n")
    machine.systemctl("enable", "--now", "iiid@lab.socket", "iiid@lab.service")
    wait_connected(machine, "iiid-lab")
    yield machine
    machine.systemctl("disable", "--now", "iiid@lab.socket", "iiid@lab.service")


def test_instance_runs_beside_the_main_daemon(lab):
    assert lab.show("iiid@lab.service", "ActiveState", "User", "Group") == {"ActiveState": "active", "User": "iiid-lab", "Group": "iiid-lab"}
    assert lab.output("stat", "--format=%U:%G %a", "/run/iiid-lab/iiid.sock", "/var/lib/iiid-lab").split("\n") == [
        "root:iiid-lab 660", "iiid-lab:iiid-lab 700"]
    names = {worker["name"] for worker in lab.call("list_workers", {})["workers"]}
    assert "lab" in names, names


def test_members_of_one_are_strangers_to_the_other(lab):
    assert knock(lab, "bob", "/run/iiid-lab").returncode == 0
    assert knock(lab, "bob").stderr.strip() == "Permission denied"
    assert knock(lab, "alice", "/run/iiid-lab").stderr.strip() == "Permission denied"


def test_functions_of_one_are_called_through_the_other(lab):
    worker = lab.worker({"lab::f": lambda params: "from the lab"}, name="iiid-lab")
    assert lab.call("trigger", {"function_id": "lab::f"}) == "from the lab"
    worker.close()


def test_instance_reloads_and_restarts_alone(lab):
    before = lab.show("iiid.service", "MainPID")
    lab.write("/etc/iiid/lab.conf.d/50-limit.conf", "[limits]\nconnections = 300\n")
    lab.systemctl("reload", "iiid@lab.service")
    assert lab.call("hello", name="iiid-lab")["limits"]["connections"] == 300
    assert lab.call("hello")["limits"]["connections"] == 512
    lab.systemctl("restart", "iiid@lab.service")
    assert lab.call("ping", name="iiid-lab")
    assert lab.show("iiid.service", "MainPID") == before
    lab.remove("/etc/iiid/lab.conf.d/50-limit.conf")
