"""Programs that never stop calling, and a worker that always comes back; every call is accounted for."""
import collections
import itertools
import json
import threading

from harness.local_client import LocalClient, LocalError
from harness.place import eventually

FUNCTION = "load::echo"
#: What a call may end in while the daemon restarts; everything else is a fault.
PASSING = {"SHUTTING_DOWN", "NOT_CONNECTED", "function_not_found", "invocation_stopped"}


class Load:
    """Some programs that connect for each call, and some that keep their connection. Counts how each call ended:

    `result`, or the code of an error; `unsent` when the connection was closed before the call was written, which is then
    made again. Faults (a refused connection, a call without an outcome, a wrong result) are kept as texts.
    """

    def __init__(self, path, oneshot=6, lasting=6):
        self.path = path
        self.ended = threading.Event()
        self.outcomes = collections.Counter()
        self.faults = []
        self.numbers = itertools.count(1)
        self.lock = threading.Lock()
        self.worker_client = None
        self.threads = [threading.Thread(target=self.serve, daemon=True)]
        self.threads[0].start()
        eventually(lambda: self.attempt(LocalClient(path)) == "result", 30, what="an answer of the load's worker")
        self.outcomes.clear()
        for program in [self.oneshot] * oneshot + [self.lasting] * lasting:
            thread = threading.Thread(target=self.guard, args=(program,), daemon=True)
            self.threads.append(thread)
            thread.start()

    def guard(self, program):
        try:
            program()
        except Exception as problem:
            self.faults.append(f"{program.__name__}: {problem!r}")

    def connect(self):
        return LocalClient(self.path)  # an OSError is a refused connection: a fault

    def oneshot(self):
        while not self.ended.is_set():
            client = self.connect()
            self.attempt(client)
            client.close()

    def lasting(self):
        client = self.connect()
        while not self.ended.is_set():
            if self.attempt(client) is None:
                client.close()
                client = self.connect()
        client.close()

    def attempt(self, client):
        """One call. Returns its outcome; None when the connection is over."""
        number = next(self.numbers)
        try:
            request = client.request("trigger", {"function_id": FUNCTION, "payload": number})
        except BrokenPipeError:
            # Nothing was taken: this call was never made.
            return self.count("unsent")
        try:
            result = client.result(request, 60)
        except LocalError as error:
            if error.code not in PASSING:
                self.faults.append(f"call {number}: {error}")
            return self.count(error.code)
        except (EOFError, OSError) as problem:
            self.faults.append(f"call {number}: no outcome: {problem!r}")
            return None
        if result != number:
            self.faults.append(f"call {number}: got {result}")
        return self.count("result")

    def count(self, outcome):
        with self.lock:
            self.outcomes[outcome] += 1
        return None if outcome == "unsent" else outcome

    def serve(self):
        """The worker: echoes, and registers again whenever its connection has ended."""
        while not self.ended.is_set():
            client = self.worker_client = LocalClient(self.path)
            try:
                client.request("register_function", {"function_id": FUNCTION, "max_in_flight": 16})
                while (line := client.receive_line(3600)) is not None:
                    message = json.loads(line)
                    if message.get("method") == "invoke":
                        client.reply(message, message["params"]["payload"])
            except OSError:
                pass
            client.close()

    def more_results(self, count=50, seconds=90, tolerant=False):
        """Waits until that many more calls had a result, or until a fault unless `tolerant`."""
        wanted = self.outcomes["result"] + count
        eventually(lambda: self.outcomes["result"] >= wanted or self.faults and not tolerant, seconds, what=f"{count} more results; {self.outcomes}")

    def end(self):
        """Stops, and tells how the calls ended; a fault is an error."""
        self.ended.set()
        for thread in self.threads[1:]:
            thread.join(90)
            assert not thread.is_alive(), "a call hangs"
        try:
            self.worker_client.socket.shutdown(2)
        except OSError:
            pass
        self.threads[0].join(30)
        assert not self.faults, (len(self.faults), self.faults[:10], self.outcomes)
        return self.outcomes
