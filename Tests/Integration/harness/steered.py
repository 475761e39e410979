"""A program that is steered by lines of JSON, and tells its outcomes and events as lines of JSON."""
import itertools
import json
import queue
import subprocess
import threading

from .place import eventually


class SteeredError(Exception):
    """What a command has thrown, in the program's language."""

    def __init__(self, error):
        super().__init__(f"{error['code']}: {error['message']}")
        self.class_name = error["class"]
        self.code = error["code"]
        self.message = error["message"]
        self.stacktrace = error["stacktrace"]


class SteeredProgram:
    """One process; `invoked` holds the calls of its functions, `events` everything else that it tells."""

    def __init__(self, place, name, argv, environment=None):
        self.process = place.start(name, argv, env=place.environment(**(environment or {})), stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, text=True)
        place.on_end(self.close)
        self.numbers = itertools.count(1)
        self.answers = {}
        self.invoked = queue.Queue()
        self.metadata = {}  # of the last call of each function
        self.events = queue.Queue()
        self.ready = threading.Event()
        self.changed = threading.Condition()
        threading.Thread(target=self.read, daemon=True).start()
        assert self.ready.wait(40), f"{name} did not connect"

    def read(self):
        for text in self.process.stdout:
            line = json.loads(text)
            if "ready" in line:
                self.ready.set()
            elif "invoked" in line:
                self.metadata[line["invoked"]] = line.get("metadata")
                self.invoked.put((line["invoked"], line["data"]))
            elif "n" in line:
                with self.changed:
                    self.answers[line["n"]] = line
                    self.changed.notify_all()
            else:
                self.events.put(line)

    def begin(self, do, **members):
        number = next(self.numbers)
        self.process.stdin.write(json.dumps({"n": number, "do": do, **members}) + "\n")
        self.process.stdin.flush()
        return number

    def finish(self, number, seconds=20):
        with self.changed:
            assert self.changed.wait_for(lambda: number in self.answers, seconds), f"no answer within {seconds} s"
        line = self.answers.pop(number)
        if "error" in line:
            raise SteeredError(line["error"])
        return line["ok"]

    def do(self, what, seconds=20, **members):
        """Carries out one command, and waits for its outcome."""
        return self.finish(self.begin(what, **members), seconds)

    def register(self, function_id, behaviour="echo", **members):
        return self.do("register", function_id=function_id, behaviour=behaviour, **members)

    def trigger(self, function_id, payload=None, seconds=20, **request):
        return self.do("trigger", seconds, request={"function_id": function_id, "payload": payload, **request})

    def wait_row(self, function_id, seconds=40):
        """The engine's row of a function, once it has one: a registration of another connection may come behind our call."""

        def listed():
            try:
                # Asked on a connection that has just been lost, Python's SDK waits for this to pass.
                rows = self.trigger("engine::functions::list", {}, timeout_ms=2000)["functions"]
            except SteeredError:
                return None
            return next((row for row in rows if row["function_id"] == function_id), None)

        return eventually(listed, seconds, what=f"{function_id} at the engine")

    def wait_invoked(self, seconds=10):
        try:
            return self.invoked.get(timeout=seconds)
        except queue.Empty:
            raise AssertionError(f"no function was called within {seconds} s") from None

    def wait_event(self, seconds=10):
        try:
            return self.events.get(timeout=seconds)
        except queue.Empty:
            raise AssertionError(f"no event within {seconds} s") from None

    def kill(self):
        self.process.kill()
        self.process.wait()

    def close(self):
        if self.process.poll() is None:
            try:
                self.process.stdin.close()
                self.process.wait(5)
            except (OSError, subprocess.TimeoutExpired):
                self.process.kill()
                self.process.wait()
