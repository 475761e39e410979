"""What real SDKs said to real engines (Tests/Fixtures/recorded), said to the development engine: it must answer the same."""
import json
import re
import sys
from contextlib import ExitStack

import pytest
from websockets.sync.client import connect

from harness.programs import ROOT, Engine

sys.path.insert(0, str(ROOT / "Tests/Tools"))
from enginecheck import match  # noqa: E402

RECORDED = ROOT / "Tests/Fixtures/recorded"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
#: What is no conversation alone: the engine was killed in the one, and asked by HTTP and by the clock in the other.
LEFT_OUT = {"reconnect", "builtin_triggers"}
FILES = [path for path in sorted(RECORDED.glob("*/*/*.jsonl")) if path.stem not in LEFT_OUT]
#: Lists that also hold what belongs to the engine itself, which no two engines share.
LISTS = ("functions", "workers", "triggers", "registered_triggers")


class Replay:
    """The workers' side of a recording, on connections of its own."""

    def __init__(self, engine, path):
        self.engine, self.is_old = engine, "engine-0.13" in str(path)
        self.messages = [json.loads(line) for line in path.read_text().splitlines()]
        self.connections, self.inboxes = {}, {}
        self.names = {}
        said = [json.loads(m["text"]) for m in self.messages if m.get("dir") == "w2e" and "text" in m and m["path"] == "/"]
        self.workers = {f["data"]["name"] for f in said if f.get("function_id") == "engine::workers::register"}

    def play(self):
        with ExitStack() as self.opened:
            for message in self.messages:
                if message["path"].split("?")[0] == "/":
                    self.step(message)
            assert not any(self.inboxes.values()), f"more than the real engine said: {self.inboxes}"

    def step(self, message):
        number = message["conn"]
        if "open" in message:
            self.connections[number] = self.opened.enter_context(
                connect(self.engine.url + message["path"], max_size=None, compression=None))
            self.inboxes[number] = []
        elif message.get("dir") == "w2e" and "text" in message:
            self.send(number, UUID.sub(lambda found: self.names.get(f"${found[0]}", found[0]), message["text"]))
        elif message.get("dir") == "e2w" and "text" in message:
            self.expect(number, json.loads(message["text"]))
        elif message.get("dir") == "w2e" and "close" in message:
            self.connections[number].close()

    def send(self, number, text):
        """Sends a frame, and waits until the engine has handled it."""
        self.connections[number].send(text)
        self.connections[number].send('{"type":"ping"}')
        while (frame := self.connections[number].recv(timeout=5)) != '{"type":"pong"}':
            self.inboxes[number].append(frame)

    def expect(self, number, recorded):
        inbox = self.inboxes[number]
        text = inbox.pop(0) if inbox else self.connections[number].recv(timeout=5)
        match(self.pattern(recorded), self.own(json.loads(text)), self.names, recorded["type"])

    def own(self, value, name=None):
        """Without what belongs to the engine, and without trace contexts of newer engines, which make some of their own."""
        if isinstance(value, dict):
            return {k: self.own(v, k) for k, v in value.items() if self.is_old or k not in ("traceparent", "baggage")}
        if isinstance(value, list):
            if name in LISTS:
                value = [row for row in value if {row.get("worker_name"), row.get("name")} & self.workers]
            return [self.own(element) for element in value]
        return value

    def pattern(self, value):
        return self.shape(self.own(value))

    def shape(self, value, name=None):
        """A pattern of what must be the same: ids are those of this conversation, times are times."""
        if isinstance(value, dict):
            return {k: self.shape(v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [self.shape(element) for element in value]
        if name == "traceparent" or value == "(left out)":
            return "*string"
        if name in ("connected_at_ms", "active_invocations"):
            return "*int"
        if isinstance(value, str) and UUID.fullmatch(value):
            return f"${value}"
        return value


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(RECORDED)).removesuffix(".jsonl"))
def test_it_says_what_a_real_engine_said(place, path):
    version = "0.13" if "engine-0.13" in str(path) else "0.23"
    Replay(Engine(place, "--compat", version), path).play()
