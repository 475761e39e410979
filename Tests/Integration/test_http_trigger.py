"""The trigger type http: real HTTP clients, the development engine, and workers behind it."""
import http.client
import json
import re
import subprocess
import time

import pytest

from harness.engine_peer import EnginePeer, FunctionPeer, PeerError
from harness.place import eventually
from harness.programs import Engine
from harness.web import RawWebClient


@pytest.fixture
def http_engine(place):
    """A development engine that serves HTTP on `http_port`."""
    engine = Engine(place, "--http-port", "0", "--log-level", "debug")
    found = re.search(r"the trigger type http is served on http://127\.0\.0\.1:(\d+)", engine.process.log_path.read_text())
    engine.http_port = int(found[1])
    return engine


@pytest.fixture
def worker(place, http_engine):
    return FunctionPeer(place, http_engine, "web")


@pytest.fixture
def raw(place, http_engine):
    """Opens a plain connection to the HTTP port."""

    def start():
        client = RawWebClient(http_engine.http_port)
        place.on_end(client.close)
        return client

    return start


def ask(engine, method, path, body=None, headers=None):
    """Status, headers with lower-case names, and body."""
    connection = http.client.HTTPConnection("127.0.0.1", engine.http_port, timeout=20)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def route(worker, path, body, method="GET", **config):
    function_id = f"web::{method}::{path}"
    worker.serve(function_id, body)
    return worker.bind("http", function_id, {"api_path": path, "http_method": method, **config}, metadata={"m": 1})


def error_of(answer):
    return json.loads(answer[2])["error"]["code"]


def test_payload_and_answer(http_engine, worker):
    route(worker, "hooks/:who/:what", lambda data: {"status_code": 201, "headers": {"X-Own": "1"}, "body": {"you": data["path_params"]}}, "POST")
    status, headers, body = ask(http_engine, "POST", "/hooks/a%20b/c?x=1&x=2&y=%C3%BC+z&z", b'{"n": 1.50}',
                                {"Content-Type": "application/json; charset=utf-8", "X-Twice": "a", "Traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"})
    assert (status, json.loads(body)) == (201, {"you": {"who": "a%20b", "what": "c"}})
    assert headers["x-own"] == "1" and headers["content-type"] == "application/json" and headers["date"].endswith(" GMT")
    [frame] = worker.invocations
    assert frame["metadata"] == {"m": 1} and frame["traceparent"].startswith("00-0af7651916cd43dd8448eb211c80319c")
    ask(http_engine, "POST", "/hooks/a/b")
    assert re.fullmatch("00-[0-9a-f]{32}-[0-9a-f]{16}-01", worker.invocations[1]["traceparent"])
    data = frame["data"]
    assert data["body"] == {"n": 1.5} and data["method"] == "POST" and data["path"] == "hooks/:who/:what"
    assert data["query_params"] == {"x": "2", "y": "ü z", "z": ""}
    assert data["trigger"] == {"type": "http", "method": "POST", "path": "hooks/:who/:what"}
    assert data["headers"]["content-type"] == "application/json; charset=utf-8" and data["headers"]["x-twice"] == "a"


@pytest.mark.parametrize("returned, status, content_type, body", [
    ({"body": "text"}, 200, "application/json", b'"text"'),
    ({"body": "<p>", "headers": ["Content-Type: text/html", "nonsense"]}, 200, "text/html", b"<p>"),
    ({"body": {"a": 1}, "headers": {"content-type": "text/plain"}}, 200, "text/plain", b'{"a":1}'),
    ({"body": None, "headers": {"content-type": "text/plain"}}, 200, "text/plain", b""),
    ({"status_code": 204, "body": {"a": 1}}, 204, "application/json", b""),
    ({"status_code": 99}, 200, "application/json", b"{}"),
    ("something", 200, "application/json", b"{}"),
    ({"headers": {"Content-Length": "5", "X-Bad\r\nX": "1", "X-Worse": "a\r\nb: c", "Transfer-Encoding": "chunked"}}, 200, "application/json", b"{}"),
])
def test_answers(http_engine, worker, returned, status, content_type, body):
    route(worker, "/a", lambda _: returned)
    answer = ask(http_engine, "GET", "/a")
    assert (answer[0], answer[1]["content-type"], answer[2]) == (status, content_type, body)
    assert "x-worse" not in answer[1] and "b" not in answer[1]


def test_two_cookies(http_engine, worker):
    route(worker, "/a", lambda _: {"headers": ["Set-Cookie: a=1", "Set-Cookie: b=2"]})
    connection = http.client.HTTPConnection("127.0.0.1", http_engine.http_port, timeout=10)
    connection.request("GET", "/a")
    assert connection.getresponse().headers.get_all("Set-Cookie") == ["a=1", "b=2"]
    connection.close()


