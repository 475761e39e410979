"""What clients are told unasked: subscribe, event, unsubscribe."""
import os
import uuid

import pytest

from harness.local_client import LocalError
from harness.others import call_as
from harness.place import eventually


def subscribe(client, *events, **options):
    return client.call("subscribe", {"events": list(events), **options})["subscription_id"]


def event(client, topic, seconds=10):
    """The next event; it is of this topic."""
    message = client.receive(seconds)
    assert message["method"] == "event" and message["params"]["event"] == topic, message
    return message["params"]


def test_connection_across_the_death_of_the_engine(iiid, engine):
    client = iiid.client()
    id = subscribe(client, "connection")
    first = event(client, "connection")
    assert (first["subscription_id"], first["seq"], first["fields"]["state"]) == (id, 1, "connected")
    engine.kill()
    away = event(client, "connection")
    assert (away["seq"], away["fields"]["state"]) == (2, "reconnecting") and away["fields"]["last_error"]
    engine.start()
    back = event(client, "connection", 20)
    assert (back["seq"], back["fields"]["state"]) == (3, "connected")


def test_registration_of_others_is_told(iiid):
    client, worker = iiid.client(), iiid.client()
    subscribe(client, "registration")
    worker.register("f")
    seen = event(client, "registration")
    assert seen["fields"] == {"function_id": "f", "namespace": "default", "state": "active", "instances": 1}
    late = iiid.client()
    subscribe(late, "registration")
    assert event(late, "registration")["fields"]["function_id"] == "f"
    quiet = iiid.client()
    subscribe(quiet, "registration", snapshot=False)
    quiet.quiet()


def test_what_the_engine_tells_is_passed_on(iiid, sdk, engine):
    client, other = iiid.client(), iiid.client()
    subscribe(client, "workers_available")
    subscribe(other, "functions_available", snapshot=False)
    rows = client.call("list_triggers", {"trigger_type": "engine::workers-available"})["registered_triggers"]
    assert len(rows) == 1
    newcomer = sdk("newest", engine.url, "newcomer")
    newcomer.register("py::f")
    fields = event(client, "workers_available")["fields"]
    assert fields["event"] == "worker_connected" and fields["worker_id"]
    functions = event(other, "functions_available", 15)["fields"]["functions"]
    assert "py::f" in {row["function_id"] for row in functions}
    # Hidden from those who ask what there is, and taken back with the last subscriber.
    listed = other.call("list_functions")["functions"]
    assert not [row for row in listed if row["function_id"].startswith("iiid::")]
    for connection in (client, other):
        connection.close()
    asker = iiid.client()
    eventually(lambda: asker.call("list_triggers", {"include_internal": True})["registered_triggers"] == [], what="no binding left")


def test_subscription_ends(iiid, engine):
    client = iiid.client()
    id = subscribe(client, "connection", snapshot=False)
    assert iiid.client().call("unsubscribe", {"subscription_id": id}) == {"removed": False}
    assert client.call("unsubscribe", {"subscription_id": id}) == {"removed": True}
    engine.kill()
    eventually(lambda: client.call("status")["engine"]["state"] == "reconnecting", what="the loss")
    client.quiet()


def test_drain_is_told(iiid):
    client = iiid.client()
    subscribe(client, "drain")
    iiid.terminate()
    assert event(client, "drain")["fields"]["deadline_ms"] > 0


def test_half_closed_subscriber_goes_on(iiid, engine):
    client = iiid.client()
    subscribe(client, "connection", snapshot=False)
    client.half_close()
    engine.kill()
    assert event(client, "connection")["fields"]["state"] == "reconnecting"


@pytest.mark.parametrize("events,member", [([], "events"), (["nonsense"], "events"), ("connection", "events")])
def test_bad_subscription_says_what_is_wrong(iiid, events, member):
    with pytest.raises(LocalError) as error:
        iiid.client().call("subscribe", {"events": events})
    assert (error.value.code, error.value.data["member"]) == ("INVALID_PARAMS", member)


