"""Telemetry of workers: the Swift SDK's spans, log lines and metrics, those of the Python SDKs, and engines that do not take any."""
import json
import socket
import threading

import pytest

from harness.programs import Engine
from harness.place import eventually
from harness.sdk import VERSIONS


def ask(worker, function, **data):
    return worker.trigger(function, data)


def spans_named(worker, name):
    return [span for span in ask(worker, "engine::traces::list", search_all_spans=True)["spans"] if span["name"] == name]


def payload(span, event):
    attributes = dict(next(e for e in span["events"] if e["name"] == event)["attributes"])
    return json.loads(attributes["iii.payload.json"])


def test_swift_telemetry_arrives(engine, swift):
    worker = swift(engine.url, OTEL_SERVICE_NAME="shop")
    worker.register("t::log", "log")
    worker.register("t::fail", "fail")
    worker.trigger("t::log", {"a": 1, "password": "hunter2"})
    with pytest.raises(Exception, match="NO_LUCK"):
        worker.trigger("t::fail", {})
    span = eventually(lambda: spans_named(worker, "execute t::log"))[0]
    assert span["service_name"] == "shop"
    assert span["status"] == "ok"
    assert payload(span, "iii.invocation.input")["password"] == "[REDACTED]"
    assert payload(span, "iii.invocation.output") is None
    failed = eventually(lambda: spans_named(worker, "execute t::fail"))[0]
    assert (failed["status"], failed["status_description"]) == ("error", "no such luck")
    assert any(event["name"] == "exception" for event in failed["events"])
    log = eventually(lambda: [log for log in ask(worker, "engine::logs::list")["logs"] if log["body"] == "handled"])[0]
    assert (log["trace_id"], log["span_id"]) == (span["trace_id"], span["span_id"])
    assert log["attributes"]["service.name"] == "swift.log"
    assert log["attributes"]["log.data"]["k"] == 1


def test_last_words_are_sent_at_the_end(engine, swift):
    worker, other = swift(engine.url, "going"), swift(engine.url, "staying")
    worker.register("t::log", "log")
    other.wait_row("t::log")
    other.trigger("t::log", {})
    worker.do("shutdown")
    # Metrics are sent every minute, and at the end; they come over a connection of their own.
    metrics = {}

    def all_there():
        metrics.update((metric["name"], metric) for metric in ask(other, "engine::metrics::list")["sdk_metrics"])
        return {"iii.worker.memory.rss", "iii.worker.uptime_seconds", "iii.worker.invocations",
                "iii.worker.invocation.duration"} <= set(metrics)

    eventually(all_there, what="the metrics")
    rss = metrics["iii.worker.memory.rss"]["data_points"][0]
    assert rss["value"] > 1 << 20
    attributes = dict(rss["attributes"])
    assert attributes["worker.name"] == "going" and attributes["worker.id"]
    assert eventually(lambda: spans_named(other, "execute t::log"))


@pytest.mark.parametrize("version", ["newest"])
def test_one_trace_through_python_swift_python(engine, sdk, swift, version):
    python = sdk(version, engine.url, "python", TEST_TELEMETRY="1", III_URL=engine.url)
    worker = swift(engine.url)
    python.register("p::inner", "echo")
    worker.register("s::middle", "forward", value="p::inner")
    python.register("p::outer", "forward", value="s::middle")
    worker.wait_row("p::outer")  # the last of its connection: p::inner came before
    assert python.trigger("p::outer", {"x": 1})["x"] == 1
    names = ["execute p::outer", "execute s::middle", "execute p::inner"]
    spans = [eventually(lambda name=name: spans_named(worker, name), 20)[0] for name in names]
    assert len({span["trace_id"] for span in spans}) == 1
    node = ask(worker, "engine::traces::tree", trace_id=spans[0]["trace_id"])["roots"][0]
    below = []
    while True:
        below.append(node["name"])
        if not node["children"]:
            break
        node = node["children"][0]
    assert [name for name in below if name in names] == names


