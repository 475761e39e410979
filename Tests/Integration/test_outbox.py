"""Calls that are kept on disk until the engine has them (decision 0019)."""
import collections
import json
import os
import signal
import subprocess
import threading
import time

import pytest

from harness.local_client import LocalClient, LocalError
from harness.place import eventually
from harness.programs import Daemon, build_folder
from harness.scripted_engine import ScriptedEngine, free_port
from harness.others import call_as

as_root = pytest.mark.skipif(os.getuid() != 0, reason="needs root to be somebody else, and to mount a small disk")

VOID = {"action": {"type": "void"}, "durability": "disk"}
JOBS = {"action": {"type": "enqueue", "queue": "jobs"}, "durability": "disk"}


class Sink:
    """An engine that takes every call, gives receipts, and keeps the payloads in the order in which they came."""

    def __init__(self, place, port=0, answer=None):
        self.engine = ScriptedEngine(port=port)
        place.on_end(self.engine.close)
        self.url = self.engine.url
        self.payloads = []
        self.frames = []
        self.answer = answer or (lambda connection, frame: connection.answer(frame, {"messageReceiptId": "r"}))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection = self.engine.accepted.get()
            threading.Thread(target=self.take, args=(connection,), daemon=True).start()

    def take(self, connection):
        while True:
            frame, text = connection.frames.get()
            if frame["type"] == "invokefunction":
                self.payloads.append(frame["data"])
                self.frames.append((frame, text))
                self.answer(connection, frame)


@pytest.fixture
def keeper(place):
    """Starts a daemon with a state directory that is the same each time: keeper(engine_url, …)."""
    state = place.dir / "state"
    state.mkdir(mode=0o700)

    def start(url, *options, env=None, **more):
        iiid = Daemon(place, url, *options, env={"STATE_DIRECTORY": state, **(env or {})}, **more)
        iiid.file = state / "outbox.db"
        return iiid

    return start


@pytest.fixture
def away(keeper):
    """A daemon whose engine is away, and the port where it would be."""
    port = free_port()
    return keeper(f"ws://127.0.0.1:{port}", connected=False), port


def kill(iiid):
    iiid.process.kill()
    iiid.process.wait()


def kept(iiid):
    return iiid.status()["outbox"]["entries"]


# --- what is promised

def test_accepted_calls_outlive_the_daemon_and_go_out_in_order(place, keeper, away):
    iiid, port = away
    client = iiid.client()
    for number in range(20):
        answer = client.trigger("report::add", number, **(VOID if number % 3 else JOBS))
        expected = {"outbox_id": number + 1, "buffered": True}
        assert answer == (expected if number % 3 == 0 else {"accepted": True, **expected})
    kill(iiid)
    assert os.stat(iiid.file).st_mode & 0o777 == 0o600
    iiid = keeper(f"ws://127.0.0.1:{port}", connected=False)
    assert kept(iiid) == 20
    # A number is never given again, and what is accepted now comes behind what was there.
    assert iiid.client().trigger("report::add", 20, **JOBS)["outbox_id"] == 21
    sink = Sink(place, port)
    eventually(lambda: kept(iiid) == 0, what="all delivered")
    assert sink.payloads == list(range(21))
    assert iiid.status()["outbox"] == {"state": "ready", "entries": 0, "failed": 0, "bytes": 0, "delivered": 21, "expired": 0}
    # In good order: a daemon that is killed before the file is told makes the last calls once more.
    iiid.terminate()
    assert iiid.wait() == 0
    iiid = keeper(f"ws://127.0.0.1:{port}")
    assert kept(iiid) == 0 and len(sink.payloads) == 21


