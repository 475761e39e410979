"""An engine whose every frame is the test's to decide, and that keeps what the daemon sends, byte for byte."""
import json
import logging
import queue
import socket
import struct
import threading
import uuid

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import serve

from .place import eventually
from .ports import free_port

SILENT = logging.getLogger("silent-engine")
SILENT.addHandler(logging.NullHandler())
SILENT.propagate = False


class EngineConnection:
    """One connection of the daemon. House-keeping (announce, barrier, discovery) is answered unless told otherwise."""

    def __init__(self, engine, ws):
        self.engine = engine
        self.ws = ws
        self.worker_id = str(uuid.uuid4())
        self.token = str(uuid.uuid4())
        self.texts = []  # every text that came, in order
        self.frames = queue.Queue()  # what is not house-keeping: (frame, text)
        self.functions = {}  # id -> the frame that registered it
        self.registrations = []  # each id, each time it was registered
        self.announcements = []
        self.closed = threading.Event()
        self.close_code = None

    def pump(self):
        try:
            if self.engine.greeting:
                self.send({"type": "workerregistered", "worker_id": self.worker_id, "reattach_token": self.token})
            for message in self.ws:
                text = message if isinstance(message, str) else message.decode()
                self.texts.append(text)
                frame = json.loads(text)
                if not (self.engine.house_keeping and self.keep_house(frame)):
                    self.frames.put((frame, text))
        except ConnectionClosed:
            pass
        finally:
            self.close_code = self.ws.close_code
            self.closed.set()

    def keep_house(self, frame):
        kind, function_id = frame.get("type"), frame.get("function_id")
        if kind == "reattach":
            return True
        if kind == "registerfunction":
            self.registrations.append(frame["id"])
            refusal = self.engine.refused.get(frame["id"])
            if refusal:
                self.send({"type": "registrationrejected", "code": refusal, "namespace": "default", "function_id": frame["id"],
                           "owner_worker_id": str(uuid.uuid4())})
            else:
                self.functions[frame["id"]] = frame
            return True
        if kind == "unregisterfunction":
            self.functions.pop(frame["id"], None)
            return True
        if kind == "ping":
            self.send({"type": "pong"})
            return True
        if kind != "invokefunction" or not isinstance(function_id, str):
            return False
        if function_id == "engine::workers::register":
            self.announcements.append(frame["data"])
            self.answer(frame, {"success": True})
        elif function_id.startswith("engine::baggage::"):
            self.answer(frame, {"value": None})
        elif function_id == "engine::functions::info":
            ids = frame["data"].get("function_ids") or [frame["data"]["function_id"]]
            assert len(ids) <= 32, len(ids)
            name = self.announcements[-1]["name"] if self.announcements else None
            rows = [{"function_id": i, "namespace": "default", "worker_name": name, "registered_triggers": []} if i in self.functions
                    else {"function_id": i, "error": "not_found"} for i in ids]
            self.answer(frame, {"functions": rows})
        elif function_id == "engine::functions::list" and frame["data"].get("worker") in {a["name"] for a in self.announcements}:
            # What the daemon asks when it does not find its own functions.
            self.answer(frame, {"functions": []})
        else:
            return False
        return True

    def answer(self, frame, result=None, error=None):
        if frame.get("invocation_id") is None:
            return
        self.send({"type": "invocationresult", "invocation_id": frame["invocation_id"], "function_id": frame["function_id"],
                   **({"error": error} if error else {"result": result})})

    def send(self, frame):
        """A frame, or a text as it is."""
        try:
            self.ws.send(frame if isinstance(frame, str) else json.dumps(frame))
        except ConnectionClosed:
            pass

    def receive(self, seconds=10):
        """The next frame that is not house-keeping, with its text."""
        try:
            return self.frames.get(timeout=seconds)
        except queue.Empty:
            raise AssertionError(f"no frame from the daemon within {seconds} s") from None

    def invocation(self, seconds=10):
        frame, text = self.receive(seconds)
        assert frame["type"] == "invokefunction", frame
        return frame, text

    def invoke(self, function_id, data="{}", **members):
        """Calls a function of the daemon's: `data` and other members are JSON texts, sent as they are. Returns the id."""
        id = str(uuid.uuid4())
        rest = "".join(f',{json.dumps(k)}:{v}' for k, v in members.items())
        self.send(f'{{"type":"invokefunction","invocation_id":"{id}","function_id":{json.dumps(function_id)},"data":{data}{rest}}}')
        return id

    def outcome(self, id, seconds=10):
        """The result frame of that invocation, with its text; nothing else may come before."""
        frame, text = self.receive(seconds)
        assert frame["type"] == "invocationresult" and frame["invocation_id"].lower() == id, frame
        return frame, text

    def quiet(self, seconds=0.3):
        try:
            frame, _ = self.frames.get(timeout=seconds)
        except queue.Empty:
            return
        raise AssertionError(f"quiet, but got {json.dumps(frame)[:300]}")

    def wait_registered(self, *ids, seconds=10):
        eventually(lambda: set(ids) <= set(self.functions), seconds, what=f"registration of {ids}")

    def close(self, code=1000, reason=""):
        self.ws.close(code, reason)

    def drop(self, reset=False):
        """TCP just ends, without a close frame."""
        try:
            if reset:
                # The reader thread holds the descriptor; closing a duplicate would not send the reset.
                self.ws.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.ws.socket.close()
            else:
                self.ws.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def wait_closed(self, seconds=10):
        assert self.closed.wait(seconds), f"the connection is still open after {seconds} s"
        return self.close_code


