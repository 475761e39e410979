"""An upgrade of the package while programs are calling."""
import subprocess

import pytest

from conftest import install
from load import Load


@pytest.fixture(scope="session")
def newer(packages, shared, tmp_path_factory):
    """The same package under a higher version, with another default configuration."""
    tree = tmp_path_factory.mktemp("newer") / "tree"
    subprocess.run(["dpkg-deb", "-R", packages["iiid"], tree], check=True)
    control = tree / "DEBIAN/control"
    lines = control.read_text().splitlines(keepends=True)
    control.write_text("".join("Version: 99.0-1\n" if line.startswith("Version:") else line for line in lines))
    path = shared / "iiid_99.0-1_newer.deb"
    subprocess.run(["dpkg-deb", "-Zgzip", "-z1", "-b", tree, path], check=True, stdout=subprocess.DEVNULL)
    return path


def test_upgrade_under_load_keeps_socket_and_configuration(machine, packages, newer):
    kept = machine.configuration + "\n# by the administrator\n"
    machine.write("/etc/iiid/iiid.conf", kept)
    inode = machine.path("/run/iiid/iiid.sock").stat().st_ino
    before = machine.show("iiid.service", "InvocationID", "NRestarts")
    load = Load(machine.path("/run/iiid/iiid.sock"))
    load.more_results()
    install(machine, newer)
    load.more_results()
    print(dict(load.end()))
    assert machine.output("dpkg-query", "--show", "--showformat=${Version}", "iiid") == "99.0-1"
    assert machine.show("iiid.service", "InvocationID") != before["InvocationID"], "the daemon was not restarted"
    assert machine.path("/run/iiid/iiid.sock").stat().st_ino == inode, "the socket is another one"
    assert machine.path("/etc/iiid/iiid.conf").read_text() == kept
    for unit in ("iiid.service", "iiid.socket"):
        assert machine.show(unit, "ActiveState", "UnitFileState") == {"ActiveState": "active", "UnitFileState": "enabled"}


def test_upgrade_leaves_a_stopped_and_disabled_daemon_alone(machine, packages, newer):
    machine.systemctl("disable", "--now", "iiid.socket", "iiid.service")
    install(machine, newer)
    for unit in ("iiid.service", "iiid.socket"):
        assert machine.show(unit, "ActiveState", "UnitFileState") == {"ActiveState": "inactive", "UnitFileState": "disabled"}
    machine.systemctl("enable", "--now", "iiid.socket", "iiid.service")