def test_subscriptions_are_bounded(iiid):
    client = iiid.client()
    for _ in range(16):
        subscribe(client, "drain")
    with pytest.raises(LocalError) as error:
        subscribe(client, "drain")
    assert error.value.code == "OVERLOADED"


def test_events_for_one_who_does_not_read_are_held_and_counted(iiid):
    client, worker = iiid.client(), iiid.client()
    client.call("hello", {"worker_name": "deaf"})
    iiid.worker({"echo": lambda params: params["payload"]}, max_in_flight=16)
    subscribe(client, "registration", snapshot=False)
    for number in range(12):
        client.send({"id": number, "method": "trigger", "params": {"function_id": "echo", "payload": "x" * 1_000_000}})

    def waits():
        row = next(r for r in worker.call("list_workers", {"local": True})["workers"] if r.get("name") == "deaf")
        return row["requests"] == 0

    eventually(waits, 30, what="every answer to wait for the client")
    for _ in range(3):
        worker.register("churn", linger_ms=0)
        worker.call("unregister_function", {"function_id": "churn"})
    messages = [client.receive(20) for _ in range(13)]
    assert len([m for m in messages if "result" in m]) == 12
    held = messages[-1]["params"]
    assert (held["fields"]["function_id"], held["seq"], held["lagged"]) == ("churn", 1, 2)
    client.quiet()


def test_what_access_rules_keep_from_the_daemon_is_told(guest):
    """The engine drops the binding without a word; the daemon asks, and tells whoever subscribes, now or later."""
    iiid, _ = guest({"allowed_trigger_types": ["engine::workers-available"]}, expose_functions=['match("*")'])
    client = iiid.client()
    subscribe(client, "functions_available", snapshot=False)
    told = event(client, "functions_available")["fields"]
    assert (told["event"], told["code"]) == ("unavailable", "NOT_FOUND") and "engine::functions-available" in told["message"]
    late = iiid.client()
    subscribe(late, "functions_available", "workers_available")
    assert event(late, "functions_available")["fields"] == told
    assert iiid.log().count("the engine does not tell of them") == 1
    late.quiet()


def test_daemon_that_may_not_have_a_function_says_so(guest):
    iiid, _ = guest({"allow_function_registration": False}, expose_functions=['match("*")'])
    client = iiid.client()
    subscribe(client, "workers_available")
    assert event(client, "workers_available")["fields"]["event"] == "unavailable"


def test_refused_binding_is_told_once_and_after_the_next_connection_only_if_it_is_news(linked, wire):
    iiid, connection = linked
    client = iiid.client()
    subscribe(client, "workers_available")

    def binding(connection):
        while True:
            frame, _ = connection.receive()
            if frame["type"] == "registertrigger":
                return frame

    def refuse(connection, frame):
        connection.send({"type": "triggerregistrationresult", "id": frame["id"], "trigger_type": frame["trigger_type"],
                         "function_id": frame["function_id"], "error": {"code": "FORBIDDEN", "message": "not for you"}})

    def answer(connection, **outcome):
        question, _ = connection.invocation()
        assert question["function_id"] == "engine::registered-triggers::info"
        connection.answer(question, **outcome)

    refuse(connection, binding(connection))
    assert event(client, "workers_available")["fields"] == {"event": "unavailable", "code": "FORBIDDEN", "message": "not for you"}
    connection.drop()
    connection = wire.accept()
    refuse(connection, binding(connection))
    client.quiet()
    answer(connection, result={"id": "x"})
    assert event(client, "workers_available")["fields"] == {"event": "available"}


# --- invocations

def over(client, seconds=10):
    """The next event `invocations`, without what differs from run to run."""
    fields = event(client, "invocations", seconds)["fields"]
    assert fields.pop("duration_ms") >= 0
    id = fields.pop("invocation_id", None)
    assert id is None or uuid.UUID(id)
    return fields


