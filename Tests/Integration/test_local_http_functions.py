"""Functions of local programs that the engine calls over HTTP: by policy only, and against a real HTTP server."""
import json

import pytest

from harness.local_client import LocalError
from harness.place import eventually
from harness.programs import Engine

SECRETS = {"WEB_TOKEN": "t0ken-of-the-engine", "WEB_KEY": "k3y-of-the-engine"}


@pytest.fixture
def allowed(place, daemon):
    """A daemon whose policy allows it, on an engine that calls every URL and has the tests' secrets: (daemon, engine)."""
    config = place.dir / "iiid.conf"
    config.write_text("[policy]\nhttp_functions = true\n")
    engine = Engine(place, "--http-functions", "any", env=SECRETS)
    return daemon(engine.url, "--config", config, "--log-level", "debug"), engine


def invocation(web, path="/f", **more):
    return {"url": web.url + path, **more}


def test_policy_forbids_it_unless_configured(iiid, web):
    client = iiid.client()
    error = client.error_of("register_function", {"function_id": "web::f", "invocation": invocation(web)})
    assert (error.number, error.code, error.data["source"], error.data["retryable"]) == (-32003, "FORBIDDEN", "iiid", False)
    assert "http_functions = true" in error.message and "[policy]" in error.message
    assert client.call("hello")["features"] == []
    assert client.call("list_functions", {"local": True})["functions"] == []


def test_policy_changes_with_a_reload(place, daemon, engine):
    config = place.dir / "iiid.conf"
    config.write_text("")
    iiid = daemon(engine.url, "--config", config)
    client = iiid.client()
    request = {"function_id": "web::f", "invocation": {"url": "https://x.example"}}
    assert client.error_of("register_function", request).code == "FORBIDDEN"
    config.write_text("[policy]\nhttp_functions = true\n")
    assert [(change["key"], change["effect"]) for change in client.call("reload")["changed"]] == [("policy.http_functions", "now")]
    assert client.call("hello")["features"] == ["http_functions"]
    assert client.call("register_function", request)["function_id"] == "web::f"
    config.write_text("")
    client.call("reload")
    # What is registered stays; nothing more comes in.
    assert client.error_of("register_function", {**request, "function_id": "web::g"}).code == "FORBIDDEN"
    assert [row["function_id"] for row in client.call("list_functions", {"local": True})["functions"]] == ["web::f"]


def test_engine_calls_the_url_across_its_restart(allowed, web):
    iiid, engine = allowed
    web.answers["/f"] = (200, {}, b'{"ok":1}')
    owner, caller = iiid.client(), iiid.client()
    assert owner.call("hello")["features"] == ["http_functions"]
    owner.register("web::f", description="over there", invocation=invocation(
        web, method="PUT", timeout_ms=9000, headers={"X-Own": "1"}, auth={"type": "bearer", "token_key": "WEB_TOKEN"}))
    assert caller.trigger("web::f", {"a": 1}) == {"ok": 1}
    [request] = web.requests
    assert (request["method"], request["path"]) == ("PUT", "/f") and json.loads(request["body"])["a"] == 1
    assert request["headers"]["authorization"] == "Bearer t0ken-of-the-engine" and request["headers"]["x-own"] == "1"
    [row] = caller.call("list_functions", {"local": True})["functions"]
    assert row == {"function_id": "web::f", "namespace": "default", "state": "active", "instances": 1, "in_flight": 0, "queued": 0, "invocation": "http"}
    engine.kill()
    iiid.wait_away()
    engine.start()
    iiid.wait_connected()
    eventually(lambda: caller.call("list_functions", {"local": True})["functions"][0]["state"] == "active", what="the function is known again")
    assert caller.trigger("web::f", {"a": 2}) == {"ok": 1}
    # It is the connection's: with it, it ends.
    assert owner.call("unregister_function", {"function_id": "web::f"}) == {"removed": True, "instances": 0}
    assert caller.error_of("trigger", {"function_id": "web::f"}).code == "function_not_found"


def test_failure_of_the_server_is_the_callers(allowed, web):
    iiid, _ = allowed
    web.answers["/f"] = (500, {}, b'{"error":{"code":"OUT_OF_STOCK","message":"none left"}}')
    owner = iiid.client()
    owner.register("web::f", invocation=invocation(web))
    error = owner.error_of("trigger", {"function_id": "web::f"})
    assert (error.code, "none left" in error.message) == ("OUT_OF_STOCK", True)


def test_no_secret_and_no_header_is_logged(allowed, web):
    iiid, _ = allowed
    web.answers["/f"] = (200, {}, b"")
    owner = iiid.client()
    owner.register("web::f", invocation=invocation(web, headers={"X-Own": "v4lue-of-a-header"}, auth={"type": "api_key", "header": "X-Key", "value_key": "WEB_KEY"}))
    owner.trigger("web::f")
    assert web.requests[0]["headers"]["x-key"] == "k3y-of-the-engine"
    assert not [word for word in (*SECRETS.values(), "v4lue-of-a-header", "WEB_KEY") if word in iiid.log()]


def test_missing_secret_is_told(allowed, web):
    iiid, _ = allowed
    result = iiid.client().call("register_function", {"function_id": "web::f", "invocation": invocation(
        web, auth={"type": "hmac", "secret_key": "NO_SUCH"})})
    assert result["state"] == "rejected", result


@pytest.mark.parametrize("more,member,words", [
    ({"invocation": {"url": "ftp://x.example"}}, "invocation", "http:// or https://"),
    ({"invocation": {"url": "https://x.example", "headers": {"bad name": "1"}}}, "invocation", "header"),
    ({"invocation": {"url": "https://x.example", "headers": {"a": "b\nc"}}}, "invocation", "control character"),
    ({"invocation": {"url": "https://x.example", "auth": {"type": "basic"}}}, "invocation.auth", "bearer"),
    ({"invocation": {"url": "https://x.example"}, "max_in_flight": 2}, "max_in_flight", "does not go with invocation"),
    ({"invocation": {"url": "https://x.example"}, "timeout_ms": 2}, "timeout_ms", "does not go with invocation"),
])
def test_what_an_engine_would_drop_is_refused(allowed, more, member, words):
    iiid, _ = allowed
    with pytest.raises(LocalError) as error:
        iiid.client().call("register_function", {"function_id": "web::f", **more})
    assert (error.value.code, error.value.data["member"]) == ("INVALID_PARAMS", member)
    assert words in error.value.message


def test_one_connection_has_it(allowed, web):
    iiid, _ = allowed
    web.answers["/f"] = (200, {}, b"1")
    owner, other = iiid.client(), iiid.client()
    owner.register("web::f", invocation=invocation(web))
    for more in ({}, {"invocation": invocation(web)}):
        error = other.error_of("register_function", {"function_id": "web::f", **more})
        assert (error.number, error.code, error.data["source"]) == (-32005, "FUNCTION_TAKEN", "iiid")
    owner.close()
    eventually(lambda: other.call("status")["clients"] == 1, what="the owner gone")
    other.register("web::f", invocation=invocation(web))
    assert other.trigger("web::f") == 1
