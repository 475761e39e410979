"""What the installation leaves behind."""
import os
import stat


def ownership(machine, path):
    return machine.output("stat", "--format=%U:%G %a", path)


def test_machine_is_clean_and_boots(booted):
    assert booted.state == "running"
    print(f"booted in {booted.boot_seconds:.1f} s, systemd {booted.output('systemctl', '--version').split()[1]}")


def test_installation_starts_and_enables(installed):
    assert installed.output("dpkg", "--audit") == ""
    for unit in ("iiid.service", "iiid.socket"):
        assert installed.show(unit, "ActiveState", "UnitFileState") == {"ActiveState": "active", "UnitFileState": "enabled"}
    assert installed.show("iiid.service", "TriggeredBy") == "iiid.socket"
    assert "warning" not in installed.install_log.lower(), installed.install_log


def test_installed_programs_have_their_libraries(installed):
    for program in ("iiid", "iii-dev-engine"):
        assert installed.run(program, "--help").stdout


def test_owners_and_modes(installed):
    assert ownership(installed, "/run/iiid") == "root:root 755"
    assert ownership(installed, "/run/iiid/iiid.sock") == "root:iiid 660"
    assert ownership(installed, "/var/lib/iiid") == "iiid:iiid 700"
    assert ownership(installed, "/etc/credstore") == "root:root 700"
    assert ownership(installed, "/etc/iiid/iiid.conf") == "root:root 644"
    assert installed.output("getent", "passwd", "iiid").endswith(":/var/lib/iiid:/usr/sbin/nologin")


def test_nothing_in_the_journal_is_worse_than_the_missing_engine(installed):
    """No directive is ignored, no system call of the daemon is refused."""
    said = [entry for entry in installed.journal("iiid.service") if int(entry["PRIORITY"]) <= 4]
    assert all("engine" in entry["MESSAGE"] for entry in said), said
    assert not [m for m in installed.messages("iiid.socket") if "ignoring" in m]


def test_exposure_as_this_systemd_judges_it(installed):
    said = installed.run("systemd-analyze", "security", "--no-pager", "--threshold=13", "iiid.service", check=False)
    print(said.stdout.strip().splitlines()[-1])
    assert said.returncode == 0, said.stdout


def test_sandbox_is_around_the_process(machine):
    pid = machine.show("iiid.service", "MainPID")
    status = dict(line.split(":\t", 1) for line in machine.path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line)
    assert {key: status[key] for key in ("CapEff", "CapBnd", "CapAmb")} == {key: "0" * 16 for key in ("CapEff", "CapBnd", "CapAmb")}
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
    # What it sees: nothing that is Debian's is writable, its own folder is.
    mounts = [line.split() for line in machine.path(f"/proc/{pid}/mounts").read_text().splitlines()]
    writable = {m[1] for m in mounts if "ro" not in m[3].split(",")}
    assert "/var/lib/iiid" in writable and not writable & {"/", "/etc", "/var", "/usr", "/home"}, writable
    for path in ("/run/iiid", "/etc/iiid/iiid.conf", "/usr/bin/iiid", "/proc/sys/kernel/hostname"):
        inside = machine.run("nsenter", "-t", pid, "-m", "setpriv", "--reuid=iiid", "--regid=iiid", "--clear-groups", "test", "-w", path, check=False)
        assert (inside.returncode, inside.stderr) == (1, ""), (path, inside)