def test_every_byte_of_a_call_is_kept(place, keeper, away):
    iiid, port = away
    client = iiid.client()
    payload = r'{"z":1.0,"a":12345678901234567890123456789012345678901,"a":"\u0041\ud83d\ude00", "e":[1e2,-0]}'
    client.send('{"id":1,"method":"trigger","params":{"function_id":"caf\\u00e9::x","payload":%s,"metadata":{"k":1.50},"namespace":"shop",'
                '"traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01","baggage":"a=b","durability":"disk",'
                '"action":{"type":"enqueue","queue":"jo\\tbs"}}}' % payload)
    assert client.result(1)["buffered"]
    kill(iiid)
    sink = Sink(place, port)
    keeper(f"ws://127.0.0.1:{port}")
    text = eventually(lambda: sink.frames, what="the call")[0][1]
    assert f'"data":{payload},' in text and r'"function_id":"caf\u00e9::x"' in text and r'"queue":"jo\tbs"' in text
    assert '"metadata":{"k":1.50}' in text and '"namespace":"shop"' in text and '"baggage":"a=b"' in text
    assert '"traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"' in text


def test_kill_9_in_the_midst_loses_nothing(place, keeper, record_property):
    """A caller that sends on and on, and a daemon that is killed five times meanwhile."""
    sink = Sink(place)
    accepted, number = [], 0
    kills = 5
    for life in range(kills + 1):
        iiid = keeper(sink.url, connected=False)
        client = LocalClient(iiid.socket)
        wanted = len(accepted) + 60
        try:
            while len(accepted) < wanted:
                sent = []
                for _ in range(20):
                    number += 1
                    id = client.request("trigger", {"function_id": "report::add", "payload": number, **(VOID if number % 2 else JOBS)})
                    sent.append((id, number))
                if life < kills and len(accepted) + 20 >= wanted:
                    # Some of these are answered, some written, some sent; nobody knows which.
                    for id, value in sent[:7]:
                        client.result(id)
                        accepted.append(value)
                    iiid.process.kill()
                for id, value in sent[7 if iiid.process.returncode is not None or life < kills and len(accepted) + 13 >= wanted else 0:]:
                    client.result(id)
                    accepted.append(value)
        except (EOFError, OSError):
            assert life < kills
        client.close()
        if life < kills:
            iiid.process.wait(10)
    assert len(accepted) > 200
    eventually(lambda: kept(iiid) == 0, 30, what="all delivered")
    counts = collections.Counter(sink.payloads)
    lost = set(accepted) - set(counts)
    twice = sum(count - 1 for count in counts.values())
    record_property("duplicates", twice)
    print(f"{len(accepted)} accepted, {len(counts)} delivered, {twice} of them once more, {kills} kills")
    assert not lost, f"{len(lost)} lost: {sorted(lost)[:10]}"
    # What was acknowledged and not yet noted: three rounds of the caller's twenty at most, one for each job of the file.
    assert twice <= 60 * kills


def test_an_orderly_end_makes_no_call_twice(place, keeper):
    held = []
    sink = Sink(place, answer=lambda connection, frame: held.append((connection, frame)))
    iiid = keeper(sink.url)
    client = iiid.client()
    for number in range(40):
        client.trigger("report::add", number, **JOBS)
    # 32 are on their way, and the engine has not said a word.
    eventually(lambda: len(held) == 32, what="32 on their way")
    iiid.terminate()
    iiid.notify.wait("STOPPING=1", 10)
    for connection, frame in held:
        connection.answer(frame, {"messageReceiptId": "r"})
    assert iiid.wait() == 0
    sink.answer = lambda connection, frame: connection.answer(frame, {"messageReceiptId": "r"})
    iiid = keeper(sink.url)
    eventually(lambda: kept(iiid) == 0, what="the rest delivered")
    assert sink.payloads == list(range(40))


def test_a_lost_connection_repeats_what_was_not_acknowledged(place, keeper):
    held = []
    sink = Sink(place, answer=lambda connection, frame: held.append((connection, frame)))
    iiid = keeper(sink.url)
    client = iiid.client()
    for number in range(6):
        client.trigger("report::add", number, **JOBS)
    eventually(lambda: len(held) == 6, what="six on their way")
    for connection, frame in held[:4]:
        connection.answer(frame, {"messageReceiptId": "r"})
    eventually(lambda: kept(iiid) == 2, what="four acknowledged")
    sink.answer = lambda connection, frame: connection.answer(frame, {"messageReceiptId": "r"})
    held[0][0].drop()
    eventually(lambda: kept(iiid) == 0, 20, what="the other two delivered")
    assert sink.payloads == [0, 1, 2, 3, 4, 5, 4, 5]


