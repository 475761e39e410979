"""One machine for all tests, with the packages installed; each test finds daemon and engine running as after the installation."""
import os
from pathlib import Path

import pytest

from machine import Machine
from harness.place import eventually

#: In this order, because they share the machine: the last ones reboot it and take the package away.
ORDER = ["install", "service", "access", "configuration", "engine", "drain", "restart", "instance", "smoke", "reboot", "upgrade", "removal"]
ENGINE_PORT = 49134


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: ORDER.index(item.path.stem.removeprefix("test_")))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    found = getattr(item, "funcargs", {})
    machine = found.get("machine") or found.get("installed") or found.get("booted")
    if report.failed and machine is not None and machine.leader:
        for unit in ("iiid.service", "iiid.socket"):
            report.sections.append((unit, machine.systemctl("status", "-n0", unit, check=False).stdout[-3000:]))
        report.sections.append(("journal", machine.run("journalctl", "--no-pager", "-n80", "-o", "short-precise", check=False).stdout[-9000:]))


@pytest.fixture(scope="session")
def packages():
    """The packages by name."""
    found = {Path(path).name.split("_")[0]: Path(path) for path in os.environ["IIID_SYSTEMD_DEBS"].split()}
    assert {"iiid", "iii-dev-engine"} <= set(found), found
    return found


@pytest.fixture(scope="session")
def shared(tmp_path_factory):
    """A folder that the machine sees as /mnt."""
    return tmp_path_factory.mktemp("shared")


@pytest.fixture(scope="session")
def booted(packages, shared):
    """The machine, before anything is installed."""
    for path in packages.values():
        os.link(path, shared / path.name) if path.stat().st_dev == shared.stat().st_dev else (shared / path.name).write_bytes(path.read_bytes())
    machine = Machine(os.environ["IIID_SYSTEMD_ROOT"], shared)
    try:
        machine.boot_seconds = machine.boot()
        yield machine
    finally:
        machine.discard()


def install(machine, *paths):
    """As apt does it, without a network."""
    return machine.run("dpkg", "-i", *(f"/mnt/{path.name}" for path in paths)).stdout


@pytest.fixture(scope="session")
def installed(booted, packages):
    booted.install_log = install(booted, packages["iiid"], packages["iii-dev-engine"])
    booted.is_settled = False
    booted.configuration = booted.path("/etc/iiid/iiid.conf").read_text()
    unit = booted.path("/lib/systemd/system/iiid.service").read_text()
    booted.command = next(line.removeprefix("ExecStart=") for line in unit.splitlines() if line.startswith("ExecStart="))
    # Somebody who may use the socket, and somebody who may not.
    booted.run("systemd-sysusers", "-", text="u alice - -\nm alice iiid\nu mallory - -\n")
    return booted


@pytest.fixture
def machine(installed):
    """The machine as after the installation, with an engine beside the daemon: connected."""
    if not installed.is_settled:
        settle(installed)
    installed.is_settled = False
    yield installed


#: Undoes what a test has changed, and has it read where there was something.
RESTORE = f"""
for folder in /run/systemd/system/iiid.*.d /etc/systemd/system/iiid.*.d; do
  [ ! -d "$folder" ] || {{ rm -r "$folder"; changed=1; }}
done
rm -rf /etc/iiid/iiid.conf.d /etc/iiid/engine-token.cred /etc/credstore/iiid.engine-token /run/iiid-test
[ -z "$changed" ] || {{ systemctl daemon-reload; systemctl stop iiid.socket; }}
systemctl reset-failed
systemctl is-active --quiet engine.service ||
  systemd-run --quiet --unit=engine /usr/bin/iii-dev-engine --port {ENGINE_PORT} --test-hooks --queue memory
systemctl restart iiid.service
"""


def settle(machine):
    machine.write("/etc/iiid/iiid.conf", machine.configuration)
    machine.run("sh", "-ec", RESTORE, "settle")
    wait_connected(machine)


def start_engine(machine):
    machine.run("systemd-run", "--quiet", "--unit=engine", "/usr/bin/iii-dev-engine", "--port", ENGINE_PORT, "--test-hooks", "--queue", "memory")


def wait_connected(machine, name="iiid"):
    return eventually(lambda: machine.call("status", name=name)["state"] == "ready", 30, what="the daemon connected to its engine")


@pytest.fixture
def drop_in(machine):
    """Writes a drop-in of iiid.service (or of another unit) and has it read: drop_in(text, unit=…)."""

    def write(text, unit="iiid.service", name="test"):
        machine.write(f"/run/systemd/system/{unit}.d/{name}.conf", text)
        machine.systemctl("daemon-reload")

    return write


@pytest.fixture
def drop_ins(machine):
    """Puts examples from contrib/systemd/drop-ins where an administrator does: drop_ins(name…)."""
    examples = Path(__file__).resolve().parents[2] / "contrib/systemd/drop-ins"

    def copy(*names):
        for name in names:
            path, = examples.glob(f"*/{name}")
            machine.write(f"/etc/systemd/system/{path.parent.name}/{name}", path.read_text())
        machine.systemctl("daemon-reload")

    return copy
