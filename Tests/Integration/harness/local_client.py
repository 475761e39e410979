"""A local program: lines of JSON over the Unix socket."""
import collections
import itertools
import json
import socket
import threading
import time


class LocalError(Exception):
    """An error response. `code` is the string in `data.code`, `number` the integer."""

    def __init__(self, error):
        super().__init__(json.dumps(error)[:600])
        self.error = error
        self.number = error["code"]
        self.message = error["message"]
        self.data = error.get("data", {})
        self.code = self.data.get("code")


class LocalClient:
    def __init__(self, path, *, receive_buffer=None):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.connect(str(path))  # blocking: with a timeout, a full backlog would be an error
        self.buffer = bytearray()
        self.scanned = 0
        self.set_aside = collections.deque()
        self.numbers = itertools.count(1)

    # Sending

    def send_bytes(self, data):
        self.socket.settimeout(30)
        self.socket.sendall(data)

    def send(self, message):
        """A message, or a line as text; LF is added."""
        text = message if isinstance(message, str) else json.dumps(message)
        self.send_bytes(text.encode() + b"\n")

    def request(self, method, params=None, id=None):
        id = next(self.numbers) if id is None else id
        self.send({"id": id, "method": method, **({} if params is None else {"params": params})})
        return id

    def reply(self, invoke, result):
        self.send({"id": invoke["id"], "result": result})

    def fail(self, invoke, **error):
        self.send({"id": invoke["id"], "error": error})

    def half_close(self):
        self.socket.shutdown(socket.SHUT_WR)

    def close(self):
        self.socket.close()

    # Receiving

    def receive_line(self, seconds=10):
        """The next line without its LF, as it came; None at the end of the stream."""
        deadline = time.monotonic() + seconds
        while True:
            at = self.buffer.find(b"\n", self.scanned)
            if at >= 0:
                line = bytes(self.buffer[:at])
                del self.buffer[:at + 1]
                self.scanned = 0
                return line
            self.scanned = len(self.buffer)
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"no line within {seconds} s; so far {bytes(self.buffer[:200])!r}")
            self.socket.settimeout(left)
            try:
                data = self.socket.recv(1 << 20)
            except TimeoutError:
                continue
            except ConnectionResetError:
                return None
            if not data:
                assert not self.buffer, f"the stream ends within a line: {bytes(self.buffer[:200])!r}"
                return None
            self.buffer += data

    def receive(self, seconds=10):
        """The next message, whatever it is. Each must be one valid JSON-RPC line."""
        line = self.receive_line(seconds)
        if line is None:
            raise EOFError("the daemon closed the connection")
        message = json.loads(line)
        if isinstance(message, dict):
            assert message.get("jsonrpc") == "2.0", line[:300]
        return message

    def response(self, id, seconds=10):
        """The response to one request; what else comes meanwhile is set aside for `next`."""
        deadline = time.monotonic() + seconds
        for message in list(self.set_aside):
            if "method" not in message and message.get("id") == id:
                self.set_aside.remove(message)
                return message
        while True:
            message = self.receive(max(deadline - time.monotonic(), 0.001))
            if "method" not in message and message.get("id") == id:
                return message
            self.set_aside.append(message)

    def result(self, id, seconds=10):
        message = self.response(id, seconds)
        if "error" in message:
            raise LocalError(message["error"])
        return message["result"]

    def call(self, method, params=None, seconds=10):
        return self.result(self.request(method, params), seconds)

    def trigger(self, function_id, payload=None, seconds=10, **params):
        return self.call("trigger", {"function_id": function_id, "payload": payload, **params}, seconds)

    def error_of(self, method, params=None, seconds=10):
        """The error that this call ends in."""
        message = self.response(self.request(method, params), seconds)
        assert "error" in message, f"no error: {json.dumps(message)[:300]}"
        return LocalError(message["error"])

    def next(self, method, seconds=10):
        """The next request or notification of that method; other messages are set aside."""
        deadline = time.monotonic() + seconds
        for message in list(self.set_aside):
            if message.get("method") == method:
                self.set_aside.remove(message)
                return message
        while True:
            message = self.receive(max(deadline - time.monotonic(), 0.001))
            if message.get("method") == method:
                return message
            self.set_aside.append(message)

    def invoke(self, seconds=10):
        return self.next("invoke", seconds)

    def quiet(self, seconds=0.3):
        """Nothing arrives for that long."""
        assert not self.set_aside, f"set aside: {list(self.set_aside)}"
        try:
            line = self.receive_line(seconds)
        except TimeoutError:
            return
        raise AssertionError(f"quiet, but got {line[:300] if line is not None else 'the end of the stream'!r}")

    def ended(self, seconds=10):
        """The daemon closes, and says nothing more before."""
        line = self.receive_line(seconds)
        assert line is None, f"end of stream expected, got {line[:300]!r}"

    # Registering

    def register(self, function_id, seconds=10, **options):
        result = self.call("register_function", {"function_id": function_id, **options}, seconds)
        assert result["state"] == "active", result
        return result


class LocalWorker:
    """Serves functions on a connection and a thread of its own: each handler takes params and returns a result, or raises."""

    def __init__(self, path, functions, **options):
        self.client = LocalClient(path)
        self.functions = functions
        self.invoked = []
        self.problem = None
        for function_id in functions:
            self.client.register(function_id, **options)
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        try:
            while True:
                line = self.client.receive_line(3600)
                if line is None:
                    return
                message = json.loads(line)
                if message.get("method") != "invoke":
                    continue
                self.invoked.append(message["params"])
                try:
                    answer = {"id": message["id"], "result": self.functions[message["params"]["function_id"]](message["params"])}
                except Exception as problem:  # what a handler raises is its result
                    answer = {"id": message["id"], "error": {"code": type(problem).__name__, "message": str(problem)}}
                self.client.send(answer)
        except OSError:
            return
        except Exception as problem:
            self.problem = problem

    def close(self):
        try:
            self.client.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.thread.join(5)
        self.client.close()
        assert self.problem is None, self.problem
