"""What only root and the daemon's own user may ask for: shutdown and reload."""
import json
import os
import shutil
import subprocess

import pytest

from harness.local_client import LocalError
from harness.others import call_as
from harness.place import eventually, listens
from harness.programs import Daemon, build_folder
from harness.scripted_engine import free_port

as_root = pytest.mark.skipif(os.getuid() != 0, reason="needs root to be somebody else")

def busy(linked):
    """A daemon with one invocation at a worker: the daemon, the engine's end with the invocation's id, the worker, its line."""
    iiid, connection = linked
    worker = iiid.client()
    worker.register("slow::f")
    id = connection.invoke("slow::f")
    return iiid, (connection, id), worker, worker.invoke()


# --- the gate

@as_root
@pytest.mark.parametrize("method,params", [("shutdown", {}), ("shutdown", {"mode": "now"}), ("reload", {})])
def test_other_users_are_refused(iiid, method, params):
    error = call_as(54321, iiid, method, params)["error"]
    assert (error["code"], error["data"]["code"], error["data"]["source"]) == (-32003, "FORBIDDEN", "iiid")
    assert not error["data"]["retryable"] and method in error["message"] and "54321" in error["message"]
    assert iiid.status()["state"] == "ready"


@as_root
def test_daemons_own_user_may_administer(place):
    place.dir.chmod(0o777)
    program = shutil.copy(build_folder() / "iiid", place.dir / "iiid")
    socket = place.dir / "own.sock"
    process = place.start("iiid", [program, "serve", "--engine", f"ws://127.0.0.1:{free_port()}", "--socket", socket], user=54321, group=54321,
                          extra_groups=[])
    eventually(lambda: listens(socket) or process.poll() is not None, what="the socket")

    class iiid:
        pass

    iiid.place, iiid.socket = place, socket
    assert call_as(65534, iiid, "shutdown")["error"]["data"]["code"] == "FORBIDDEN"
    assert call_as(54321, iiid, "shutdown")["result"]["accepted"]
    assert process.wait(15) == 0


def test_gate_is_told_by_the_document(iiid):
    methods = iiid.client().call("rpc.discover")["methods"]
    assert {"shutdown", "reload"} <= {m["name"] for m in methods if m["x-administrative"]}
    assert "trigger" not in {m["name"] for m in methods if m["x-administrative"]}


def test_administrative_methods_are_no_notifications(iiid):
    client = iiid.client()
    client.send({"method": "shutdown"})
    assert client.receive()["error"]["data"]["code"] == "INVALID_REQUEST"
    assert client.call("ping")


# --- shutdown

def test_shutdown_drains_like_sigterm(linked):
    iiid, engine, worker, invoke = busy(linked)
    asker = iiid.client()
    assert asker.call("shutdown") == {"accepted": True, "in_flight": {"calls": 0, "invocations": 1}}
    iiid.notify.wait("STOPPING=1", 10)
    assert worker.next("drain")["params"]["reason"] == "shutdown"
    assert asker.error_of("trigger", {"function_id": "f"}).code == "SHUTTING_DOWN"
    worker.reply(invoke, "done")
    assert engine[0].outcome(engine[1])[0]["result"] == "done"
    assert iiid.wait() == 0 and not iiid.socket.exists()


def test_shutdown_now_gives_up_what_is_in_flight(linked):
    iiid, engine, worker, invoke = busy(linked)
    asker, caller = iiid.client(), iiid.client()
    call = caller.request("trigger", {"function_id": "elsewhere"})
    engine[0].invocation()
    assert asker.call("shutdown", {"mode": "now"})["in_flight"] == {"calls": 1, "invocations": 1}
    assert caller.response(call)["error"]["data"]["code"] == "SHUTTING_DOWN"
    assert worker.next("cancel")["params"] == {"id": invoke["id"], "reason": "drain"}
    assert engine[0].outcome(engine[1])[0]["error"]["code"] == "invocation_stopped"
    assert iiid.wait() == 0


def test_shutdown_ends_at_its_own_deadline(linked):
    iiid, _, worker, _ = busy(linked)
    iiid.client().call("shutdown", {"deadline_ms": 300})
    assert worker.next("drain")["params"]["deadline_ms"] <= 300
    assert iiid.wait() == 0


def test_earlier_deadline_counts(linked):
    iiid, engine, worker, _ = busy(linked)
    asker = iiid.client()
    assert asker.call("shutdown", {"deadline_ms": 3_600_000})["accepted"]
    worker.next("drain")
    assert asker.call("shutdown")["accepted"]
    assert asker.call("shutdown", {"mode": "now"})["accepted"]
    assert engine[0].outcome(engine[1])[0]["error"]["code"] == "invocation_stopped"
    assert iiid.wait() == 0


def test_shutdown_of_a_daemon_whose_engine_is_away(place):
    iiid = Daemon(place, f"ws://127.0.0.1:{free_port()}", connected=False)
    line = '{"id":1,"method":"shutdown","params":{"mode":"now"}}\n'
    done = subprocess.run(["socat", "-t", "15", "-", f"UNIX-CONNECT:{iiid.socket}"], input=line, capture_output=True, text=True, timeout=30)
    assert json.loads(done.stdout)["result"]["accepted"], done.stderr
    assert iiid.wait() == 0


@pytest.mark.parametrize("params,member", [({"mode": "later"}, "mode"), ({"deadline_ms": -1}, "deadline_ms"),
                                           ({"mode": "now", "deadline_ms": 5}, "deadline_ms")])
def test_bad_shutdown_changes_nothing(iiid, params, member):
    client = iiid.client()
    with pytest.raises(LocalError) as error:
        client.call("shutdown", params)
    assert (error.value.code, error.value.data["member"]) == ("INVALID_PARAMS", member)
    assert client.call("status")["state"] == "ready"
