"""The service manager's end of NOTIFY_SOCKET."""
import socket
import threading
import time
import uuid


class NotifySocket:
    """Reads as they come, as a service manager does: a full socket would hold the daemon up."""

    def __init__(self, path):
        self.path = str(path)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.lines = []
        self.changed = threading.Condition()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        while True:
            try:
                data = self.socket.recv(65536)
            except OSError:
                return
            if not data:
                return
            with self.changed:
                self.lines += data.decode().splitlines()
                self.changed.notify_all()

    def first(self, start, since):
        return next((line for line in self.lines[since:] if line.startswith(start)), None)

    def mark(self):
        """How many lines have come: for `since`."""
        with self.changed:
            return len(self.lines)

    def wait(self, start, seconds=10, process=None, since=0):
        """The first line, come already or to come, that begins so. Watches that the process lives."""
        deadline = time.monotonic() + seconds
        with self.changed:
            while not (found := self.first(start, since)):
                left = deadline - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"no {start} within {seconds} s; got {self.lines}")
                if not self.changed.wait(min(left, 0.2)) and process is not None and process.poll() is not None:
                    log = process.log_path.read_text(errors="replace")
                    raise AssertionError(f"{process.name} ended with {process.returncode}:\n{log[-3000:]}")
            return found

    def settle(self):
        """Everything that was sent before has come when this returns."""
        mark = f"TEST={uuid.uuid4()}"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.sendto(mark.encode(), self.path)
        self.wait(mark)

    def quiet(self, seconds, start=""):
        """Nothing that begins so comes for that long."""
        self.settle()
        since = self.mark()
        deadline = time.monotonic() + seconds
        with self.changed:
            while (left := deadline - time.monotonic()) > 0:
                self.changed.wait(left)
            assert not self.first(start, since), self.lines[since:]

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
