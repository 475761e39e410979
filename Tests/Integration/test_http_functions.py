"""Functions that are called over HTTP: the engine against a real HTTP server on loopback."""
import base64
import hashlib
import hmac
import json
import time
import uuid

import pytest

from harness.engine_peer import EnginePeer
from harness.place import eventually
from harness.programs import Engine

SECRETS = {"WEB_TOKEN": "t0ken", "WEB_KEY": "k3y", "WEB_SECRET": "s3cret"}


@pytest.fixture
def http_engine(place):
    """A development engine that calls every URL, and has the tests' secrets in its environment."""
    return Engine(place, "--http-functions", "any", env=SECRETS)


@pytest.fixture
def peer(place, http_engine):
    return EnginePeer(place, http_engine, "w")


def register(peer, web, path="/f", function_id="web::f", **invocation):
    peer.send({"type": "registerfunction", "id": function_id, "invocation": {"url": web.url + path, **invocation}})


def outcome(peer, data=None, function_id="web::f", **more):
    """Result and error of a call."""
    frame = peer.call(function_id, data, **more)
    return frame.get("result"), frame.get("error")


def test_request_carries_what_is_called(peer, web):
    web.answers["/f?q=1"] = (200, {}, b'{"ok":true}')
    register(peer, web, "/f?q=1", headers={"X-Own": "1", "X-Empty": ""})
    before = int(time.time())
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    assert outcome(peer, {"b": 1, "a": [1.50, "ü"]}, traceparent=trace, baggage="iii.function.id=a%3A%3Ab") == ({"ok": True}, None)
    [request] = web.requests
    assert (request["method"], request["path"]) == ("POST", "/f?q=1")
    assert json.loads(request["body"]) == {"_caller_worker_id": peer.id, "a": [1.5, "ü"], "b": 1}
    headers = request["headers"]
    assert headers["content-type"] == "application/json" and headers["x-iii-function-path"] == "web::f"
    assert uuid.UUID(headers["x-iii-invocation-id"]).version == 4
    assert before <= int(headers["x-iii-timestamp"]) <= time.time()
    assert headers["x-iii-trace-id"] == trace.split("-")[1] and headers["x-iii-caller-function"] == "a::b"
    assert headers["x-own"] == "1" and headers["x-empty"] == ""
    assert "expect" not in headers and "authorization" not in headers


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_every_method_has_the_body(peer, web, method):
    web.answers["/f"] = lambda handler, request: web_answer(handler, 200, json.dumps([request["method"], request["body"].decode()]))
    register(peer, web, method=method)
    assert outcome(peer, [1]) == ([method, "[1]"], None)
    assert outcome(peer, None) == ([method, "null"], None)


def web_answer(handler, status, text):
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(text)))
    handler.end_headers()
    handler.wfile.write(text.encode())


def test_bearer(peer, web):
    web.answers["/f"] = (204, {}, b"")
    register(peer, web, auth={"type": "bearer", "token_key": "WEB_TOKEN"})
    assert outcome(peer) == (None, None)
    assert web.requests[0]["headers"]["authorization"] == "Bearer t0ken"


def test_api_key(peer, web):
    web.answers["/f"] = (200, {}, b"")
    register(peer, web, auth={"type": "api_key", "header": "X-Api-Key", "value_key": "WEB_KEY"})
    assert outcome(peer) == (None, None)
    assert web.requests[0]["headers"]["x-api-key"] == "k3y"