class ScriptedEngine:
    """Listens on a port of its own; each connection goes to `accept`."""

    def __init__(self, *, greeting=True, house_keeping=True, port=None, process_request=None, **options):
        self.greeting = greeting
        self.house_keeping = house_keeping
        self.refused = {}  # function id -> code of the refusal
        self.accepted = queue.Queue()
        self.connections = []
        self.process_request = process_request
        self.options = options
        self.port = port or free_port()
        self.open()

    def open(self):
        # A socket that was made elsewhere has its address.
        address = () if "sock" in self.options else ("127.0.0.1", self.port)
        self.server = serve(self.handle, *address, compression=None, max_size=None, ping_interval=None,
                            logger=SILENT, close_timeout=1, process_request=self.request, **self.options)
        self.port = self.server.socket.getsockname()[1]
        self.url = f"ws://127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def request(self, ws, request):
        self.last_request = request
        if self.process_request:
            return self.process_request(ws, request)
        return None

    def handle(self, ws):
        connection = EngineConnection(self, ws)
        self.connections.append(connection)
        self.accepted.put(connection)
        connection.pump()

    def accept(self, seconds=15):
        """The next connection that the daemon opens."""
        try:
            return self.accepted.get(timeout=seconds)
        except queue.Empty:
            raise AssertionError(f"the daemon did not connect within {seconds} s") from None

    def stop_listening(self):
        self.server.shutdown()
        self.thread.join(5)

    def close(self):
        self.stop_listening()  # first: who is dropped may come back at once
        for connection in self.connections:
            connection.drop()


class RawListener:
    """A TCP port that speaks whatever the test writes: for handshakes that go wrong."""

    def __init__(self, port=0):
        self.socket = socket.create_server(("127.0.0.1", port))
        self.port = self.socket.getsockname()[1]
        self.url = f"ws://127.0.0.1:{self.port}"
        self.open = []

    def accept(self, seconds=15):
        self.socket.settimeout(seconds)
        connection, _ = self.socket.accept()
        connection.settimeout(10)
        self.open.append(connection)
        return connection

    def read_request(self, connection):
        data = b""
        while b"\r\n\r\n" not in data:
            more = connection.recv(4096)
            assert more, data
            data += more
        return data

    def close(self):
        for connection in self.open:
            connection.close()
        self.socket.close()


def wait_listening(port, seconds=10):
    def knock():
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            return False

    return eventually(knock, seconds, what=f"something listens on port {port}")
