"""Triggers by the local protocol: bindings of a connection, and durable ones, with a real provider beside them."""
import pytest

from harness.local_client import LocalError
from harness.place import eventually


def rows(client, **filters):
    return client.call("list_triggers", filters)["registered_triggers"]


def test_binding_fires_into_a_local_function(iiid, sdk, engine):
    worker, client = iiid.worker({"local::on-worker": lambda params: None}), iiid.client()
    bound = client.call("register_trigger", {
        "trigger_type": "engine::workers-available", "function_id": "local::on-worker", "metadata": {"from": "test"}})
    assert bound["state"] == "active" and bound["scope"] == "connection"
    assert [row["id"] for row in rows(client, local=True)] == [bound["trigger_id"]]
    sdk("newest", engine.url, "newcomer")
    call = eventually(lambda: next((c for c in worker.invoked if c["payload"].get("event") == "worker_connected"), None),
                      what="the firing")
    assert call["metadata"] == {"from": "test"}
    assert client.call("unregister_trigger", {"trigger_id": bound["trigger_id"]}) == {"removed": True}
    assert rows(client, function_id="local::on-worker") == [] and rows(client, local=True) == []


def test_binding_ends_with_its_connection(iiid):
    client, other = iiid.client(), iiid.client()
    bound = client.call("register_trigger", {"trigger_type": "no-such-type", "function_id": "f"})
    assert bound["state"] == "deferred"
    assert [row["id"] for row in rows(other, function_id="f")] == [bound["trigger_id"]]
    assert other.call("unregister_trigger", {"trigger_id": bound["trigger_id"]}) == {"removed": False}
    client.close()
    eventually(lambda: rows(other, function_id="f") == [], what="the engine to have lost the binding")


def test_durable_binding_outlives_connection_and_daemon(daemon, engine):
    first = daemon(engine.url)
    client = first.client()
    bound = client.call("register_trigger", {
        "trigger_type": "engine::functions-available", "function_id": "f", "scope": "durable"})
    assert bound["state"] == "active" and bound["scope"] == "durable"
    client.close()
    first.terminate()
    first.wait()
    second = daemon(engine.url).client()
    assert [row["id"] for row in rows(second, function_id="f")] == [bound["trigger_id"]]
    assert second.call("unregister_trigger", {"trigger_id": bound["trigger_id"]}) == {"removed": True}
    assert rows(second, function_id="f") == []


def test_binding_comes_back_with_the_engine(iiid, engine):
    client = iiid.client()
    bound = client.call("register_trigger", {"trigger_type": "no-such-type", "function_id": "f", "config": {"n": 1}})
    engine.kill()
    eventually(lambda: client.call("status")["engine"]["state"] != "connected", what="the loss")
    late = client.call("register_trigger", {"trigger_type": "no-such-type", "function_id": "g"})
    assert late["state"] == "pending"
    engine.start()
    iiid.wait_connected()
    assert [(row["id"], row["config"]) for row in rows(client, function_id="f")] == [(bound["trigger_id"], {"n": 1})]
    assert [row["id"] for row in rows(client, function_id="g")] == [late["trigger_id"]]


def test_refusals_say_why(iiid):
    client = iiid.client()
    with pytest.raises(LocalError) as error:
        client.call("register_trigger", {
            "trigger_type": "t", "function_id": "f", "scope": "durable", "namespace": "shop"})
    assert (error.value.code, error.value.data["member"]) == ("INVALID_PARAMS", "namespace")
    with pytest.raises(LocalError) as error:
        client.call("register_trigger", {"trigger_type": "t", "function_id": "f", "scope": "forever"})
    assert error.value.code == "INVALID_PARAMS"


def test_refusal_of_the_provider_is_the_answer(linked):
    daemon, connection = linked
    client = daemon.client()
    request = client.request("register_trigger", {"trigger_type": "cron", "function_id": "f", "config": "nonsense"})
    frame, _ = connection.receive()
    assert (frame["type"], frame["config"]) == ("registertrigger", "nonsense")
    question, _ = connection.invocation()
    assert question["data"] == {"id": frame["id"]}
    connection.send({"type": "triggerregistrationresult", "id": frame["id"], "trigger_type": "cron", "function_id": "f",
                     "error": {"code": "trigger_registration_failed", "message": "bad expression"}})
    with pytest.raises(LocalError) as error:
        client.result(request)
    assert (error.value.number, error.value.code) == (-32005, "trigger_registration_failed")
    assert connection.receive()[0]["type"] == "unregistertrigger"
    assert rows(client, local=True) == []


# Trigger types that a local program provides.

def provide(client, name="disk-full"):
    state = client.call("register_trigger_type", {"trigger_type": name, "description": "Fires when a disk is full"})
    assert state == {"trigger_type": name, "state": "active"}


