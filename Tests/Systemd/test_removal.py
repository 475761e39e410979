"""The package taken away: first what runs, then everything."""
from conftest import install

STATE = "/var/lib/iiid/something"


def test_remove_stops_and_keeps_configuration_and_state(machine):
    kept = machine.configuration + "\n# by the administrator\n"
    machine.write("/etc/iiid/iiid.conf", kept)
    machine.write(STATE, "precious")
    machine.run("dpkg", "--remove", "iiid")
    for unit in ("iiid.service", "iiid.socket"):
        assert machine.show(unit, "ActiveState") == "inactive"
    assert not machine.path("/run/iiid/iiid.sock").exists()
    assert machine.path("/etc/iiid/iiid.conf").read_text() == kept
    assert machine.path(STATE).read_text() == "precious"


def test_installation_after_removal_goes_on_with_both(installed, packages):
    install(installed, packages["iiid"])
    assert installed.call("ping")
    assert installed.path(STATE).read_text() == "precious"


def test_purge_leaves_nothing_but_the_user(installed):
    installed.run("dpkg", "--purge", "iiid")
    for path in ("/etc/iiid/iiid.conf", "/var/lib/iiid", "/run/iiid/iiid.sock", "/usr/bin/iiid"):
        assert not installed.path(path).exists(), path
    assert installed.run("dpkg", "--status", "iiid", check=False).returncode != 0
    assert installed.output("systemctl", "list-unit-files", "iiid*", "--no-legend", check=False) == ""
    # Debian's habit: files of theirs may be left elsewhere, and must not fall to the next user with that number.
    assert installed.output("getent", "passwd", "iiid")
