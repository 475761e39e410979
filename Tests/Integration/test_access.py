"""The daemon behind access rules: what a local program is told of what its engine refuses, and of what it says nothing of."""
import json

import pytest

from harness.place import eventually
from harness.programs import Engine

OPEN = 'match("*")'


def registered(iiid, function_id):
    """A client with that function, and what its registration is worth."""
    client = iiid.client()
    return client, client.call("register_function", {"function_id": function_id})["state"]


def test_forbidden_call(guest):
    iiid, _ = guest({}, expose_functions=[])
    error = iiid.client().error_of("trigger", {"function_id": "test::echo", "payload": {}})
    assert (error.code, error.data["source"]) == ("FORBIDDEN", "engine")
    assert "not allowed (add to rbac.expose_functions)" in error.message


def test_auth_function_is_shown_the_daemons_token(place, daemon, sdk):
    rules, token = place.dir / "rules.json", place.dir / "token"
    rules.write_text(json.dumps({"listeners": [{"port": 0, "rbac": {"auth_function_id": "test::auth"}}]}))
    token.write_text("s3cret")
    token.chmod(0o600)
    engine = Engine(place, "--test-hooks", "--config", rules)
    host = sdk("newest", engine.url, "host")
    host.register("test::auth", "value", value={})
    eventually(lambda: host.trigger("engine::functions::list", {"prefix": "test::"})["functions"], 10, what="the auth function")
    daemon(engine.also[0], "--token-file", token)
    function_id, data = host.wait_invoked()
    assert (function_id, data["headers"]["authorization"]) == ("test::auth", "Bearer s3cret")
    assert data["ip_address"] == "127.0.0.1"


def test_nothing_is_known_where_discovery_is_forbidden(guest):
    iiid, host = guest({}, expose_functions=[])
    client, state = registered(iiid, "f")
    assert state == "unconfirmed"
    # And it works.
    number = host.begin("trigger", request={"function_id": "f", "payload": {}})
    client.reply(client.invoke(), "served")
    assert host.finish(number) == "served"


def test_silent_refusal_is_told_where_discovery_is_open(guest):
    iiid, _ = guest({"allow_function_registration": False}, expose_functions=[OPEN])
    client = iiid.client()
    row = client.call("register_function", {"function_id": "f"})
    assert (row["state"], row["reason"]) == ("rejected", "NOT_FOUND"), row


@pytest.mark.parametrize("function_id", ["f", "test::echo"], ids=["nobody has it", "somebody has it"])
def test_function_behind_a_prefix_works_and_is_active(guest, function_id):
    iiid, host = guest({"function_registration_prefix": "ten::1"}, expose_functions=[OPEN])
    client, state = registered(iiid, function_id)
    assert state == "active"
    number = host.begin("trigger", request={"function_id": f"ten::1::{function_id}", "payload": {}})
    invoke = client.invoke()
    assert invoke["params"]["function_id"] == function_id
    client.reply(invoke, "served")
    assert host.finish(number) == "served"
    assert client.call("list_functions", {"local": True})["functions"][0]["state"] == "active"


def test_conflict_behind_a_prefix_is_told(guest):
    iiid, host = guest({"function_registration_prefix": "ten"}, expose_functions=[OPEN])
    host.register("ten::f")
    eventually(lambda: host.trigger("engine::functions::list", {"prefix": "ten::"})["functions"], 10, what="the host's function")
    row = iiid.client().call("register_function", {"function_id": "f"})
    assert row["state"] == "rejected" and row["reason"].startswith("FUNCTION_NAMESPACE_CONFLICT"), row


def test_namespace_that_is_granted(guest):
    iiid, host = guest({"namespaces": {"shop": ["stock::*"]}}, "--namespace", "shop", expose_functions=[])
    client, _ = registered(iiid, "stock::f")
    number = host.begin("trigger", request={"function_id": "stock::f", "payload": {}, "namespace": "shop"})
    client.reply(client.invoke(), "served")
    assert host.finish(number) == "served"
    # Granted there, and nowhere else.
    assert client.error_of("trigger", {"function_id": "stock::g", "payload": {}}).code == "function_not_found"
    assert client.error_of("trigger", {"function_id": "stock::g", "payload": {}, "namespace": "default"}).code == "FORBIDDEN"


def test_namespace_that_is_not_granted_is_told(guest):
    iiid, _ = guest({"namespaces": {"shop": ["*"]}}, expose_functions=[])
    # It works on without a name, once the engine has stopped waiting for the announce.
    assert "namespace 'default' not allowed for this session (permitted: shop)" in iiid.status()["engine"]["last_error"]


def test_daemon_that_may_not_come_in_goes_on_trying(place, daemon):
    rules = place.dir / "rules.json"
    rules.write_text(json.dumps({"listeners": [{"port": 0, "rbac": {"auth_function_id": "nobody::is-there"}}]}))
    engine = Engine(place, "--config", rules)
    iiid = daemon(engine.also[0], connected=False)
    eventually(lambda: "AUTH_ERROR" in iiid.log(), 10, what="the engine's complaint in the log")
    assert iiid.process.poll() is None
    assert iiid.status()["state"] != "ready"
