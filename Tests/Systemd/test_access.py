"""Who may use the socket."""
import json
import subprocess

#: Connects in the folder where it is started; a machine has no Python of its own.
KNOCK = """
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
try:
    s.connect("iiid.sock")
except OSError as error:
    sys.exit(error.strerror)
s.sendall(b'{"id":1,"method":"hello"}\\n')
print(s.makefile().readline())
"""


def knock(machine, user, folder="/run/iiid"):
    """Connects as that user of the machine."""
    uid, gid = (int(machine.output("id", option, user)) for option in ("--user", "--group"))
    groups = [int(g) for g in machine.output("id", "--groups", user).split()]
    return subprocess.run(["/usr/bin/python3", "-c", KNOCK], cwd=machine.path(folder), user=uid, group=gid, extra_groups=groups,
                          capture_output=True, text=True, timeout=30)


def test_member_of_the_group_is_served(machine):
    done = knock(machine, "alice")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["result"]["peer"]["uid"] == int(machine.output("id", "--user", "alice"))


def test_commands_of_a_member_and_of_a_stranger(machine):
    """From a shell, with nothing set: the commands find the socket by themselves."""
    assert "functions" in machine.output("iiid", "call", "engine::functions::list", "{}", user="alice")
    assert json.loads(machine.output("iiid", "status", "--json", user="alice"))["state"] == "ready"
    done = machine.run("iiid", "status", user="mallory", check=False)
    assert done.returncode == 77 and "iiid.sock" in done.stderr, done
    # What ends or changes the daemon is not for every member.
    assert machine.run("iiid", "shutdown", user="alice", check=False).returncode == 77
    assert machine.run("iiid", "reload", user="alice", check=False).returncode == 77
    assert machine.run("iiid", "reload", user="iiid").returncode == 0


def test_stranger_is_refused_by_the_kernel(machine):
    done = knock(machine, "mallory")
    assert (done.returncode, done.stderr.strip()) == (1, "Permission denied")


def test_stranger_cannot_take_the_sockets_place(machine):
    for user in ("mallory", "iiid"):
        done = machine.run("rm", "-f", "/run/iiid/iiid.sock", user=user, check=False)
        assert done.returncode != 0 and "Permission denied" in done.stderr
    assert machine.call("ping")


def test_group_of_the_socket_can_be_another(machine, drop_in):
    machine.run("systemd-sysusers", "-", text="g clients - -\nm mallory clients\n")
    drop_in("[Socket]\nSocketGroup=clients\n", unit="iiid.socket")
    machine.systemctl("restart", "iiid.socket")
    assert knock(machine, "mallory").returncode == 0
    assert knock(machine, "alice").stderr.strip() == "Permission denied"
