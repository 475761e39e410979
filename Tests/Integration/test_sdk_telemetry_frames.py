"""What the SDK in Swift sends over /otel, member by member beside what the recordings of the real SDKs have."""
import json
import threading

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import serve

from harness.place import eventually
from harness.programs import ROOT
from harness.scripted_engine import SILENT

RECORDED = ROOT / "Tests/Fixtures/recorded/engine-0.23.0-rc.4"


class Sink:
    """An engine that calls one function, and keeps what comes over /otel by its prefix."""

    def __init__(self):
        self.kept = {}
        self.server = serve(self.handle, "127.0.0.1", 0, compression=None, max_size=None, logger=SILENT)
        self.url = f"ws://127.0.0.1:{self.server.socket.getsockname()[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def handle(self, ws):
        try:
            if ws.request.path == "/otel":
                for message in ws:
                    self.kept.setdefault(message[:4].decode(), []).append(json.loads(message[4:]))
            else:
                self.serve_worker(ws)
        except ConnectionClosed:
            pass

    def serve_worker(self, ws):
        ws.send(json.dumps({"type": "workerregistered", "worker_id": "w-1", "reattach_token": "t-1"}))
        for text in ws:
            frame = json.loads(text)
            if frame.get("type") == "registerfunction":
                ws.send(json.dumps({"type": "invokefunction", "invocation_id": "0b0e7c3e-0000-4000-8000-000000000001",
                                    "function_id": frame["id"], "data": {"a": 1}}))
            elif frame.get("type") == "invokefunction" and frame.get("invocation_id"):
                ws.send(json.dumps({"type": "invocationresult", "invocation_id": frame["invocation_id"],
                                    "function_id": frame["function_id"], "result": {"success": True, "value": None}}))

    def close(self):
        self.server.shutdown()
        self.thread.join(5)


@pytest.fixture
def sent(place, swift):
    """The worker's own frames for one call that logs a line: {"OTLP": …, "LOGS": …}."""
    sink = Sink()
    place.on_end(sink.close)
    worker = swift(sink.url, OTEL_ENABLED="1", OTEL_SERVICE_NAME="shop", SERVICE_VERSION="1.2.3")
    worker.register("tele::f", "log")
    eventually(lambda: {"OTLP", "LOGS"} <= set(sink.kept), 15, what="spans and log lines")
    return {prefix: sink.kept[prefix][0] for prefix in ("OTLP", "LOGS")}


def recorded(member, sdk="python-0.25.0"):
    for line in (RECORDED / sdk / "telemetry.jsonl").read_text().splitlines():
        message = json.loads(line)
        if message["path"] == "/otel" and message.get("text", "").startswith(f'{{"{member}"'):
            return json.loads(message["text"])
    raise AssertionError(member)


def attributes(item):
    return {attribute["key"]: attribute["value"] for attribute in item["attributes"]}


def test_spans_have_the_members_of_the_recordings(sent):
    ours, theirs = sent["OTLP"], recorded("resourceSpans")
    one, other = ours["resourceSpans"][0], theirs["resourceSpans"][0]
    assert set(attributes(one["resource"])) >= set(attributes(other["resource"]))
    assert attributes(one["resource"])["service.name"] == attributes(other["resource"])["service.name"]
    assert set(one["scopeSpans"][0]) >= {"scope", "spans"}
    span, model = one["scopeSpans"][0]["spans"][0], other["scopeSpans"][0]["spans"][0]
    assert set(span) >= set(model)
    assert (span["name"], len(span["traceId"]), len(span["spanId"])) == (model["name"], 32, 16)
    # OTLP's number for INTERNAL, as Node sends it; Python sends its own enumeration's, which is one less.
    assert span["kind"] == recorded("resourceSpans", "node-0.22.1")["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["kind"] == 1
    assert span["status"]["code"] == model["status"]["code"]
    assert [event["name"] for event in span["events"]] == [event["name"] for event in model["events"]]
    for event, like in zip(span["events"], model["events"], strict=True):
        assert set(attributes(event)) == set(attributes(like)) and set(event) >= set(like)


def test_log_lines_have_the_members_of_the_recordings(sent):
    ours, theirs = sent["LOGS"], recorded("resourceLogs")
    one, other = ours["resourceLogs"][0], theirs["resourceLogs"][0]
    assert set(attributes(one["resource"])) >= set(attributes(other["resource"]))
    assert one["scopeLogs"][0]["scope"]["name"] == other["scopeLogs"][0]["scope"]["name"] == "iii.logger"
    line, model = one["scopeLogs"][0]["logRecords"][0], other["scopeLogs"][0]["logRecords"][0]
    assert set(line) >= set(model)
    assert (line["severityNumber"], line["severityText"], line["body"]) == (9, "INFO", {"stringValue": "handled"})
    assert set(attributes(line)) == set(attributes(model)) == {"service.name", "log.data"}
    assert set(attributes(line)["log.data"]) == set(attributes(model)["log.data"]) == {"kvlistValue"}
    span = sent["OTLP"]["resourceSpans"][0]["scopeSpans"][0]["spans"][0]
    assert (line["traceId"], line["spanId"]) == (span["traceId"], span["spanId"])
