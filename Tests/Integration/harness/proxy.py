"""A recording proxy between the daemon and a real engine: relays messages, keeps their texts, cuts on demand."""
import json
import socket
import threading

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.sync.server import serve

from .scripted_engine import SILENT


class ProxiedConnection:
    def __init__(self, down, up):
        self.down, self.up = down, up
        self.to_engine = []  # texts, in order
        self.to_daemon = []
        self.ended = threading.Event()
        self.keep_up = False

    def relay(self, source, target, kept):
        try:
            for message in source:
                kept.append(message)
                target.send(message)
        except (ConnectionClosed, OSError):
            pass
        finally:
            if source is self.down:
                self.ended.set()
                if not self.keep_up:
                    self.up.close()
            else:
                abort(self.down)

    def registered(self):
        """Ids of the functions that the daemon registered on this connection, in order."""
        return [f["id"] for f in map(json.loads, self.to_engine) if f["type"] == "registerfunction"]


def abort(ws):
    try:
        ws.socket.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


class RecordingProxy:
    def __init__(self, target):
        self.target = target
        self.connections = []
        self.changed = threading.Condition()
        self.server = serve(self.handle, "127.0.0.1", 0, compression=None, max_size=None, ping_interval=None, logger=SILENT, close_timeout=1)
        self.port = self.server.socket.getsockname()[1]
        self.url = f"ws://127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def handle(self, down):
        try:
            with connect(self.target, compression=None, max_size=None, ping_interval=None, logger=SILENT, close_timeout=1) as up:
                self.relay(down, up)
        except OSError:
            abort(down)

    def relay(self, down, up):
        connection = ProxiedConnection(down, up)
        with self.changed:
            self.connections.append(connection)
            self.changed.notify_all()
        upward = threading.Thread(target=connection.relay, args=(down, up, connection.to_engine), daemon=True)
        upward.start()
        connection.relay(up, down, connection.to_daemon)
        upward.join(10)

    def wait_connection(self, number, seconds=20):
        """The connection of that number, counted from 1."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.connections) >= number, seconds), f"no connection {number} within {seconds} s"
            return self.connections[number - 1]

    def cut(self, keep_up=False):
        """The newest connection ends without a close frame; with `keep_up` the engine does not notice, as when a cable is pulled."""
        connection = self.connections[-1]
        connection.keep_up = keep_up
        abort(connection.down)

    def close(self):
        for connection in self.connections:
            abort(connection.down)
            abort(connection.up)
        self.server.shutdown()
        self.thread.join(5)
