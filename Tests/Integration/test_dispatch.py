"""Calls find the free worker, each has exactly one outcome, and workers may come and go."""
import select
import subprocess
import sys
import time

import pytest

from harness.local_client import LocalClient
from harness.place import eventually

#: A worker in a process of its own that registers, says so, and never answers.
STUCK = """
import json, socket, sys, time
s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])
f = s.makefile("rw")
params = {"function_id": sys.argv[2], "linger_ms": 60000}
f.write(json.dumps({"id": 1, "method": "register_function", "params": params}) + "\\n"); f.flush()
for line in f:
    print(line, end="", flush=True)
"""


def test_second_call_goes_to_the_idle_worker(iiid):
    slow, fast, caller = iiid.client(), iiid.client(), iiid.client()
    slow.register("two::f")
    assert fast.register("two::f")["instances"] == 2
    first = caller.request("trigger", {"function_id": "two::f", "payload": 1})
    # Nothing is buffered: what comes first is the call, at one of them.
    [called], _, _ = select.select([slow.socket, fast.socket], [], [], 10)
    held, idle = (slow, fast) if called is slow.socket else (fast, slow)
    invoke = held.invoke()
    for n in range(5):
        id = caller.request("trigger", {"function_id": "two::f", "payload": n})
        idle.reply(idle.invoke(), n)
        assert caller.result(id) == n
    held.quiet(0.1)
    held.reply(invoke, "first")
    assert caller.result(first) == "first"


def test_idle_longest_is_taken(iiid):
    workers = [iiid.client() for _ in range(3)]
    for worker in workers:
        worker.register("three::f", max_in_flight=2)
    caller = iiid.client()
    ids = [caller.request("trigger", {"function_id": "three::f", "payload": n}) for n in range(3)]
    for worker in workers:  # one each: the fewest in flight
        worker.reply(worker.invoke(), "done")
    assert [caller.result(i) for i in ids] == ["done"] * 3


def test_killed_worker_fails_its_call_at_once_and_once(iiid):
    stuck = subprocess.Popen([sys.executable, "-c", STUCK, str(iiid.socket), "stuck::f"], stdout=subprocess.PIPE, text=True)
    try:
        assert '"active"' in stuck.stdout.readline()
        caller = iiid.client()
        id = caller.request("trigger", {"function_id": "stuck::f", "timeout_ms": 60000})
        assert '"invoke"' in stuck.stdout.readline()
        stuck.kill()
        stuck.wait()
        # Nothing else would end it for a minute.
        error = caller.response(id)["error"]
        assert error["data"]["code"] == "invocation_stopped"
        assert error["code"] == -32010
        caller.quiet()
    finally:
        stuck.kill()
        stuck.wait()
        stuck.stdout.close()


def test_lost_worker_is_told_with_its_reason(linked):
    iiid, connection = linked
    worker = iiid.client()
    worker.register("lost::f")
    id = connection.invoke("lost::f")
    worker.invoke()
    worker.close()
    frame, _ = connection.outcome(id)
    assert frame["error"]["code"] == "invocation_stopped"
    assert "WORKER_GONE" in frame["error"]["message"]
    connection.quiet()


def test_registration_lingers_for_a_restarting_worker(linked):
    iiid, connection = linked
    worker = iiid.client()
    worker.register("linger::f", linger_ms=30000)
    worker.close()
    eventually(lambda: iiid.status()["clients"] <= 1)
    id = connection.invoke("linger::f", '{"n":1}')
    connection.quiet(0.5)  # the call waits
    again = iiid.client()
    again.request("register_function", {"function_id": "linger::f"})
    invoke = again.invoke()
    assert invoke["params"]["payload"] == {"n": 1}
    again.reply(invoke, "back")
    frame, _ = connection.outcome(id)
    assert frame["result"] == "back"
    assert connection.registrations == ["linger::f"], "the registry flapped"
    assert "unregisterfunction" not in "".join(connection.texts)


