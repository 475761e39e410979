"""What rpc.discover answers is an OpenRPC document, and says what the daemon does."""
import json
import pathlib
import re

import pytest
from jsonschema import Draft7Validator
from jsonschema.validators import validator_for
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from harness.local_client import LocalError
from harness.place import eventually
from harness.scripted_engine import free_port

ROOT = pathlib.Path(__file__).parents[2]


@pytest.fixture
def document(iiid):
    return iiid.client().call("rpc.discover")


def test_document_is_valid(document):
    schema = json.loads((ROOT / "Tests/Fixtures/openrpc/meta-schema.json").read_text())
    # Filled in when a version is released.
    schema["properties"]["openrpc"]["enum"] = ["1.3.2"]
    schemas = {"$ref": "http://json-schema.org/draft-07/schema#",
               "definitions": {"JSONSchemaObject": {"properties": {"$ref": {"type": "string"}}}}}
    draft7 = Resource.from_contents(Draft7Validator.META_SCHEMA)
    registry = Registry().with_resources([
        ("https://meta.json-schema.tools", DRAFT7.create_resource(schemas)),
        ("https://meta.json-schema.tools/", DRAFT7.create_resource(schemas)),
        ("http://json-schema.org/draft-07/schema", draft7)])
    errors = list(Draft7Validator(schema, registry=registry).iter_errors(document))
    assert not errors, errors[0]
    # The check can fail.
    broken = {**document, "methods": [{"name": 5}]}
    assert list(Draft7Validator(schema, registry=registry).iter_errors(broken))


def test_every_schema_is_one(document):
    for method in document["methods"]:
        for parameter in method["params"]:
            validator_for(parameter["schema"], default=Draft7Validator).check_schema(parameter["schema"])


def test_every_result_has_a_schema_that_can_refuse(document):
    for method in document["methods"]:
        schema = method["result"]["schema"]
        assert schema not in (True, {}), method["name"]
        validator_for(schema, default=Draft7Validator).check_schema(schema)
        if method["name"] != "trigger":  # whose result is the function's
            wrong = [{"no": "such"}, "text", None, []] + ([{}] if method["name"] != "close_channel" else [])  # which says nothing
            assert not [value for value in wrong if Draft7Validator(schema).is_valid(value)], method["name"]


class Checked:
    """Calls methods of a daemon, and checks each result against the schema of the document."""

    def __init__(self, document):
        self.schemas = {method["name"]: Draft7Validator(method["result"]["schema"]) for method in document["methods"]}
        self.seen = set()

    def __call__(self, client, method, **params):
        return self.check(method, client.call(method, params))

    def check(self, method, result):
        errors = list(self.schemas[method].iter_errors(result))
        assert not errors, f"{method}: {errors[0]}\n{json.dumps(result)[:600]}"
        self.seen.add(method)
        return result


def test_results_are_what_their_schemas_say(iiid, document):
    """One session in which every method has a result, in each of its forms. A new method needs its line here."""
    call = Checked(document)
    client, worker, provider = iiid.client(), iiid.client(), iiid.client()
    call(client, "hello", worker_name="caller")
    call(client, "ping")
    assert call(worker, "register_function", function_id="f", description="d", wait_ms=9000)["state"] == "active"
    call(provider, "register_trigger_type", trigger_type="disk-full", description="d")
    request = client.request("register_trigger", {"trigger_type": "disk-full", "function_id": "f"})
    provider.reply(provider.next("bind_trigger"), {})
    bound = call.check("register_trigger", client.result(request))
    assert call(client, "register_trigger", trigger_type="nobody's", function_id="f")["state"] == "deferred"
    durable = call(client, "register_trigger", trigger_type="engine::functions-available", function_id="f", scope="durable")
    for method, params in (("list_functions", {}), ("get_function", {"function_id": "f"}), ("list_triggers", {}), ("list_trigger_types", {}),
                           ("list_workers", {})):
        for local in (False, True):
            rows = call(client, method, local=local, **params)
            assert method == "get_function" or all(rows.values()), (method, local)
    request = client.request("trigger", {"function_id": "f"})
    worker.reply(worker.invoke(), [1, None, {"a": "b"}])
    call.check("trigger", client.result(request))
    call(client, "trigger", function_id="g", action={"type": "void"})
    call(client, "trigger", function_id="g", action={"type": "enqueue", "queue": "q"})
    call(client, "cancel", id=99)
    call(client, "log", level="info", message="m")
    call(client, "status")
    call(client, "health")
    call(client, "rpc.discover")
    events = next(m for m in document["methods"] if m["name"] == "subscribe")["params"][0]["schema"]["items"]["enum"]
    subscription = call(client, "subscribe", events=events)["subscription_id"]
    call(client, "unsubscribe", subscription_id=subscription)
    call(client, "unregister_trigger", trigger_id=bound["trigger_id"])
    call(client, "unregister_trigger", trigger_id=durable["trigger_id"])
    call(provider, "unregister_trigger_type", trigger_type="disk-full")
    call(worker, "unregister_function", function_id="f")
    call(worker, "drain")
    refs = call(client, "create_channel")
    call(client, "write_channel", ref=refs["writer"], text="t")
    call(client, "write_channel", ref=refs["writer"], base64="AA==", eof=True)
    while not call(client, "read_channel", ref=refs["reader"])["eof"]:
        pass
    call(client, "close_channel", ref=client.call("create_channel")["writer"])
    call(iiid.client(), "attach_channel", ref=client.call("create_channel")["writer"])
    call(client, "reload")
    call(iiid.client(), "shutdown")
    assert not set(call.schemas) - call.seen - ELSEWHERE, "no result was seen of these"