@pytest.mark.parametrize("version", VERSIONS)
def test_python_telemetry_is_stored(engine, sdk, swift, version):
    python = sdk(version, engine.url, "python", TEST_TELEMETRY="1", III_URL=engine.url)
    worker = swift(engine.url)
    python.register("p::f", "echo")
    worker.wait_row("p::f")
    worker.trigger("p::f", {"password": "hunter2"})
    name = "call wrapped" if version == "0.13.0" else "execute p::f"
    span = eventually(lambda: spans_named(worker, name), 20)[0]
    assert payload(span, "iii.invocation.input")["password"] == "[REDACTED]"
    caller = eventually(lambda: spans_named(worker, "execute p::f"), 20) if version != "0.13.0" else True
    assert caller


def test_switched_off_nothing_is_sent(engine, swift):
    worker, other = swift(engine.url, "off", OTEL_ENABLED="0"), swift(engine.url, "on")
    worker.register("t::off", "log")
    other.register("t::on", "log")
    other.wait_row("t::off")
    other.trigger("t::off", {})
    other.trigger("t::on", {})
    assert eventually(lambda: spans_named(other, "execute t::on"))
    assert not spans_named(other, "execute t::off")


class Gate:
    """Passes connections for `/` on to an engine; what comes for `/otel` is refused, or taken and never read."""

    def __init__(self, place, port, answers):
        self.port, self.answers = port, answers
        self.asked = threading.Event()
        self.kept = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"ws://127.0.0.1:{self.listener.getsockname()[1]}"
        place.on_end(self.listener.close)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        head = b""
        while b"\r\n\r\n" not in head:
            piece = client.recv(4096)
            if not piece:
                return
            head += piece
        server = socket.create_connection(("127.0.0.1", self.port))
        if head.startswith(b"GET /otel"):
            self.asked.set()
            if not self.answers:
                client.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                return client.close()
            # The handshake, and then nothing is read any more.
            server.sendall(head)
            client.sendall(server.recv(4096))
            self.kept += [client, server]
            return None
        server.sendall(head)
        for source, target in ((client, server), (server, client)):
            threading.Thread(target=self.copy, args=(source, target), daemon=True).start()

    @staticmethod
    def copy(source, target):
        try:
            while piece := source.recv(65536):
                target.sendall(piece)
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def memory(process):
    with open(f"/proc/{process.pid}/statm") as file:
        return int(file.read().split()[1]) * 4096


@pytest.mark.parametrize("answers", [False, True], ids=["no otel endpoint", "a sink that never reads"])
def test_worker_goes_on_without_a_sink(place, engine, swift, answers):
    gate = Gate(place, engine.port, answers)
    worker = swift(gate.url, OTEL_SPANS_FLUSH_INTERVAL_MS="20", OTEL_LOGS_FLUSH_INTERVAL_MS="20")
    worker.register("t::log", "log")
    worker.trigger("t::log", {})
    assert gate.asked.wait(10)
    before = memory(worker.process)
    request = {"function_id": "t::log", "payload": {"text": "x" * 15_000}}
    for _ in range(30):
        numbers = [worker.begin("trigger", request=request) for _ in range(50)]
        assert [worker.finish(number) for number in numbers] == [None] * 50
    # 1,500 lines of 15 KB make 22 MB: of them 8 MB may wait, twice over while they are written.
    assert memory(worker.process) - before < 60 << 20
    assert worker.do("state") == "connected"


def test_worker_outlives_its_engine(place, swift):
    engine = Engine(place)
    worker = swift(engine.url)
    worker.register("t::log", "log")
    worker.trigger("t::log", {})
    engine.process.kill()
    engine.process.wait()
    assert eventually(lambda: worker.do("state") != "connected")
    worker.do("shutdown")
    worker.process.stdin.close()
    assert worker.process.wait(5) == 0