def test_registration_ends_after_the_linger_time(linked):
    iiid, connection = linked
    worker = iiid.client()
    worker.register("short::f", linger_ms=200)
    id = connection.invoke("short::f")
    worker.invoke()
    worker.close()
    assert connection.outcome(id)[0]["error"]["code"] == "invocation_stopped"
    waiting = connection.invoke("short::f")
    frame, _ = connection.receive(5)
    assert frame["invocation_id"] == waiting and frame["error"], frame
    eventually(lambda: "short::f" not in connection.functions, 5, what="short::f unregistered")


def test_call_that_waits_is_not_lost_with_a_worker_that_never_got_it(iiid):
    first, caller = iiid.client(), iiid.client()
    first.register("handover::f", linger_ms=30000)
    running = caller.request("trigger", {"function_id": "handover::f", "payload": 1})
    first.invoke()
    waiting = caller.request("trigger", {"function_id": "handover::f", "payload": 2})
    eventually(lambda: caller.call("list_functions", {"local": True})["functions"][0]["queued"] == 1, what="a call that waits")
    second = iiid.client()
    first.close()
    assert caller.response(running)["error"]["data"]["code"] == "invocation_stopped"
    second.request("register_function", {"function_id": "handover::f"})
    second.reply(second.invoke(), "second")
    assert caller.result(waiting) == "second"


def test_credit_is_kept(iiid):
    worker, caller = iiid.client(), iiid.client()
    worker.register("credit::f", max_in_flight=2)
    ids = [caller.request("trigger", {"function_id": "credit::f", "payload": n}) for n in range(5)]
    first, second = worker.invoke(), worker.invoke()
    worker.quiet(0.3)
    worker.reply(second, "b")
    third = worker.invoke()
    worker.reply(first, "a")
    worker.reply(third, "c")
    for _ in range(2):
        worker.reply(worker.invoke(), "d")
    assert sorted(caller.result(i) for i in ids) == ["a", "b", "c", "d", "d"]


def test_full_queue_answers_overloaded(iiid):
    worker, caller = iiid.client(), iiid.client()
    worker.register("full::f", queue_limit=2)
    ids = [caller.request("trigger", {"function_id": "full::f", "payload": n}) for n in range(4)]
    invoke = worker.invoke()
    refused = [caller.response(i) for i in ids[3:]]
    assert refused[0]["error"]["data"]["code"] == "OVERLOADED"
    worker.reply(invoke, 0)
    worker.reply(worker.invoke(), 1)
    worker.reply(worker.invoke(), 2)
    assert [caller.result(i) for i in ids[:3]] == [0, 1, 2]


def test_void_invocation_is_a_request_whose_answer_is_discarded(iiid):
    worker, caller = iiid.client(), iiid.client()
    worker.register("void::f")
    assert caller.trigger("void::f", {"n": 1}, action={"type": "void"})["accepted"] is True
    invoke = worker.invoke()
    assert invoke["params"]["payload"]["n"] == 1 and "id" in invoke
    worker.reply(invoke, "nobody reads this")
    caller.quiet()
    # The slot is free again.
    id = caller.request("trigger", {"function_id": "void::f"})
    worker.reply(worker.invoke(), "read")
    assert caller.result(id) == "read"


def test_enqueue_gives_a_receipt_and_calls_later(iiid):
    worker, caller = iiid.client(), iiid.client()
    worker.register("job::f")
    receipt = caller.trigger("job::f", {"n": 1}, action={"type": "enqueue", "queue": "jobs"})
    assert receipt["messageReceiptId"]
    invoke = worker.invoke()
    assert invoke["params"]["payload"]["n"] == 1
    worker.reply(invoke, None)


def test_first_outcome_counts(linked):
    iiid, connection = linked
    worker = iiid.client()
    worker.register("once::f")
    id = connection.invoke("once::f")
    invoke = worker.invoke()
    worker.reply(invoke, "first")
    worker.reply(invoke, "second")
    worker.fail(invoke, code="third", message="third")
    assert connection.outcome(id)[0]["result"] == "first"
    connection.quiet()
    # It is neither an error line, nor does it break the session.
    worker.call("ping")


