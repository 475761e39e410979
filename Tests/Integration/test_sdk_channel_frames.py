"""What the SDK in Swift sends about a channel, beside what the recordings of the real Python SDK have for the same."""
import json
import threading
from urllib.parse import parse_qs, urlsplit

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import serve

from harness.place import eventually
from harness.programs import ROOT
from harness.scripted_engine import SILENT

FILES = sorted((ROOT / "Tests/Fixtures/recorded").glob("*/*/channels.jsonl"))
REFERENCES = {end: {"channel_id": "c-1", "access_key": "k-1", "direction": direction}
              for end, direction in (("writer", "write"), ("reader", "read"))}


class Recorder:
    """An engine that knows one channel, and keeps what is written as the recordings have it."""

    def __init__(self):
        self.frames, self.upgrades, self.items = [], [], []
        self.server = serve(self.handle, "127.0.0.1", 0, compression=None, max_size=None, logger=SILENT)
        self.url = f"ws://127.0.0.1:{self.server.socket.getsockname()[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def handle(self, ws):
        try:
            if ws.request.path.startswith("/ws/channels/"):
                self.upgrades.append(ws.request.path)
                for message in ws:
                    self.items.append({"text": message} if isinstance(message, str) else {"bytes": len(message)})
                self.items.append({"close": ws.close_code})
            else:
                self.serve_worker(ws)
        except ConnectionClosed:
            pass

    def serve_worker(self, ws):
        ws.send(json.dumps({"type": "workerregistered", "worker_id": "w-1", "reattach_token": "t-1"}))
        for text in ws:
            frame = json.loads(text)
            self.frames.append(frame)
            if frame.get("invocation_id"):
                result = {"engine::channels::create": REFERENCES}.get(frame["function_id"], {"success": True, "value": None})
                ws.send(json.dumps({"type": "invocationresult", "invocation_id": frame["invocation_id"],
                                    "function_id": frame["function_id"], "result": result}))

    def close(self):
        self.server.shutdown()
        self.thread.join(5)


@pytest.fixture
def recorder(place):
    recorder = Recorder()
    place.on_end(recorder.close)
    return recorder


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-3]} {path.parts[-2]}")
def test_messages_are_those_of_the_recordings(recorder, swift, path):
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    theirs = [line for line in lines if line.get("dir") == "w2e" and "dir=write" in line["path"]]
    create = next(json.loads(line["text"]) for line in lines if "engine::channels::create" in line.get("text", ""))

    worker = swift(recorder.url)
    worker.do("create_channel", name="c")
    # As the recorded program did it: some bytes at once, a text, the end.
    worker.do("write", name="c", size=sum(line.get("bytes", 0) for line in theirs))
    worker.do("send_text", name="c", text=next(line["text"] for line in theirs if "text" in line))
    worker.do("close", name="c")
    expected = [{name: line[name] for name in ("bytes", "text", "close") if name in line} for line in theirs]
    eventually(lambda: recorder.items[-1:] == expected[-1:])
    assert recorder.items == expected

    recorded, ours = urlsplit(theirs[0]["path"]), urlsplit(recorder.upgrades[0])
    assert recorded.path.rpartition("/")[0] == ours.path.rpartition("/")[0]
    assert list(parse_qs(recorded.query)) == list(parse_qs(ours.query)) == ["key", "dir"]
    frame = next(frame for frame in recorder.frames if frame["function_id"] == "engine::channels::create")
    # The default namespace is said by the SDKs also where nothing else could be meant: docs/engine-frames.md.
    assert set(frame) == set(create) - {"namespace"} and set(frame["data"]) == set(create["data"])
