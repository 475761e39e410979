"""The real Python SDK, in a process of its own, in the version that is asked for."""
import itertools
import json
import queue
import subprocess
import threading
from pathlib import Path

from .programs import ROOT

#: Versions whose environments scripts/python-env makes.
VERSIONS = ["0.13.0", "newest"]


class SDKError(Exception):
    def __init__(self, error):
        super().__init__(f"{error['code']}: {error['message']}")
        self.class_name = error["class"]
        self.code = error["code"]
        self.message = error["message"]
        self.stacktrace = error["stacktrace"]


class SDKProcess:
    def __init__(self, place, version, url, name):
        python = ROOT / f".build/venv-{version}/bin/python"
        assert python.exists(), f"{python} is missing: scripts/python-env makes it"
        self.process = place.start(f"sdk-{name}", [python, Path(__file__).with_name("sdk_program.py"), url, name],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        place.on_end(self.close)
        self.numbers = itertools.count(1)
        self.answers = {}
        self.invoked = queue.Queue()
        self.ready = threading.Event()
        self.changed = threading.Condition()
        threading.Thread(target=self.read, daemon=True).start()
        assert self.ready.wait(20), "the SDK did not connect"

    def read(self):
        for text in self.process.stdout:
            line = json.loads(text)
            if "ready" in line:
                self.ready.set()
            elif "invoked" in line:
                self.invoked.put((line["invoked"], line["data"]))
            else:
                with self.changed:
                    self.answers[line["n"]] = line
                    self.changed.notify_all()

    def begin(self, do, **members):
        number = next(self.numbers)
        self.process.stdin.write(json.dumps({"n": number, "do": do, **members}) + "\n")
        self.process.stdin.flush()
        return number

    def finish(self, number, seconds=20):
        with self.changed:
            assert self.changed.wait_for(lambda: number in self.answers, seconds), f"the SDK did not answer within {seconds} s"
        line = self.answers.pop(number)
        if "error" in line:
            raise SDKError(line["error"])
        return line["ok"]

    def register(self, function_id, behaviour="echo"):
        self.finish(self.begin("register", function_id=function_id, behaviour=behaviour))

    def trigger(self, function_id, payload=None, seconds=20, **request):
        return self.finish(self.begin("trigger", request={"function_id": function_id, "payload": payload, **request}), seconds)

    def wait_invoked(self, seconds=10):
        try:
            return self.invoked.get(timeout=seconds)
        except queue.Empty:
            raise AssertionError(f"no function of the SDK was called within {seconds} s") from None

    def close(self):
        if self.process.poll() is None:
            try:
                self.process.stdin.close()
                self.process.wait(5)
            except (OSError, subprocess.TimeoutExpired):
                self.process.kill()
                self.process.wait()
