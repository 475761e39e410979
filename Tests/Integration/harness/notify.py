"""The service manager's end of NOTIFY_SOCKET."""
import socket
import time


class NotifySocket:
    def __init__(self, path):
        self.path = str(path)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.lines = []

    def receive(self, seconds):
        self.socket.settimeout(max(seconds, 0.001))
        try:
            data = self.socket.recv(65536)
        except TimeoutError:
            return False
        self.lines += data.decode().splitlines()
        return True

    def wait(self, start, seconds=10, process=None):
        """The first line, already received or to come, that begins so. Watches that the process lives."""
        deadline = time.monotonic() + seconds
        seen = 0
        while True:
            for line in self.lines[seen:]:
                if line.startswith(start):
                    return line
            seen = len(self.lines)
            left = deadline - time.monotonic()
            if left <= 0:
                raise AssertionError(f"no {start} within {seconds} s; got {self.lines}")
            if not self.receive(min(left, 0.2)) and process is not None and process.poll() is not None:
                raise AssertionError(f"{process.name} ended with {process.returncode}:\n{process.log_path.read_text(errors='replace')[-3000:]}")

    def close(self):
        self.socket.close()
