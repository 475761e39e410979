"""A worker of an engine that says and reads frames one by one."""
import contextlib
import json
import threading
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


class FunctionPeer:
    """A worker whose functions are Python callables: each gets the payload and gives the result, or raises a PeerError."""

    def __init__(self, place, engine, name, **functions):
        self.ws = open_socket(place, engine.url)
        self.functions = {}
        self.invocations = []  # every frame that called one
        self.refusals = []  # every triggerregistrationresult
        self.sending = threading.Lock()
        self.send({"type": "invokefunction", "function_id": "engine::workers::register", "data": {"name": name, "pid": 1}, "action": {"type": "void"}})
        threading.Thread(target=self.pump, daemon=True).start()
        for function_id, body in functions.items():
            self.serve(function_id, body)

    def serve(self, function_id, body):
        self.functions[function_id] = body
        self.send({"type": "registerfunction", "id": function_id})

    def bind(self, trigger_type, function_id, config, **more):
        """Binds, and waits until the engine has taken the frame."""
        identifier = str(uuid.uuid4())
        self.send({"type": "registertrigger", "id": identifier, "trigger_type": trigger_type, "function_id": function_id,
                   "config": config, **more})
        self.settle()
        return identifier

    def settle(self):
        """Frames of one connection are handled in order: what was sent before is applied once this is answered."""
        reached = threading.Event()
        number = str(uuid.uuid4())
        self.functions[number] = lambda _: reached.set()
        self.send({"type": "registerfunction", "id": number})
        self.send({"type": "invokefunction", "function_id": number, "data": None})
        assert reached.wait(10), "the engine did not come to the end of what was sent"
        self.send({"type": "unregisterfunction", "id": number})

    def send(self, frame):
        with self.sending:
            self.ws.send(json.dumps(frame))

    def pump(self):
        try:
            for text in self.ws:
                frame = json.loads(text)
                if frame["type"] == "invokefunction":
                    threading.Thread(target=self.execute, args=(frame,), daemon=True).start()
                elif frame["type"] == "triggerregistrationresult":
                    self.refusals.append(frame)
        except ConnectionClosed:
            pass

    def execute(self, frame):
        if frame["function_id"].count("-") != 4:
            self.invocations.append(frame)
        answer = {"type": "invocationresult", "invocation_id": frame["invocation_id"], "function_id": frame["function_id"]}
        try:
            answer["result"] = self.functions[frame["function_id"]](frame["data"])
        except PeerError as error:
            answer["error"] = {"code": error.code, "message": error.message}
        with contextlib.suppress(ConnectionClosed):
            self.send(answer)


class PeerError(Exception):
    def __init__(self, code, message):
        self.code, self.message = code, message
