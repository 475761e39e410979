"""A Debian that is booted by its own systemd, in a container (systemd-nspawn), and driven from outside."""
import json
import os
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from harness.local_client import LocalClient, LocalWorker
from harness.place import eventually

PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
CLONE_NEWNET = 0x40000000


class Failed(AssertionError):
    """A command in the machine that was to succeed."""


class Machine:
    """Boots `root` under an overlay in memory: what is written there lasts from one boot to the next, and no longer.

    Owned by the session. Expects a mount namespace of its own, with which all that is mounted here goes.
    """

    def __init__(self, root, shared):
        self.place = Path(tempfile.mkdtemp(prefix="iiid-systemd-", dir="/tmp"))
        self.shared = Path(shared)
        self.log = self.place / "console"
        layers = self.place / "layers"
        layers.mkdir()
        mount("-t", "tmpfs", "-o", "size=2g", "tmpfs", layers)
        for name in ("upper", "work", "tree"):
            (layers / name).mkdir()
        self.tree = layers / "tree"
        mount("-t", "overlay", "-o", f"lowerdir={root},upperdir={layers}/upper,workdir={layers}/work", "overlay", self.tree)
        self.process = None
        self.leader = None
        self.accounts = {}

    # Power

    def boot(self, seconds=60):
        """Starts it, and waits until its systemd has nothing left to start. Returns how long that took."""
        begun = time.monotonic()
        # Inside: cgroups as Debian has them, nothing but a loopback device, and no systemd outside that it could tell.
        # With us it goes too, should we be killed.
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", "systemd-nspawn", "--quiet", f"--directory={self.tree}", "--boot", "--register=no",
             "--keep-unit", "--private-network", "--console=pipe", f"--machine=iiid-test-{os.getpid()}", "--hostname=iiidtest",
             f"--bind-ro={self.shared}:/mnt"],
            stdin=subprocess.DEVNULL, stdout=self.log.open("ab"), stderr=subprocess.STDOUT, start_new_session=True,
            env={**os.environ, "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"})
        self.leader = eventually(self.find_leader, seconds, what="the container's first process")
        self.state = eventually(self.find_state, seconds, what=f"a booted system; console: {self.log}")
        assert self.state == "running", self.run("systemctl", "--failed", "--no-pager", check=False).stdout
        return time.monotonic() - begun

    def find_leader(self):
        assert self.process.poll() is None, "systemd-nspawn ended:\n" + self.log.read_text(errors="replace")[-3000:]
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[0]) if children else None

    def find_state(self):
        self.leader = self.find_leader() or self.leader
        state = self.run("systemctl", "is-system-running", check=False).stdout.strip()
        return state if state in ("running", "degraded") else None

    def halt(self, seconds=90):
        """The orderly way: units are stopped, file systems left."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError("the machine did not halt:\n" + self.log.read_text(errors="replace")[-3000:]) from None
        finally:
            self.process = None

    def discard(self):
        """Halts it, and leaves nothing behind."""
        try:
            self.halt()
        finally:
            subprocess.run(["umount", self.tree, self.place / "layers"], check=False)
            subprocess.run(["rm", "-rf", self.place], check=False)
            for hierarchy in ("", "unified", "systemd"):
                for group in ("payload", "supervisor"):
                    path = Path("/sys/fs/cgroup", hierarchy, group)
                    if path.is_dir():
                        subprocess.run(["find", path, "-depth", "-type", "d", "-exec", "rmdir", "{}", "+"], check=False,
                                       stderr=subprocess.DEVNULL)

    # Commands

    def enter(self, *argv, user=None):
        """The command line that runs `argv` in the machine."""
        as_user = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"] if user else []
        return ["nsenter", "-t", str(self.leader), "-m", "-u", "-i", "-n", "-p", "-C", "-r", "-w", "env", "-i", f"PATH={PATH}", "LC_ALL=C.UTF-8",
                "DEBIAN_FRONTEND=noninteractive", *as_user, *map(str, argv)]

    def run(self, *argv, check=True, user=None, text=None, seconds=60):
        done = subprocess.run(self.enter(*argv, user=user), input=text if text is not None else "", capture_output=True, text=True, timeout=seconds)
        if check and done.returncode:
            raise Failed(f"{' '.join(map(str, argv))}: status {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def output(self, *argv, **options):
        return self.run(*argv, **options).stdout.strip()

    def start(self, *argv, user=None, **options):
        """Runs `argv` in the machine, beside the test."""
        return subprocess.Popen(self.enter(*argv, user=user), text=True, **options)

    def systemctl(self, *arguments, **options):
        return self.run("systemctl", "--no-pager", *arguments, **options)

    def show(self, unit, *names):
        """Properties of a unit: one as a text, several as a dictionary."""
        said = self.output("systemctl", "show", unit, *(f"--property={name}" for name in names))
        found = dict(line.split("=", 1) for line in said.splitlines())
        return found[names[0]] if len(names) == 1 else found

    def wait_for(self, unit, seconds=30, **wanted):
        """Waits until the unit's properties are so."""
        found = {}

        def is_so():
            found.update(self.show(unit, *wanted, "Id"))
            return found | wanted == found

        try:
            eventually(is_so, seconds, every=0.05)
        except AssertionError:
            raise AssertionError(f"{unit}: not {wanted} within {seconds} s, but {found}") from None

    def journal(self, unit=None, *matches, since=None):
        """Entries of the journal, oldest first."""
        self.run("journalctl", "--sync")
        options = [f"--unit={unit}"] if unit else []
        options += [f"--after-cursor={since}"] if since else []
        text = self.output("journalctl", "--no-pager", "--output=json", "--all", *options, *matches)
        return [json.loads(line) for line in text.splitlines()]

    def cursor(self):
        """Where the journal ends now: for `since`."""
        return self.journal()[-1]["__CURSOR"]

    def messages(self, unit, since=None):
        return [entry.get("MESSAGE", "") for entry in self.journal(unit, since=since)]

    # Files

    def path(self, inside):
        """A path of the machine, from outside; also of sockets in it."""
        return Path(f"/proc/{self.leader}/root{inside}")

    def write(self, inside, text, mode=0o644):
        path = self.path(inside)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)

    def remove(self, inside):
        self.path(inside).unlink(missing_ok=True)

    # Network

    def listen(self, port=0):
        """A listening socket of ours on the machine's own loopback device."""
        made = []

        def make():
            # The network belongs to a thread; a socket stays in the one where it was made.
            with open(f"/proc/{self.leader}/ns/net") as namespace:
                set_namespace(namespace.fileno(), CLONE_NEWNET)
            made.append(socket.create_server(("127.0.0.1", port)))

        thread = threading.Thread(target=make)
        thread.start()
        thread.join()
        assert made, f"port {port} of the machine is not free"
        return made[0]

    # The daemon

    def client(self, name="iiid"):
        return LocalClient(self.path(f"/run/{name}/iiid.sock"))

    def worker(self, functions, name="iiid", **options):
        return LocalWorker(self.path(f"/run/{name}/iiid.sock"), functions, **options)

    def call(self, method, params=None, name="iiid"):
        client = self.client(name)
        try:
            return client.call(method, params)
        finally:
            client.close()


def mount(*arguments):
    subprocess.run(["mount", *map(str, arguments)], check=True)


def set_namespace(descriptor, kind):
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(descriptor, kind):
        raise OSError(ctypes.get_errno(), "setns")
