"""Bodies and answers of HTTP requests through the real SDK's channels."""
import hashlib
import http.client
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from harness.place import eventually
from harness.programs import ROOT, Engine, resident_kilobytes
from harness.sdk import VERSIONS
from harness.web import RawWebClient


class Web:
    """An engine that serves HTTP, and the SDK's functions behind it."""

    def __init__(self, place, version):
        self.place = place
        self.engine = Engine(place, "--http-port", "0")
        self.port = int(re.search(r"http is served on http://127\.0\.0\.1:(\d+)", self.engine.process.log_path.read_text())[1])
        program = Path(__file__).with_name("harness") / "sdk_web_program.py"
        self.worker = place.start("sdk-web", [ROOT / f".build/venv-{version}/bin/python", program, self.engine.url, place.dir],
                                  stdin=subprocess.PIPE)
        place.on_end(self.end)
        eventually(lambda: self.ask("nothing")[0] == 204, 40, what="the functions are bound")

    def end(self):
        self.worker.stdin.close()
        try:
            self.worker.wait(5)
        except subprocess.TimeoutExpired:
            self.worker.kill()
            self.worker.wait()

    def ask(self, name, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", "/" + name, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def raw(self):
        client = RawWebClient(self.port)
        self.place.on_end(client.close)
        return client


@pytest.fixture
def web(place):
    return lambda version="newest": Web(place, version)


@pytest.mark.parametrize("version", VERSIONS)
def test_bodies_cross_unchanged(web, version):
    web = web(version)
    body = os.urandom(5_000_000)
    status, headers, answer = web.ask("copy", body, {"Content-Type": "application/octet-stream"})
    assert (status, headers["X-Kind"], headers["Transfer-Encoding"]) == (202, "copy", "chunked")
    assert answer == body
    told = json.loads(web.ask("digest", body)[2])
    assert told == {"size": len(body), "sha256": hashlib.sha256(body).hexdigest(), "json": None}
    # A JSON body comes both ways.
    text = json.dumps({"a": ["x" * 100_000, 1]}).encode()
    told = json.loads(web.ask("digest", text, {"Content-Type": "application/json"})[2])
    assert (told["size"], told["json"]) == (len(text), {"a": ["x" * 100_000, 1]})


@pytest.mark.parametrize("version", VERSIONS)
def test_answer_flows_while_the_body_still_comes(web, version):
    client = web(version).raw()
    client.send("POST /copy HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
    assert b"first" in client.read_until(b"first")
    client.send("6\r\nsecond\r\n")
    assert b"second" in client.read_until(b"second")
    client.send("0\r\n\r\n")
    client.read_until(b"0\r\n\r\n")
    # Both ends are where they should be: the connection goes on.
    client.send("POST /nothing HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b"HTTP/1.1 204 No Content\r\nX-Kind: nothing\r\n" in client.read_until(b"\r\n\r\n")


def test_the_helper_of_the_sdk(web):
    status, headers, body = web().ask("wrapped", b"through it")
    assert (status, headers["X-Kind"], body) == (203, "POST", b"through it")


def test_old_clients_get_the_body_up_to_the_end(web):
    client = web().raw()
    client.send("POST /copy HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello")
    head, body = client.read().split(b"\r\n\r\n", 1)
    assert b"chunked" not in head and b"Connection: close" in head and body == b"hello"


def test_function_waits_for_a_client_that_does_not_read(web):
    web = web()
    before = resident_kilobytes(web.engine.process.pid)
    client = web.raw()
    client.send("POST /flood HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    written = web.place.dir / "written"
    stands = []

    def stopped():
        stands.append(written.read_text() if written.exists() else "")
        return len(stands) > 20 and stands[-1] and stands[-1] == stands[-20]

    eventually(stopped, 20, what="the function waits")
    assert int(stands[-1]) < 900
    assert resident_kilobytes(web.engine.process.pid) - before < 30_000
    body = client.read(30).split(b"\r\n\r\n", 1)[1]
    assert written.read_text() == "1024"
    assert len(re.findall(rb"0{4}\r\n", body)) >= 1 and body.endswith(b"0\r\n\r\n")
    pieces = b"".join(piece for piece in re.split(rb"\r\n", body) if len(piece) == 65536)
    assert hashlib.sha256(pieces).digest() == hashlib.sha256(b"".join(b"%08d" % n * 8192 for n in range(1024))).digest()


def test_client_waits_for_a_function_that_does_not_read(web):
    web = web()
    before = resident_kilobytes(web.engine.process.pid)
    body = os.urandom(65536) * 1024
    client = web.raw()
    client.send(f"POST /hesitate HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n")
    client.socket.settimeout(1)
    sent = 0
    try:
        while sent < len(body):
            sent += client.socket.send(body[sent:sent + 65536])
    except TimeoutError:
        pass
    assert sent < len(body), "nobody made the client wait"
    assert resident_kilobytes(web.engine.process.pid) - before < 30_000
    (web.place.dir / "go").touch()
    client.socket.settimeout(30)
    client.socket.sendall(body[sent:])
    told = json.loads(client.read(30).split(b"\r\n\r\n", 1)[1])
    assert told["sha256"] == hashlib.sha256(body).hexdigest()


def test_body_that_nobody_reads_ends_the_connection_behind_the_answer(web):
    """The function answers without a look at the body: what is left of it is not the next request."""
    client = web().raw()
    client.send("POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nGET / HTTP/1.1\r\n\r\n")
    answer = client.read()
    assert answer.startswith(b"HTTP/1.1 204 ") and b"Connection: close" in answer and answer.count(b"HTTP/1.1") == 1


def test_client_that_goes_lets_the_writer_go(web):
    web = web()
    client = web.raw()
    client.send("POST /flood HTTP/1.1\r\nHost: x\r\n\r\n")
    client.read_until(b"00000001")
    client.close()
    # The worker is not harmed by it, and others are served.
    eventually(lambda: web.ask("copy", b"next")[2] == b"next", what="the next request")
    assert web.worker.poll() is None


def test_the_swift_sdk_reads_and_answers(place, swift):
    engine = Engine(place, "--http-port", "0")
    port = re.search(r"http is served on http://127\.0\.0\.1:(\d+)", engine.process.log_path.read_text())[1]
    worker = swift(engine.url)
    # Nothing is returned: the answer comes through the channel.
    worker.register("web::f", "nothing")
    worker.do("bind", trigger_type="http", function_id="web::f", config={"api_path": "f", "http_method": "POST"})
    worker.trigger("engine::workers::list", {})  # answered behind the binding
    client = RawWebClient(int(port))
    place.on_end(client.close)
    size = 3_000_000
    client.send(f"POST /f HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {size}\r\n\r\n".encode() + b"x" * size)
    _, data = worker.wait_invoked()
    worker.do("open", name="body", ref=data["request_body"])
    assert worker.do("read_all", name="body") == size
    worker.do("open", name="answer", ref=data["response"])
    worker.do("send_text", name="answer", text='{"type":"set_status","status_code":201}')
    worker.do("write", name="answer", size=size)
    worker.do("close", name="answer")
    answer = client.read()
    assert answer.startswith(b"HTTP/1.1 201 Created\r\n") and answer.endswith(b"0\r\n\r\n") and len(answer) > size