def test_local_provider_serves_bindings_of_python(iiid, sdk, engine):
    provider = iiid.client()
    provide(provider)
    python = sdk("newest", engine.url, "binder")
    python.register("py::alarm")
    python.do("bind", trigger_type="disk-full", function_id="py::alarm", config={"path": "/"}, metadata={"m": 1})
    bind = provider.next("bind_trigger")
    params = bind["params"]
    assert (params["trigger_type"], params["function_id"], params["config"], params["metadata"]) == (
        "disk-full", "py::alarm", {"path": "/"}, {"m": 1})
    provider.reply(bind, {})
    provider.call("trigger", {"function_id": params["function_id"], "payload": {"used": 99}, "action": {"type": "void"},
                              "metadata": params["metadata"]})
    assert python.wait_invoked()[1]["used"] == 99
    python.kill()
    unbind = provider.next("unbind_trigger")
    assert unbind["params"]["trigger_id"] == params["trigger_id"] and unbind["params"]["function_id"] == "py::alarm"
    provider.reply(unbind, {})


def test_local_list_of_trigger_types(iiid, engine):
    provider, client = iiid.client(), iiid.client()
    assert client.call("list_trigger_types", {"local": True}) == {"triggers": []}
    provide(provider)
    provide(provider, "another")
    number = provider.call("hello")["connection_id"]

    def local():
        return client.call("list_trigger_types", {"local": True})["triggers"]

    row = {"namespace": "default", "state": "active", "bindings": 0, "connection_id": number}
    assert local() == [{"id": "another", **row}, {"id": "disk-full", **row}]
    request = client.request("register_trigger", {"trigger_type": "disk-full", "function_id": "f"})
    provider.reply(provider.next("bind_trigger"), {})
    client.result(request)
    assert [r["bindings"] for r in local()] == [0, 1]
    assert {"another", "disk-full"} <= {r["id"] for r in client.call("list_trigger_types")["triggers"]}
    engine.kill()
    iiid.wait_away()
    assert {r["state"] for r in local()} == {"pending"}
    provider.close()
    eventually(lambda: local() == [], what="types end with their connection")


def test_type_that_the_engine_refuses_is_told_in_health_and_status(guest):
    """Access rules have no word for it: the daemon asks."""
    iiid, _ = guest({"allow_trigger_type_registration": False}, expose_functions=['match("*")'])
    client = iiid.client()
    assert client.call("register_trigger_type", {"trigger_type": "t", "description": "d"}) == {"trigger_type": "t", "state": "rejected", "reason": "NOT_FOUND"}
    health = client.call("health")
    assert not health["ok"] and health["checks"]["registrations"] == "1 trigger types refused by the engine"
    assert client.call("status")["state"] == "degraded"
    iiid.notify.wait("STATUS=", 10)
    eventually(lambda: any("1 trigger types refused" in line for line in iiid.notify.lines), what="STATUS tells it")
    client.call("unregister_trigger_type", {"trigger_type": "t"})
    assert client.call("health")["ok"]


def test_provider_is_told_of_the_drain(iiid):
    provider = iiid.client()
    provide(provider)
    iiid.terminate()
    assert provider.next("drain")["params"]["reason"] == "SIGTERM"
    assert iiid.wait() == 0


def test_provider_refuses_with_its_own_code(iiid):
    provider, client = iiid.client(), iiid.client()
    provide(provider)
    request = client.request("register_trigger", {
        "trigger_type": "disk-full", "function_id": "f", "scope": "durable", "config": "nonsense"})
    bind = provider.next("bind_trigger")
    provider.fail(bind, code="NO_SUCH_DISK", message="nonsense is no disk")
    with pytest.raises(LocalError) as error:
        client.result(request)
    assert "NO_SUCH_DISK" in str(error.value) or "nonsense is no disk" in str(error.value)


def test_next_provider_is_asked_for_what_the_former_served(iiid):
    first, client = iiid.client(), iiid.client()
    provide(first)
    request = client.request("register_trigger", {"trigger_type": "disk-full", "function_id": "f", "config": 1})
    first.reply(first.next("bind_trigger"), {})
    bound = client.result(request)
    assert bound["state"] == "active"
    with pytest.raises(LocalError) as error:
        client.call("register_trigger_type", {"trigger_type": "disk-full", "description": ""})
    assert (error.value.number, error.value.code) == (-32005, "TRIGGER_TYPE_TAKEN")
    first.close()
    second = iiid.client()
    state = eventually(lambda: registered(second), what="the type to be free")
    assert state["state"] == "active"
    bind = second.next("bind_trigger")
    assert (bind["params"]["trigger_id"], bind["params"]["config"]) == (bound["trigger_id"], 1)


def registered(client):
    try:
        return client.call("register_trigger_type", {"trigger_type": "disk-full", "description": ""})
    except LocalError as error:
        assert error.code == "TRIGGER_TYPE_TAKEN"
        return None


def test_bindings_are_asked_for_again_after_an_engine_restart(iiid, engine):
    provider, client = iiid.client(), iiid.client()
    provide(provider)
    request = client.request("register_trigger", {"trigger_type": "disk-full", "function_id": "f"})
    provider.reply(provider.next("bind_trigger"), {})
    trigger = client.result(request)["trigger_id"]
    engine.kill()
    engine.start()
    unbind = provider.next("unbind_trigger", seconds=20)
    provider.reply(unbind, {})
    bind = provider.next("bind_trigger")
    provider.reply(bind, {})
    assert unbind["params"]["trigger_id"] == bind["params"]["trigger_id"] == trigger
    # The daemon goes on serving calls on the same connection.
    assert provider.call("unregister_trigger_type", {"trigger_type": "disk-full"}) == {"removed": True}
    assert provider.next("unbind_trigger")["params"]["trigger_id"] == trigger
