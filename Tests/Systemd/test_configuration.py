"""A configuration that is bad, that is mended, and that changes while the daemon runs."""
import socket

from harness.place import eventually

BAD = "[engine]\nurl = nonsense\n"
FRAGMENT = "/etc/iiid/iiid.conf.d/50-test.conf"


def test_bad_configuration_fails_at_once_and_is_told(machine):
    machine.systemctl("stop", "iiid.service")
    machine.write(FRAGMENT, BAD)
    assert machine.systemctl("start", "iiid.service", check=False).returncode != 0
    found = machine.show("iiid.service", "ActiveState", "Result", "ExecMainStatus", "NRestarts", "StatusText")
    text = found.pop("StatusText")
    assert found == {"ActiveState": "failed", "Result": "exit-code", "ExecMainStatus": "78", "NRestarts": "0"}
    # What is wrong, where, and what to do: in `systemctl status` and in the journal.
    assert FRAGMENT in text and "nonsense" in text
    assert any(e["MESSAGE"] == text and e["PRIORITY"] == "3" for e in machine.journal("iiid.service"))


def test_mended_configuration_starts(machine):
    machine.systemctl("stop", "iiid.service")
    machine.write(FRAGMENT, BAD)
    assert machine.systemctl("start", "iiid.service", check=False).returncode != 0
    machine.remove(FRAGMENT)
    machine.systemctl("start", "iiid.service")
    assert machine.call("ping")


def test_clients_that_wait_for_a_bad_configuration_do_not_make_a_loop(machine):
    """Each knock starts the daemon, which fails: systemd gives up after a few starts, the socket too. One command mends it."""
    machine.systemctl("stop", "iiid.service")
    machine.write(FRAGMENT, BAD)
    client = socket.socket(socket.AF_UNIX)
    client.connect(str(machine.path("/run/iiid/iiid.sock")))
    machine.wait_for("iiid.socket", ActiveState="failed", Result="service-start-limit-hit")
    assert not machine.path("/run/iiid/iiid.sock").exists()
    machine.remove(FRAGMENT)
    machine.systemctl("reset-failed", "iiid.service", "iiid.socket")
    machine.systemctl("start", "iiid.service")
    assert machine.call("ping")
    client.close()


def test_check_tells_without_touching_the_daemon(machine):
    assert machine.run("iiid", "serve", "--check").returncode == 0
    machine.write(FRAGMENT, BAD)
    done = machine.run("iiid", "serve", "--check", check=False)
    assert done.returncode == 78 and FRAGMENT in done.stderr
    assert machine.call("ping")


def test_reload_takes_a_good_file(machine):
    before = machine.show("iiid.service", "MainPID")
    machine.write(FRAGMENT, "[limits]\nconnections = 300\n")
    machine.systemctl("reload", "iiid.service")
    assert machine.call("hello")["limits"]["connections"] == 300
    assert machine.show("iiid.service", "MainPID", "ActiveState") == {"MainPID": before, "ActiveState": "active"}


def test_reload_refuses_a_bad_file_and_changes_nothing(machine):
    before = machine.show("iiid.service", "MainPID")
    machine.write(FRAGMENT, "[limits]\nconnections = 300\n" + BAD)
    assert machine.systemctl("reload", "iiid.service", check=False).returncode != 0
    assert machine.call("hello")["limits"]["connections"] == 512
    assert machine.show("iiid.service", "MainPID", "ActiveState") == {"MainPID": before, "ActiveState": "active"}
    assert any(FRAGMENT in message for message in machine.messages("iiid.service"))
    machine.remove(FRAGMENT)
    machine.systemctl("reload", "iiid.service")


def test_reload_by_signal_is_waited_for_by_nobody_and_works_too(machine):
    machine.write(FRAGMENT, "[limits]\nconnections = 300\n")
    machine.systemctl("kill", "--kill-who=main", "--signal=HUP", "iiid.service")
    eventually(lambda: machine.call("hello")["limits"]["connections"] == 300, 30, what="the new limit")