def test_hmac(peer, web):
    web.answers["/f"] = (200, {}, b"7")
    register(peer, web, auth={"type": "hmac", "secret_key": "WEB_SECRET"})
    assert outcome(peer, {"text": "x" * 100_000}) == (7, None)
    [request] = web.requests
    signed = request["headers"]["x-iii-timestamp"].encode() + b":" + base64.b64encode(request["body"])
    assert request["headers"]["x-iii-signature"] == "sha256=" + hmac.new(b"s3cret", signed, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("auth, code", [({"type": "bearer", "token_key": "NO_SUCH"}, "token_not_found"),
                                        ({"type": "api_key", "header": "X", "value_key": "NO_SUCH"}, "api_key_not_found"),
                                        ({"type": "hmac", "secret_key": "NO_SUCH"}, "secret_not_found")])
def test_missing_secret_registers_nothing(http_engine, peer, web, auth, code):
    register(peer, web, auth=auth)
    assert outcome(peer)[1]["code"] == "function_not_found"
    assert code in http_engine.process.log_path.read_text()


def test_secrets_are_not_logged(place, web):
    engine = Engine(place, "--http-functions", "any", "--log-level", "debug", env=SECRETS)
    peer = EnginePeer(place, engine, "w")
    web.answers["/f"] = (500, {}, b"")
    for auth in ({"type": "bearer", "token_key": "WEB_TOKEN"}, {"type": "hmac", "secret_key": "WEB_SECRET"},
                 {"type": "api_key", "header": "a", "value_key": "WEB_KEY"}):
        register(peer, web, auth=auth)
        assert outcome(peer)[1]["code"] == "http_error"
    log = engine.process.log_path.read_text()
    assert not any(secret in log for secret in SECRETS.values())


@pytest.mark.parametrize("status, headers, body, expected", [
    (200, {}, b'{"a": 1}', ({"a": 1}, None)),
    (200, {"Content-Type": "text/html"}, b"[1]", ([1], None)),
    (201, {}, b"", (None, None)),
    (200, {}, b"null", (None, None)),
    (200, {}, b"hello", (None, "invalid_response")),
    (200, {}, b"\xff", (None, "invalid_response")),
    (302, {"Location": "/elsewhere"}, b"<html>", (None, None)),
    (404, {}, b"gone", (None, "http_error: HTTP 404 Not Found")),
    (500, {}, b'{"error":{"code":"OWN","message":"mine"}}', (None, "OWN: mine")),
    (503, {}, b'{"error":"text"}', (None, "http_error: HTTP request failed")),
])
def test_answers(peer, web, status, headers, body, expected):
    web.answers["/f"] = (status, headers, body)
    register(peer, web)
    result, error = outcome(peer)
    assert result == expected[0]
    assert (error is None) == (expected[1] is None)
    if error:
        assert f"{error['code']}: {error['message']}".startswith(expected[1])
    assert len(web.requests) == 1, "redirects are not followed"


def test_timeout(peer, web):
    web.answers["/f"] = lambda handler, _: time.sleep(60)  # far longer than the test waits
    register(peer, web, timeout_ms=200)
    _, error = outcome(peer)
    assert error["code"] == "http_request_failed" and "timed out" in error["message"].lower()


def test_unreachable(peer, web):
    peer.send({"type": "registerfunction", "id": "web::f", "invocation": {"url": "http://127.0.0.1:1/f"}})
    assert outcome(peer)[1]["code"] == "http_request_failed"


def test_answer_that_breaks_off(peer, web):
    def broken(handler, _):
        handler.send_response(200)
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        handler.wfile.write(b"short")
        handler.close_connection = True

    web.answers["/f"] = broken
    register(peer, web)
    assert outcome(peer)[1]["code"] == "http_response_failed"


def test_large_bodies_cross_and_are_limited(peer, web):
    web.answers["/f"] = lambda handler, request: web_answer(handler, 200, json.dumps({"size": len(request["body"]), "text": "x" * 4_000_000}))
    register(peer, web)
    result, error = outcome(peer, "y" * 4_000_000)
    assert error is None and (result["size"], len(result["text"])) == (4_000_002, 4_000_000)
    web.answers["/f"] = (200, {}, b'"' + b"x" * (16 << 20) + b'"')
    assert outcome(peer)[1]["code"] == "http_response_failed"


def test_slow_function_holds_nobody_up(peer, web):
    release = []

    def slow(handler, _):
        while not release:
            time.sleep(0.01)
        web_answer(handler, 200, "1")

    web.answers["/slow"] = slow
    web.answers["/f"] = (200, {}, b"2")
    register(peer, web, "/slow", "web::slow")
    register(peer, web)
    number = peer.begin("web::slow", None)
    assert outcome(peer) == (2, None)
    assert peer.call("engine::baggage::get", {"key": "x"})["result"] == {"value": None}
    release.append(True)
    frame = peer.receive()
    assert (frame["invocation_id"], frame["result"]) == (number, 1)


def test_engine_ends_in_the_middle_of_a_call(place, http_engine, peer, web):
    web.answers["/f"] = lambda handler, _: time.sleep(60)  # far longer than the test waits
    register(peer, web)
    peer.begin("web::f", None)
    eventually(lambda: web.requests, what="the request")
    http_engine.stop()
    assert http_engine.process.returncode == 0


def test_void_enqueued_and_unregistered(place, web):
    engine = Engine(place, "--http-functions", "any", "--queue", "memory")
    peer = EnginePeer(place, engine, "w")
    web.answers["/f"] = (200, {}, b"1")
    register(peer, web)
    peer.begin("web::f", "void", action={"type": "void"})
    assert "messageReceiptId" in peer.call("web::f", "queued", action={"type": "enqueue", "queue": "q"})["result"]
    eventually(lambda: sorted(r["body"] for r in web.requests) == [b'"queued"', b'"void"'], what="both calls")
    peer.send({"type": "unregisterfunction", "id": "web::f"})
    assert outcome(peer)[1]["code"] == "function_not_found"


@pytest.mark.parametrize("rule, url", [("strict", "http://example.com/"), ("strict", "https://127.0.0.1/"), ("strict", "https://localhost/"),
                                       ("strict", "https://[::ffff:10.0.0.1]/"), ("off", "https://example.com/"), ("any", "ftp://127.0.0.1/")])
def test_refused_urls_register_nothing(place, rule, url):
    engine = Engine(place, "--http-functions", rule)
    peer = EnginePeer(place, engine, "w")
    peer.send({"type": "registerfunction", "id": "web::f", "invocation": {"url": url}})
    assert outcome(peer)[1]["code"] == "function_not_found"
    assert "url_validation_failed" in engine.process.log_path.read_text()


def test_a_name_for_loopback_is_refused_when_it_is_called(place, web):
    """What the C library makes of it is 127.0.0.1, though it is no address in its usual form."""
    engine = Engine(place)
    peer = EnginePeer(place, engine, "w")
    for name in ("0x7f000001", "2130706433", "127.1", "ip6-localhost"):
        peer.send({"type": "registerfunction", "id": "web::f", "invocation": {"url": f"https://{name}:{web.server.server_port}/f"}})
        error = outcome(peer)[1]
        assert error["code"] in ("url_validation_failed", "http_request_failed"), (name, error)
        if name != "ip6-localhost":
            assert error["code"] == "url_validation_failed", (name, error)
    assert web.requests == []


@pytest.mark.parametrize("end", ["0.13.0", "newest", "swift"])
def test_registered_by_an_sdk(http_engine, peer, web, sdk, swift, end):
    worker = swift(http_engine.url) if end == "swift" else sdk(end, http_engine.url)
    web.answers["/f"] = (200, {}, b'{"from":"the web"}')
    worker.do("register_http", function_id="web::f", invocation={
        "url": web.url + "/f", "method": "PUT", "timeout_ms": 5000, "headers": {"X-Own": "1"}, "auth": {"type": "hmac", "secret_key": "WEB_SECRET"}})
    eventually(lambda: outcome(peer, 1)[0] == {"from": "the web"}, what="the function")
    request = web.requests[0]
    assert (request["method"], request["body"], request["headers"]["x-own"]) == ("PUT", b"1", "1")
    assert request["headers"]["x-iii-signature"].startswith("sha256=")
    assert worker.trigger("web::f", {"a": 1}) == {"from": "the web"}