def test_the_caller_need_not_stay(place, keeper, away):
    iiid, port = away
    line = json.dumps({"method": "trigger", "params": {"function_id": "report::add", "payload": "gone", **VOID}}) + "\n"
    client = LocalClient(iiid.socket)
    client.send_bytes(line.encode())
    client.close()
    eventually(lambda: kept(iiid) == 1, what="kept")
    answered = subprocess.run(["socat", "-t", "20", "-", f"UNIX-CONNECT:{iiid.socket}"], input=line.replace('{"method"', '{"id":1,"method"').encode(),
                              capture_output=True, timeout=30)
    assert json.loads(answered.stdout)["result"] == {"accepted": True, "buffered": True, "outbox_id": 2}
    sink = Sink(place, port)
    eventually(lambda: kept(iiid) == 0, what="delivered")
    assert sink.payloads == ["gone", "gone"]


def test_through_a_development_engine(keeper, engine):
    iiid = keeper(engine.url)
    worker = iiid.client()
    worker.call("register_function", {"function_id": "report::add", "max_in_flight": 100})
    client = iiid.client()
    engine.kill()
    iiid.wait_away()
    for number in range(10):
        client.trigger("report::add", {"n": number}, **(VOID if number % 2 else JOBS))
    engine.start()
    got = [worker.invoke(30)["params"]["payload"]["n"] for _ in range(10)]
    assert sorted(got) == list(range(10))
    eventually(lambda: kept(iiid) == 0, what="delivered")


# --- what may go wrong

def test_refusals(iiid, away):
    without = iiid.client()
    error = without.error_of("trigger", {"function_id": "f", **VOID})
    assert (error.code, error.data["retryable"]) == ("NO_OUTBOX", False) and "STATE_DIRECTORY" in error.message
    client = away[0].client()
    error = client.error_of("trigger", {"function_id": "f", "durability": "disk"})
    assert (error.code, error.data["member"]) == ("INVALID_PARAMS", "durability") and "void" in error.message
    error = client.error_of("trigger", {"function_id": "f", "action": {"type": "void"}, "ttl_ms": 5})
    assert (error.code, error.data["member"]) == ("INVALID_PARAMS", "ttl_ms")
    assert client.error_of("trigger", {"function_id": "f", **VOID, "ttl_ms": 0}).code == "INVALID_PARAMS"
    assert client.error_of("outbox_drop", {"outbox_id": 1, "all": True}).code == "INVALID_PARAMS"
    assert kept(away[0]) == 0


def test_a_call_expires(away, place):
    iiid, port = away
    watcher = iiid.client()
    watcher.call("subscribe", {"events": ["outbox"]})
    assert watcher.next("event")["params"]["fields"] == {"entries": 0, "failed": 0, "bytes": 0}
    client = iiid.client()
    client.trigger("report::add", 1, **JOBS, ttl_ms=1)
    client.trigger("report::add", 2, **JOBS, ttl_ms=3_600_000)
    fields = watcher.next("event")["params"]["fields"]
    assert (fields["outbox_id"], fields["state"]) == (1, "expired")
    assert iiid.status()["outbox"]["expired"] == 1
    assert "call 1 was not delivered in its time" in iiid.log()
    sink = Sink(place, port)
    fields = watcher.next("event")["params"]["fields"]
    assert fields == {"outbox_id": 2, "state": "delivered", "entries": 0, "failed": 0, "bytes": 0}
    assert sink.payloads == [2]