def test_what_there_is_not(http_engine, worker):
    assert error_of(ask(http_engine, "GET", "/")) == "NOT_FOUND"
    route(worker, "/a/:b", lambda _: {})
    for path in ("/a", "/a/", "/a/b/", "/a/b/c", "/A/b", "/"):
        assert (ask(http_engine, "GET", path)[0]) == 404, path
    refused = ask(http_engine, "POST", "/a/b")
    assert refused[0] == 405 and refused[1]["allow"] == "GET"
    # As with a real engine: HEAD is no method of a GET route.
    assert ask(http_engine, "HEAD", "/a/b")[0] == 404


def test_head_has_no_body(http_engine, worker, raw):
    route(worker, "/a", lambda _: {"body": {"a": 1}}, "HEAD")
    client = raw()
    client.send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\nHEAD /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    text = client.read()
    assert text.count(b"Content-Length: 7\r\n") == 2 and b"{" not in text


def test_text_precedes_parameters(http_engine, worker):
    route(worker, "/u/:id", lambda _: {"body": "any"})
    route(worker, "/u/me", lambda _: {"body": "me"})
    assert ask(http_engine, "GET", "/u/me")[2] == b'"me"' and ask(http_engine, "GET", "/u/you")[2] == b'"any"'


def test_bindings_that_cannot_be(http_engine, worker):
    for config, part in [(None, "api_path is required"), ({"http_method": "GET"}, "api_path is required"),
                         ({"api_path": "/a", "http_method": "BREW"}, "BREW")]:
        worker.bind("http", "web::f", config)
        refusal = worker.refusals.pop()
        assert refusal["error"]["code"] == "trigger_registration_failed" and part in refusal["error"]["message"]
    first = route(worker, "/u/:id", lambda _: {"body": 1})
    worker.bind("http", "web::f", {"api_path": "/u/:name"})
    assert "conflicts" in worker.refusals.pop()["error"]["message"]
    # The same path again: the newer binding counts.
    route(worker, "/u/:id", lambda _: {"body": 2})
    assert ask(http_engine, "GET", "/u/1")[2] == b"2"
    worker.send({"type": "unregistertrigger", "id": first})
    worker.settle()
    assert ask(http_engine, "GET", "/u/1")[2] == b"2"


def test_route_ends_with_its_binding(http_engine, worker):
    binding = route(worker, "/a", lambda _: {})
    assert ask(http_engine, "GET", "/a")[0] == 200
    worker.send({"type": "unregistertrigger", "id": binding})
    worker.settle()
    assert ask(http_engine, "GET", "/a")[0] == 404
    route(worker, "/a", lambda _: {})
    worker.ws.close()
    eventually(lambda: ask(http_engine, "GET", "/a")[0] == 404, what="the route is gone with its worker")


def test_failing_and_missing_functions(http_engine, worker):
    def fail(_):
        raise PeerError("OWN", "mine")

    route(worker, "/fail", fail)
    answer = ask(http_engine, "GET", "/fail")
    assert answer[0] == 500 and json.loads(answer[2]) == {"error": {"code": "OWN", "message": "mine"}}
    worker.bind("http", "no::such", {"api_path": "/none"})
    assert ask(http_engine, "GET", "/none")[0] == 500
    assert error_of(ask(http_engine, "GET", "/none")) == "function_not_found"


def test_function_that_goes(http_engine, worker):
    route(worker, "/a", lambda _: worker.ws.close())
    answer = ask(http_engine, "GET", "/a")
    assert answer[0] == 500 and error_of(answer) == "invocation_stopped"


def test_condition(http_engine, worker):
    asked = []
    worker.serve("web::may", lambda data: asked.append(data) or data["query_params"].get("ok") == "1")
    route(worker, "/a", lambda _: {"body": "in"}, condition_function_id="web::may")
    assert ask(http_engine, "GET", "/a?ok=1")[2] == b'"in"'
    refused = ask(http_engine, "GET", "/a")
    assert refused[0] == 422 and json.loads(refused[2])["skipped"] is True
    assert "response" not in asked[0] and asked[0]["path"] == "/a"
    route(worker, "/b", lambda _: {}, condition_function_id="no::such")
    assert ask(http_engine, "GET", "/b")[0] == 500


def test_one_connection_for_many_requests(http_engine, worker, raw):
    route(worker, "/a", lambda data: {"body": data["query_params"]})
    client = raw()
    # Three at once: answered one after the other, in order.
    client.send("".join(f"GET /a?n={n} HTTP/1.1\r\nHost: x\r\n\r\n" for n in range(3)))
    found = b""
    for n in range(3):
        while f'{{"n":"{n}"}}'.encode() not in found:
            found += client.read_until(b"}")
    client.send("GET /none HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b"404 Not Found" in client.read_until(b"}}")
    client.send("GET /a?n=last HTTP/1.0\r\n\r\n")
    last = client.read()
    assert b'{"n":"last"}' in last and b"Connection: close\r\n" in last