#: What is held to its schema in other tests, with `Checked`: a reload that changes something, and the outbox, here.
ELSEWHERE = {"outbox_list", "outbox_retry", "outbox_drop"}


def test_results_of_the_outbox(place, daemon, document):
    (place.dir / "state").mkdir()
    iiid = daemon(f"ws://127.0.0.1:{free_port()}", connected=False, env={"STATE_DIRECTORY": place.dir / "state"})
    call = Checked(document)
    client = iiid.client()
    kept = {"function_id": "f", "durability": "disk"}
    assert call(client, "trigger", **kept, action={"type": "void"})["outbox_id"] == 1
    assert call(client, "trigger", **kept, action={"type": "enqueue", "queue": "q"}, ttl_ms=60_000)["outbox_id"] == 2
    assert len(call(client, "outbox_list")["entries"]) == 2
    assert call(client, "outbox_retry")["count"] == 0
    assert call(client, "outbox_drop", all=True)["count"] == 2
    assert call(client, "status")["outbox"]["entries"] == 0 and "outbox" in call(client, "health")["checks"]
    assert ELSEWHERE <= call.seen


def test_result_of_a_reload_that_changes_something(place, daemon, engine):
    config = place.dir / "iiid.conf"
    config.write_text("")
    iiid = daemon(engine.url, "--config", config)
    client = iiid.client()
    call = Checked(client.call("rpc.discover"))
    config.write_text("[limits]\nconnections = 99\n[engine]\nworker_name = other\n")
    assert {change["key"] for change in call(client, "reload")["changed"]} == {"limits.connections", "engine.worker_name"}


def test_results_while_the_engine_is_away(daemon, document):
    iiid = daemon(f"ws://127.0.0.1:{free_port()}", connected=False)
    call = Checked(document)
    client = iiid.client()
    eventually(lambda: "last_error" in client.call("status")["engine"], what="a failed attempt")
    # Not while an attempt is being made.
    eventually(lambda: "next_retry_ms" in call(client, "status")["engine"], what="a time for the next attempt")
    assert not call(client, "health")["ok"]
    call(client, "hello")
    assert call(client, "register_function", function_id="f", wait_ms=0)["state"] == "pending"
    assert call(client, "register_trigger", trigger_type="t", function_id="f", wait_ms=0)["state"] == "pending"
    assert call(client, "register_trigger_type", trigger_type="t", description="d")["state"] == "pending"
    assert call(client, "log", level="info", message="m")["delivered"] == "buffered"
    assert call(client, "trigger", function_id="f", action={"type": "void"})["buffered"]
    for method in ("list_functions", "list_triggers", "list_trigger_types", "list_workers"):
        call(client, method, local=True)


def test_rejected_registration_has_its_reason(iiid, sdk, engine, document):
    other = sdk("newest", engine.url, "first")
    other.register("taken::f")
    call = Checked(document)
    client = iiid.client()
    eventually(lambda: client.call("list_functions", {"prefix": "taken::"})["functions"], what="the other worker's function")
    assert call(client, "register_function", function_id="taken::f")["reason"]
    assert call(client, "list_functions", local=True)["functions"][0]["reason"]
    assert not call(client, "health")["ok"]


def test_methods_are_those_of_the_page(document):
    page = (ROOT / "docs/protocol.md").read_text()
    section = page.split("\n## 5.", 1)[1].split("\n## 6.", 1)[0]
    assert [method["name"] for method in document["methods"]] == re.findall(r"^### `([\w.]+)`", section, re.M)


def test_schemas_agree_with_the_dispatcher(iiid, document):
    """A value that a schema forbids is refused by the daemon, and by the name of the parameter."""
    others = iiid.client()
    count = 0
    for method in document["methods"]:
        name = method["name"]
        required = {p["name"]: value(p["schema"]) for p in method["params"] if p["required"]}
        for parameter in method["params"]:
            for wrong in (5.5, "", [], {"no": "such"}, -1):
                if Draft7Validator(parameter["schema"]).is_valid(wrong):
                    continue
                # An attach_channel that is refused ends its connection.
                client = iiid.client() if name == "attach_channel" else others
                with pytest.raises(LocalError) as error:
                    client.call(name, {**required, parameter["name"]: wrong})
                assert error.value.code == "INVALID_PARAMS", (name, parameter["name"], wrong)
                assert error.value.data["member"].split(".")[0] == parameter["name"]
                count += 1
    assert count > 100


def value(schema):
    """A value that the schema takes."""
    return next(v for v in ("info", "x", 1, True, {}, ["connection"],
                        {"channel_id": "c", "access_key": "k", "direction": "read"}) if Draft7Validator(schema).is_valid(v))