def test_every_call_and_invocation_is_told_to_the_administrator(iiid):
    watcher, caller, worker = iiid.client(), iiid.client(), iiid.client()
    numbers = [c.call("hello")["connection_id"] for c in (caller, worker)]
    worker.register("f")
    worker.register("late", timeout_ms=300)
    subscribe(watcher, "invocations")
    call = caller.request("trigger", {"function_id": "f", "payload": "secret"})
    worker.reply(worker.invoke(), "secret")
    caller.result(call)
    assert over(watcher) == {"direction": "in", "function_id": "f", "connection_id": numbers[1], "outcome": "ok"}
    assert over(watcher) == {"direction": "out", "function_id": "f", "connection_id": numbers[0], "outcome": "ok"}
    call = caller.request("trigger", {"function_id": "f"})
    worker.fail(worker.invoke(), code="OUT_OF_STOCK", message="secret")
    assert over(watcher) == {"direction": "in", "function_id": "f", "connection_id": numbers[1], "outcome": "error", "code": "OUT_OF_STOCK"}
    assert over(watcher) == {"direction": "out", "function_id": "f", "connection_id": numbers[0], "outcome": "error", "code": "OUT_OF_STOCK"}
    caller.request("trigger", {"function_id": "late"})
    late = worker.invoke()
    assert over(watcher)["code"] == "TIMEOUT" and over(watcher)["code"] == "TIMEOUT"
    worker.reply(late, None)
    caller.call("trigger", {"function_id": "nowhere", "action": {"type": "void"}})
    assert over(watcher) == {"direction": "out", "function_id": "nowhere", "connection_id": numbers[0], "outcome": "accepted"}
    caller.call("list_functions")
    watcher.quiet()


def test_invocations_of_a_worker_that_goes_and_of_an_engine_that_goes(iiid, engine):
    watcher, caller, worker = iiid.client(), iiid.client(), iiid.client()
    subscribe(watcher, "invocations")
    worker.register("f")
    caller.request("trigger", {"function_id": "f"})
    worker.invoke()
    worker.close()
    assert over(watcher)["code"] == "invocation_stopped" and over(watcher)["code"] == "invocation_stopped"
    other = iiid.client()
    other.register("g")
    caller.request("trigger", {"function_id": "g"})
    other.invoke()
    engine.kill()
    seen = sorted((over(watcher) for _ in range(2)), key=lambda fields: fields["direction"])
    assert (seen[0]["outcome"], seen[1]["code"]) == ("lost", "NOT_CONNECTED")


def test_invocations_are_held_by_direction_for_one_who_does_not_read(iiid):
    watcher = iiid.client()
    iiid.worker({"echo": lambda params: params["payload"]}, max_in_flight=16)
    caller = iiid.client()
    subscribe(watcher, "invocations")
    for number in range(12):
        watcher.send({"id": number, "method": "trigger", "params": {"function_id": "echo", "payload": "x" * 1_000_000}})
    eventually(lambda: iiid.status()["in_flight"]["calls"] == 0, 30, what="every answer to wait for the watcher")
    for number in range(50):
        caller.error_of("trigger", {"function_id": f"nowhere::{number}"})
    messages = []
    while True:
        messages.append(watcher.receive(20))
        if messages[-1].get("params", {}).get("fields", {}).get("function_id") == "nowhere::49":
            break
    told = [m["params"] for m in messages if m.get("method") == "event"]
    assert [p["seq"] for p in told] == list(range(1, len(told) + 1))
    assert len(told) + sum(p.get("lagged", 0) for p in told) == 12 + 12 + 50
    assert len(told) <= 24 + 2


@pytest.mark.skipif(os.getuid() != 0, reason="needs root to be somebody else")
def test_invocations_are_not_for_others(iiid):
    error = call_as(54321, iiid, "subscribe", {"events": ["connection", "invocations"]})["error"]
    assert (error["code"], error["data"]["source"]) == (-32003, "iiid") and "invocations" in error["message"]
    assert "result" in call_as(54321, iiid, "subscribe", {"events": ["connection"]})
