"""What clients are told unasked: subscribe, event, unsubscribe."""
import pytest

from harness.local_client import LocalError
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


@pytest.mark.parametrize("events,member", [([], "events"), (["nonsense"], "events"), (["outbox"], "events"), ("connection", "events")])
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
