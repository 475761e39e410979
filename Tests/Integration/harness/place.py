"""A short temporary folder, and the processes of one test."""
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

#: Set in the environment of everything a test starts, so that what is left behind can be found.
MARK = "IIID_TEST_PLACE"


class Place:
    """Owned by one test. Ends all that was started here, by id, and tells what had not ended by itself."""

    def __init__(self):
        # A socket path must stay under 108 bytes.
        self.dir = Path(tempfile.mkdtemp(prefix="iiid-", dir="/tmp"))
        self.processes = []
        self.closers = []
        self.names = {}

    def environment(self, **extra):
        kept = {k: v for k, v in os.environ.items()
                if not k.startswith(("III_", "IIID_", "OTEL_", "LISTEN_")) and k not in ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID",
                   "RUNTIME_DIRECTORY", "XDG_RUNTIME_DIR", "JOURNAL_STREAM", "INVOCATION_ID")}
        # No test depends on what the machine's administrator has configured.
        kept["IIID_CONFIG"] = "/dev/null"
        return {**kept, MARK: str(self.dir), **{k: str(v) for k, v in extra.items() if v is not None}}

    def log_path(self, name):
        number = self.names[name] = self.names.get(name, 0) + 1
        return self.dir / (f"{name}.log" if number == 1 else f"{name}-{number}.log")

    def start(self, name, argv, *, env=None, stdin=subprocess.DEVNULL, stdout=None, **options):
        """Starts a process; what it says goes to a log in the folder unless `stdout` says otherwise."""
        path = self.log_path(name)
        with open(path, "wb") as log:
            process = subprocess.Popen([str(a) for a in argv], env=env or self.environment(), stdin=stdin,
                                       stdout=stdout if stdout is not None else log, stderr=log, **options)
        process.log_path = path
        process.name = name
        self.processes.append(process)
        return process

    def on_end(self, close):
        self.closers.append(close)
        return close

    def logs(self):
        return {p.name: p.read_text(errors="replace") for p in sorted(self.dir.glob("*.log"))}

    def marked(self):
        """Ids of living processes that carry our mark."""
        mark = f"{MARK}={self.dir}".encode()
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0") and (entry / "stat").read_text().rsplit(") ", 1)[1][0] != "Z":
                    found.append(int(entry.name))
            except OSError:
                continue
        return found

    def end(self):
        """Ends everything. Returns what had to be killed, as text; empty when all went in good order."""
        for close in reversed(self.closers):
            close()
        complaints = []
        for process in reversed(self.processes):
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.terminate()
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                    complaints.append(f"{process.name} ({process.pid}) did not end within 15 s of SIGTERM")
            for stream in (process.stdin, process.stdout):
                if stream:
                    try:
                        stream.close()
                    except OSError:
                        pass
            if process.returncode < 0 and -process.returncode in (signal.SIGSEGV, signal.SIGABRT, signal.SIGILL, signal.SIGTRAP, signal.SIGBUS):
                complaints.append(f"{process.name} ({process.pid}) crashed: {signal.Signals(-process.returncode).name}")
        deadline = time.monotonic() + 5
        while (left := self.marked()) and time.monotonic() < deadline:
            time.sleep(0.05)
        for pid in left:
            try:
                command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                os.kill(pid, signal.SIGKILL)
            except OSError:
                continue
            complaints.append(f"left behind: {pid} {command}")
        return "\n".join(complaints)

    def remove(self):
        shutil.rmtree(self.dir, ignore_errors=True)


def listens(path):
    """Whether somebody listens on a Unix socket: its file is there a moment earlier."""
    rows = [line.split(maxsplit=7) for line in Path("/proc/net/unix").read_text().splitlines()]
    return any(row[3] == "00010000" and row[7:] == [str(path)] for row in rows)


def eventually(fact, seconds=10, every=0.02, what=None):
    """Asks `fact` until it is true, and returns what it said; an error after that many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        answer = fact()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what or fact}; last answer {answer!r}")
        time.sleep(every)