def test_a_call_expires_while_no_daemon_runs(away, keeper):
    iiid, port = away
    # Long enough to be written by a slow disk and killed: what expires before, the daemon that is killed may have removed.
    iiid.client().trigger("report::add", 1, **JOBS, ttl_ms=3000)
    kill(iiid)
    time.sleep(3)  # the time that is meant
    iiid = keeper(f"ws://127.0.0.1:{port}", connected=False)
    eventually(lambda: iiid.status()["outbox"]["expired"] == 1, what="expired")


def test_what_the_engine_refuses_is_kept_and_told_of(place, keeper):
    refusing = True

    def answer(connection, frame):
        if refusing and frame["data"] == "bad":
            connection.answer(frame, error={"code": "FORBIDDEN", "message": "not you"})
        else:
            connection.answer(frame, {"messageReceiptId": "r"})

    sink = Sink(place, answer=answer)
    iiid = keeper(sink.url)
    client = iiid.client()
    for payload in ("bad", "good", "bad", "bad"):
        client.trigger("report::add", payload, **JOBS)
    eventually(lambda: iiid.status()["outbox"]["failed"] == 3, what="refused")
    health = client.call("health")
    assert not health["ok"] and health["checks"]["outbox"] == "3 calls were refused by the engine"
    rows = client.call("outbox_list", {"failed": True})
    assert (rows["total"], rows["failed"], [row["outbox_id"] for row in rows["entries"]]) == (3, 3, [1, 3, 4])
    row = rows["entries"][0]
    assert row["error"] == {"code": "FORBIDDEN", "message": "not you"} and row["state"] == "failed" and row["queue"] == "jobs"
    # What a call says is in no list and in no log.
    assert "bad" not in json.dumps(rows) and "bad" not in iiid.log()
    assert client.call("outbox_list", {"after": 3, "limit": 1})["entries"][0]["outbox_id"] == 4
    # It stays so over a restart, until somebody decides. The answer comes when everything before is on the disk.
    assert client.call("outbox_drop", {"outbox_id": 4711}) == {"count": 0}
    kill(iiid)
    iiid = keeper(sink.url)
    client = iiid.client()
    assert iiid.status()["outbox"]["failed"] == 3
    assert client.call("outbox_drop", {"outbox_id": 3}) == {"count": 1}
    assert client.call("outbox_drop", {"outbox_id": 3}) == {"count": 0}
    refusing = False
    assert client.call("outbox_retry", {"outbox_id": 1}) == {"count": 1}
    assert client.call("outbox_retry") == {"count": 1}
    eventually(lambda: kept(iiid) == 0, what="delivered")
    assert sink.payloads == ["bad", "good", "bad", "bad", "bad", "bad"]
    assert client.call("health")["ok"]


def test_dropping_all(away):
    iiid, _ = away
    client = iiid.client()
    for number in range(3):
        client.trigger("report::add", number, **VOID)
    assert client.call("outbox_drop") == {"count": 0}
    assert client.call("outbox_drop", {"all": True}) == {"count": 3}
    assert kept(iiid) == 0


@as_root
@pytest.mark.parametrize("method", ["outbox_list", "outbox_retry", "outbox_drop"])
def test_other_users_do_not_look_after_it(away, method):
    iiid, _ = away
    iiid.client().trigger("report::add", 1, **VOID)
    error = call_as(54321, iiid, method)["error"]
    assert error["data"]["code"] == "FORBIDDEN" and method in error["message"]
    assert kept(iiid) == 1


