"""Our end of a WebSocket connection (websocket-peer), and Python's `websockets` as the other end of it, in both roles."""
import contextlib
import queue
import re
import socket
import threading

from websockets.sync.client import connect
from websockets.sync.server import serve

from .place import eventually
from .programs import build_folder


class Peer:
    """websocket-peer; its output is what it saw."""

    def __init__(self, place, *arguments):
        self.process = place.start("websocket-peer", [build_folder() / "websocket-peer", *arguments])

    @property
    def lines(self):
        return self.process.log_path.read_text(errors="replace").splitlines()

    def line(self, pattern, timeout=10):
        """Waits for a line that matches `pattern`."""
        return eventually(lambda: next((m for m in (re.fullmatch(pattern, l) for l in self.lines) if m), None), timeout,
                          what=f"a line {pattern!r} in {self.process.log_path.name}")

    def over(self, timeout=10):
        """How the first connection ended."""
        return self.line("over: (.*)", timeout)[1]


class OurServer(Peer):
    def __init__(self, place, *arguments):
        super().__init__(place, "serve", *arguments)
        self.port = int(self.line(r"listening on 127\.0\.0\.1:(\d+)")[1])
        self.url = f"ws://127.0.0.1:{self.port}/"

    @contextlib.contextmanager
    def connection(self, **options):
        with connect(self.url, max_size=None, **options) as connection:
            yield connection


class TheirServer:
    """A server of `websockets` that hands its connections to the test."""

    def __init__(self, place, **options):
        self.connections = queue.Queue()
        self.done = threading.Event()

        def handler(connection):
            self.connections.put(connection)
            self.done.wait()

        self.server = serve(handler, "127.0.0.1", 0, max_size=None, **options)
        self.port = self.server.socket.getsockname()[1]
        self.url = f"ws://127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        place.on_end(self.close)

    def accept(self):
        return self.connections.get(timeout=10)

    def close(self):
        self.done.set()
        self.server.shutdown()
        self.thread.join(10)


class RawServer:
    """Takes one connection, reads the request, answers with `answer` and ends the connection."""

    def __init__(self, place, answer):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"ws://127.0.0.1:{self.listener.getsockname()[1]}/"
        self.request = b""
        self.thread = threading.Thread(target=self.run, args=(answer,))
        self.thread.start()
        place.on_end(self.close)

    def run(self, answer):
        self.listener.settimeout(10)
        with contextlib.suppress(OSError):
            stream, _ = self.listener.accept()
            with stream:
                stream.settimeout(10)
                while b"\r\n\r\n" not in self.request and (piece := stream.recv(65536)):
                    self.request += piece
                stream.sendall(answer)

    def close(self):
        self.listener.close()
        self.thread.join(15)