def test_chunked_json(http_engine, worker, raw):
    route(worker, "/a", lambda data: {"body": data["body"]}, "POST")
    client = raw()
    client.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
    for piece in ("3;ext=1\r\n[1,", "\r\n", "A\r\n2,3,4,5,6]\r\n", "0\r\nTrailer: x\r\n", "\r\n"):
        client.send(piece)
    assert b"[1,2,3,4,5,6]" in client.read_until(b"]")
    client.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 3\r\n\r\n[7]")
    assert b"[7]" in client.read_until(b"]")


def test_json_that_is_none_is_null(http_engine, worker):
    route(worker, "/a", lambda data: {"body": [data["body"]]}, "POST")
    for content in (b"{", b"", b'"\xff"'):
        assert ask(http_engine, "POST", "/a", content, {"Content-Type": "application/json"})[2] == b"[null]"
    assert ask(http_engine, "POST", "/a", b"1", {"Content-Type": "text/plain"})[2] == b"[null]"


@pytest.mark.parametrize("request_text, status", [
    ("nonsense\r\n\r\n", 400), ("GET /a HTTP/1.1\r\n\r\n", 400), ("GET /a HTTP/2.0\r\nHost: x\r\n\r\n", 505),
    ("GET a HTTP/1.1\r\nHost: x\r\n\r\n", 400), ("GET /a HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n", 400), ("GET /a HTTP/1.1\nHost: x\n\n", 400),
    ("POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    ("POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
    ("POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400), ("POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
    ("POST /p HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
    ("POST /p HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", 400),
    ("POST /p HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + "1" * 300, 400),
    ("POST /p HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n", 413),
    ("GET /a HTTP/1.1\r\nHost: x\r\nX: " + "y" * 17000 + "\r\n\r\n", 431),
])
def test_bad_requests_are_answered_and_end_the_connection(http_engine, worker, raw, request_text, status):
    route(worker, "/p", lambda _: {}, "POST")
    client = raw()
    client.send(request_text)
    answer = client.read()
    assert answer.startswith(f"HTTP/1.1 {status} ".encode()) and b"Connection: close\r\n" in answer
    assert json.loads(answer.split(b"\r\n\r\n", 1)[1])["error"]["message"]
    assert ask(http_engine, "POST", "/p")[0] == 200


def test_json_beyond_the_limit_in_chunks(http_engine, worker, raw):
    route(worker, "/p", lambda _: {}, "POST")
    client = raw()
    client.send("POST /p HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
    try:
        for _ in range(20):
            client.send(b"100000\r\n" + b"x" * (1 << 20) + b"\r\n")
    except OSError:
        pass
    assert worker.invocations == []
    eventually(lambda: ask(http_engine, "POST", "/p")[0] == 200, what="the engine goes on")


def test_curl_with_a_large_body(http_engine, worker):
    """curl asks with `Expect: 100-continue` first."""
    route(worker, "/p", lambda data: {"body": len(data["body"])}, "POST")
    done = subprocess.run(["curl", "--silent", "--fail", "--max-time", "20", "--expect100-timeout", "10", "-H", "Content-Type: application/json", "-H", "Expect: 100-continue",
                           "--data-binary", "@-", f"http://127.0.0.1:{http_engine.http_port}/p"],
                          input=json.dumps("x" * 3_000_000).encode(), capture_output=True, timeout=30)
    assert (done.returncode, done.stdout) == (0, b"3000000")


def test_slow_client_is_sent_away(http_engine, worker, raw):
    silent, begun = raw(), raw()
    begun.send("GET / HTTP/1.1\r\nHo")
    started = time.monotonic()
    assert silent.read(20) == b""
    assert begun.read(20).startswith(b"HTTP/1.1 408 ")
    assert 8 < time.monotonic() - started < 15


def test_client_that_goes_is_forgotten(http_engine, worker, raw):
    release = []

    def slow(_):
        while not release:
            time.sleep(0.01)
        return {}

    route(worker, "/slow", slow)
    client = raw()
    client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
    eventually(lambda: worker.invocations, what="the call")
    client.close()
    release.append(True)
    assert ask(http_engine, "GET", "/slow")[0] == 200


def test_without_a_port_bindings_wait(place, engine):
    worker = FunctionPeer(place, engine, "w")
    binding = worker.bind("http", "web::f", {"api_path": "/a"})
    assert worker.refusals == []
    row = EnginePeer(place, engine, "p").call("engine::registered-triggers::info", {"id": binding})["result"]
    assert row["config"] == {"api_path": "/a"} and row["trigger"] is None


def test_trigger_types_are_listed(place, http_engine):
    peer = EnginePeer(place, http_engine, "p")
    rows = {row["id"]: row["worker_name"] for row in peer.call("engine::triggers::list", {})["result"]["triggers"]}
    assert (rows["http"], rows["cron"]) == ("iii-http", "iii-cron")
    assert peer.call("engine::triggers::info", {"id": "http"})["result"]["instance_count"] == 0