def test_answer_of_another_connection_does_not_count(linked):
    iiid, connection = linked
    worker, thief = iiid.client(), iiid.client()
    worker.register("mine::f")
    thief.register("theirs::f")
    id = connection.invoke("mine::f")
    invoke = worker.invoke()
    thief.reply(invoke, "stolen")
    connection.quiet()
    worker.reply(invoke, "honest")
    assert connection.outcome(id)[0]["result"] == "honest"


def test_handler_beyond_its_time_is_cancelled(iiid):
    worker, caller = iiid.client(), iiid.client()
    worker.register("late::f", timeout_ms=300)
    id = caller.request("trigger", {"function_id": "late::f"})
    invoke = worker.invoke()
    cancel = worker.next("cancel")
    assert cancel["params"] == {"id": invoke["id"], "reason": "deadline"}
    assert "id" not in cancel
    assert caller.response(id)["error"]["data"]["code"] == "TIMEOUT"
    worker.reply(invoke, "too late")
    # The slot is free again. The last registration's time counts: a busy machine needs more.
    other = iiid.client()
    other.register("late::f", timeout_ms=30000)
    other.call("drain")
    id = caller.request("trigger", {"function_id": "late::f"})
    worker.reply(worker.invoke(), "in time")
    assert caller.result(id) == "in time"
    caller.quiet()


def test_caller_times_out(iiid):
    worker, caller = iiid.client(), iiid.client()
    worker.register("never::f")
    begun = time.monotonic()
    error = caller.error_of("trigger", {"function_id": "never::f", "timeout_ms": 300})
    assert time.monotonic() - begun > 0.25
    assert (error.number, error.code, error.data["source"]) == (-32001, "TIMEOUT", "iiid")
    invoke = worker.invoke()
    worker.reply(invoke, "too late")
    caller.quiet()


def test_caller_cancels(iiid):
    worker, caller = iiid.client(), iiid.client()
    worker.register("cancelled::f")
    id = caller.request("trigger", {"function_id": "cancelled::f"})
    invoke = worker.invoke()
    assert caller.call("cancel", {"id": id}) == {"cancelled": True}
    assert caller.response(id)["error"]["code"] == -32006
    assert caller.call("cancel", {"id": id}) == {"cancelled": False}
    worker.reply(invoke, "too late")
    caller.quiet()


def test_registered_twice_on_one_connection(iiid):
    worker = iiid.client()
    worker.register("twice::f")
    error = worker.error_of("register_function", {"function_id": "twice::f"})
    assert (error.number, error.code) == (-32012, "ALREADY_REGISTERED")


def test_unregister(iiid):
    worker, caller = iiid.client(), iiid.client()
    worker.register("off::f")
    assert worker.call("unregister_function", {"function_id": "off::f"}) == {"removed": True, "instances": 0}
    eventually(lambda: caller.error_of("trigger", {"function_id": "off::f"}).code == "function_not_found")
    worker.register("off::f")


def test_self_call(iiid):
    client = iiid.client()
    client.register("self::f")
    id = client.request("trigger", {"function_id": "self::f", "payload": {"n": 1}})
    client.reply(client.invoke(), {"n": 2})
    assert client.result(id) == {"n": 2}


def test_drained_worker_gets_nothing_new(iiid):
    leaving, staying, caller = iiid.client(), iiid.client(), iiid.client()
    leaving.register("shift::f")
    staying.register("shift::f")
    assert leaving.call("drain") == {"in_flight": 0}
    for n in range(4):
        id = caller.request("trigger", {"function_id": "shift::f", "payload": n})
        staying.reply(staying.invoke(), n)
        assert caller.result(id) == n
    leaving.quiet()