@as_root
def test_a_full_disk_refuses_and_recovers(place, keeper):
    disk = place.dir / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m,mode=0700", "none", disk], check=True)
    place.on_end(lambda: subprocess.run(["umount", "-l", disk], check=True))
    port = free_port()
    iiid = keeper(f"ws://127.0.0.1:{port}", connected=False, env={"STATE_DIRECTORY": disk})
    client = iiid.client()
    accepted = 0

    def fill(count):
        nonlocal accepted
        for _ in range(count):
            client.trigger("report::add", "x" * 50_000, **JOBS)
            accepted += 1

    def refused():
        with pytest.raises(LocalError) as error:
            fill(200)
        assert (error.value.code, error.value.data["retryable"]) == ("OVERLOADED", True) and "full" in error.value.message
        assert "disk is full" in client.call("health")["checks"]["outbox"]

    # By us: room is left for what is to be removed.
    refused()
    assert accepted > 20 and client.call("ping")
    before = accepted
    # By others, to the last byte.
    with open(disk / "others", "wb") as others, pytest.raises(OSError):
        while True:
            others.write(b"x" * 65536)
            others.flush()
    refused()
    assert accepted == before and kept(iiid) == accepted
    sink = Sink(place, port)
    eventually(lambda: kept(iiid) == 0, 20, what="all delivered all the same")
    (disk / "others").unlink()
    assert len(sink.payloads) == accepted
    eventually(lambda: client.call("health")["ok"], what="removed, now that there is room")
    fill(1)
    eventually(lambda: kept(iiid) == 0, what="delivered")
    kill(iiid)
    iiid = keeper(sink.url, env={"STATE_DIRECTORY": disk})
    # At least once: the last one's removal may not have been in the file yet.
    eventually(lambda: kept(iiid) == 0, what="nothing left")
    assert len(sink.payloads) - accepted in (0, 1)


def test_a_damaged_file_is_left_alone_and_nothing_else_suffers(place, keeper, engine, away):
    iiid, _ = away
    for number in range(50):
        iiid.client().trigger("report::add", "x" * 2000, **VOID)
    kill(iiid)
    for path in iiid.file.parent.iterdir():
        with open(path, "r+b") as file:
            for offset in range(0, os.stat(path).st_size, 700):
                file.seek(offset)
                file.write(b"\xa5" * 64)
    before = iiid.file.read_bytes()
    iiid = keeper(engine.url, connected=False)
    client = iiid.client()
    worker = iiid.worker({"echo": lambda call: call["payload"]})
    assert client.trigger("echo", 5, wait_connected_ms=10_000) == 5
    error = client.error_of("trigger", {"function_id": "f", **VOID})
    assert error.code == "NO_OUTBOX" and str(iiid.file) in error.message
    assert client.error_of("outbox_list").code == "NO_OUTBOX"
    status = iiid.status()
    assert (status["state"], status["outbox"]) == ("degraded", {"state": "unusable"})
    assert str(iiid.file) in client.call("health")["checks"]["outbox"] and "left as it is" in iiid.log()
    worker.close()
    iiid.terminate()
    assert iiid.wait() == 0
    assert iiid.file.read_bytes() == before


def test_a_place_that_is_none_ends_the_start(place, away):
    def start(folder):
        return subprocess.run([build_folder() / "iiid", "serve", "--engine", "ws://127.0.0.1:1", "--socket", place.dir / "other.sock"],
                              env=place.environment(STATE_DIRECTORY=folder), capture_output=True, text=True, timeout=20)

    done = start(place.dir / "no")
    assert done.returncode == 78 and f"{place.dir}/no/outbox.db" in done.stderr and "STATE_DIRECTORY" in done.stderr
    done = start(away[0].file.parent)
    assert done.returncode == 69 and "another process" in done.stderr
    assert away[0].client().trigger("report::add", 1, **VOID)["accepted"]


def test_limits(place, keeper):
    limits = keeper(f"ws://127.0.0.1:{free_port()}", connected=False).client().call("hello")
    assert limits["features"] == ["outbox"] and limits["limits"]["outbox_entries"] == 20_000


def test_notifications_and_batches(away):
    iiid, _ = away
    client = iiid.client()
    client.send({"method": "trigger", "params": {"function_id": "report::add", "durability": "disk"}})
    client.send([{"id": n, "method": "trigger", "params": {"function_id": "report::add", "payload": n, **JOBS}} for n in (1, 2)])
    assert sorted(answer["result"]["outbox_id"] for answer in client.receive()) == [2, 3]
    client.quiet()
    assert kept(iiid) == 3
