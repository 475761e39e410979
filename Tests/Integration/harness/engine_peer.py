"""A worker of an engine that says and reads frames one by one."""
import json
import uuid

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect


def open_socket(place, url):
    """A connection that is open until the test ends."""
    ws = connect(url, compression=None, ping_interval=None, max_size=None, open_timeout=5).__enter__()
    place.on_end(ws.close_socket)
    return ws


class EnginePeer:
    """A worker that says and reads frames one by one."""

    def __init__(self, place, engine, name):
        self.ws = open_socket(place, engine.url)
        self.id = self.receive()["worker_id"]
        assert self.call("engine::workers::register", {"name": name, "pid": 1})["result"] == {"success": True}

    def send(self, frame):
        self.ws.send(json.dumps(frame))

    def receive(self, seconds=5):
        return json.loads(self.ws.recv(seconds))

    def begin(self, function_id, data, **more):
        number = str(uuid.uuid4())
        self.send({"type": "invokefunction", "invocation_id": number, "function_id": function_id, "data": data, **more})
        return number

    def call(self, function_id, data, **more):
        number = self.begin(function_id, data, **more)
        frame = self.receive()
        assert frame["invocation_id"] == number
        return frame

    def control(self, **hook):
        assert self.call("dev::control", hook)["result"] == {"success": True}

    def wait_end(self, seconds=5):
        """The code of the close frame, None when there was none."""
        with pytest.raises(ConnectionClosed) as end:
            self.ws.recv(seconds)
        return end.value.rcvd.code if end.value.rcvd else None

    def answers(self):
        self.send({"type": "ping"})
        return self.receive() == {"type": "pong"}