def test_error_of_a_worker_crosses_with_its_members(iiid):
    worker, caller = iiid.client(), iiid.client()
    worker.register("broken::f")
    for sent, code in [({"code": "OUT_OF_STOCK", "message": "none left"}, "OUT_OF_STOCK"), ({"code": 5, "message": "none left"}, "invocation_failed"),
                       ({"message": "none left"}, "invocation_failed")]:
        id = caller.request("trigger", {"function_id": "broken::f"})
        worker.fail(worker.invoke(), **sent)
        error = caller.response(id)["error"]
        assert (error["code"], error["data"]["code"]) == (-32000, code)
        assert "none left" in error["message"]


def test_metadata_and_trace_context_cross(linked):
    iiid, connection = linked
    client = iiid.client()
    client.register("meta::f")
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    client.request("trigger", {"function_id": "x::y", "payload": {}, "metadata": {"tenant": "t1"}, "namespace": "shop", "traceparent": trace,
                               "baggage": "a=b"})
    frame, _ = connection.invocation()
    assert (frame["metadata"], frame["namespace"], frame["traceparent"], frame["baggage"]) == ({"tenant": "t1"}, "shop", trace, "a=b")
    connection.invoke("meta::f", "1", metadata='{"tenant":"t2"}', traceparent=f'"{trace}"', baggage='"c=d"')
    params = client.invoke()["params"]
    assert (params["metadata"], params["traceparent"], params["baggage"]) == ({"tenant": "t2"}, trace, "c=d")


def test_invocation_ids_cannot_be_guessed(linked):
    iiid, connection = linked
    client = iiid.client()
    ids = []
    for _ in range(64):
        client.request("trigger", {"function_id": "x::y"})
        ids.append(connection.invocation()[0]["invocation_id"])
    assert len(set(ids)) == 64
    numbers = [int(i.replace("-", ""), 16) for i in ids]
    # Of 128 bits, at least 64 differ between neighbours in an unforeseeable way: each of them flips about half of the time.
    flips = [sum((a ^ b) >> bit & 1 for a, b in zip(numbers, numbers[1:])) for bit in range(128)]
    assert sum(12 <= f <= 51 for f in flips) >= 64, flips


def test_invocation_ids_are_compared_as_values(linked):
    iiid, connection = linked
    client = iiid.client()
    client.register("upper::f")
    id = client.request("trigger", {"function_id": "x::y"})
    frame, _ = connection.invocation()
    connection.send({"type": "invocationresult", "invocation_id": frame["invocation_id"].upper(), "function_id": "x::y", "result": 1})
    assert client.result(id) == 1
    connection.send({"type": "invokefunction", "invocation_id": "0B0E7C3E-AAAA-4000-8000-00000000000F", "function_id": "upper::f", "data": {}})
    client.reply(client.invoke(), 2)
    assert connection.outcome("0b0e7c3e-aaaa-4000-8000-00000000000f")[0]["result"] == 2


@pytest.mark.parametrize("calls", [256])
def test_requests_beyond_the_limit_are_refused(linked, calls):
    iiid, connection = linked
    client = iiid.client()
    ids = [client.request("trigger", {"function_id": "x::y", "payload": n}) for n in range(calls + 1)]
    assert client.response(ids[-1])["error"]["data"]["code"] == "OVERLOADED"
    for _ in range(calls):
        frame, _ = connection.invocation()
        connection.answer(frame, frame["data"])
    assert [client.result(i) for i in ids[:-1]] == list(range(calls))


def test_answers_come_to_the_right_caller(iiid):
    iiid.worker({"who::f": lambda params: params["payload"]["who"]}, max_in_flight=8)
    callers = [LocalClient(iiid.socket) for _ in range(20)]
    ids = [[c.request("trigger", {"function_id": "who::f", "payload": {"who": f"{n}-{i}"}}) for i in range(3)] for n, c in enumerate(callers)]
    for n, caller in enumerate(callers):
        assert [caller.result(i) for i in ids[n]] == [f"{n}-{i}" for i in range(3)]
        caller.close()
