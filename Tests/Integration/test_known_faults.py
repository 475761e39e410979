"""What daemons of this kind were bitten by, each a test, with the tools that a user has: socat, nc, jq, kill.

The flaps that leave a ghost owner are in test_flaps.py: fifty of them need what a shell cannot see.
"""
import json
import os
import signal
import subprocess
import time
import uuid

import pytest

from harness.place import eventually
from harness.programs import ROOT, Daemon, Engine
from harness.scripted_engine import ScriptedEngine, free_port, wait_listening
from harness.shell import caller, environment, function, register, shell, worker

UPPER = f"exec {ROOT}/examples/shell/upper.sh\n"
CALL_UPPER = "shell::upper", '{"text":"hello"}'


def kill(process, number=signal.SIGKILL):
    """To the whole process group: socat and what it started."""
    os.killpg(process.pid, number)


def finished(process, seconds=20):
    out, _ = process.communicate(timeout=seconds)
    return process.returncode, out


def test_half_close_does_not_lose_the_reply(iiid):
    worker(iiid, "slow", f"echo {register('slow::f')}\n" + """
      jq --unbuffered -c 'select(.method == "invoke") | .id' | while read -r id; do sleep 1.2; echo "{\\"id\\":$id,\\"result\\":\\"late\\"}"; done
    """, "slow::f")
    request = """echo '{"id":1,"method":"trigger","params":{"function_id":"slow::f"}}' | """
    for tool in ("socat -t 35 - UNIX-CONNECT:$IIID_SOCKET", "nc -N -U $IIID_SOCKET"):
        out, _ = shell(iiid, request + tool)
        assert json.loads(out)["result"] == "late", tool


def test_client_that_registers_and_never_reads_freezes_nobody(iiid):
    worker(iiid, "upper", UPPER, "shell::upper")
    # -u: socat carries in one direction only, and never reads what the daemon writes.
    path = iiid.place.dir / "deaf.sh"
    path.write_text(f"#!/bin/bash\necho {register('deaf::f', max_in_flight=100)}\nexec sleep 1000\n")
    path.chmod(0o755)
    iiid.place.start("deaf", ["socat", "-u", f"EXEC:{path}", f"UNIX-CONNECT:{iiid.socket}"], env=environment(iiid))
    eventually(lambda: function(iiid, "deaf::f").get("state") == "active", what="deaf::f active")
    big = json.dumps("x" * 100_000)
    stuck = [caller(iiid, "deaf::f", big) for _ in range(20)]
    eventually(lambda: function(iiid, "deaf::f").get("in_flight") == 20, what="20 calls at the deaf worker")
    for _ in range(5):
        status, out = finished(caller(iiid, *CALL_UPPER))
        assert (status, json.loads(out)) == (0, {"text": "HELLO"})
    assert all(process.poll() is None for process in stuck)
    for process in stuck:
        kill(process)


def test_client_that_floods_requests_while_it_serves_is_not_deadlocked(iiid):
    worker(iiid, "sink", f"echo {register('sink::f')}\n" + """exec jq --unbuffered -c 'select(.method == "invoke") | {id, result: null}'\n""", "sink::f")
    # Everything is written before the first line is read.
    worker(iiid, "flood", f"echo {register('flood::f')}\n" + """
      for i in {2..3000}; do echo "{\\"id\\":$i,\\"method\\":\\"trigger\\",\\"params\\":{\\"function_id\\":\\"sink::f\\"}}"; done
      exec jq --unbuffered -c 'select(.method == "invoke") | {id, result: "served"}'
    """)
    eventually(lambda: function(iiid, "flood::f").get("state") == "active", 20, what="flood::f active")
    assert finished(caller(iiid, "flood::f")) == (0, '"served"\n')


def test_15_mib_response_arrives_whole_through_a_small_buffer(iiid):
    worker(iiid, "large", f"echo {register('large::f')}\n" + """
      exec jq --unbuffered -c 'select(.method == "invoke") | {id, result: ("0123456789abcdef" * 983040)}'\n""", "large::f")
    # 512 bytes at a time, out of a receive buffer of 4 KiB.
    line = """echo '{"id":1,"method":"trigger","params":{"function_id":"large::f"}}' |
      socat -b 512 -t 60 - UNIX-CONNECT:$IIID_SOCKET,rcvbuf=4096 | jq -j .result | sha256sum"""
    out, _ = shell(iiid, line, 50)
    expected, _ = shell(iiid, "jq -njr '\"0123456789abcdef\" * 983040' | sha256sum")
    assert out == expected


def test_event_between_request_and_response_disturbs_neither(iiid):
    # While it is called it registers another function: an event for who subscribed, in the middle of the call.
    worker(iiid, "busy", f"echo {register('busy::f')}\n" + f"""
      while read -r line; do
        case $(jq -r '.method // .id' <<<"$line") in
          invoke) id=$(jq -c .id <<<"$line"); echo {register('busy::extra').replace('"id": 1', '"id": "extra"')} ;;
          extra) echo "{{\\"id\\":$id,\\"result\\":\\"done\\"}}" ;;
        esac
      done
    """, "busy::f")
    answers = iiid.place.dir / "answers"
    client = iiid.place.start("subscriber", ["bash", "-c", f"""
      {{ echo '{{"id":1,"method":"subscribe","params":{{"events":["registration"],"snapshot":false}}}}'
         echo '{{"id":2,"method":"trigger","params":{{"function_id":"busy::f"}}}}'
         until grep -q '"id":2' {answers}; do read -rt 0.05 < <(sleep 1); done; }} |
      socat -t 0 - UNIX-CONNECT:$IIID_SOCKET > {answers}"""], env=environment(iiid))
    client.wait(20)
    lines = [json.loads(line) for line in answers.read_text().splitlines()]
    kinds = [line.get("id", line.get("method")) for line in lines]
    assert kinds[0] == 1 and "event" in kinds[1:kinds.index(2)], kinds
    assert lines[kinds.index(2)]["result"] == "done"


def test_calls_go_past_the_busy_worker_to_the_idle_one(iiid):
    held = iiid.place.dir / "held"
    os.mkfifo(held)
    answer = """jq -c --arg by {name} '{{id, result: $by}}' <<<"$line" """
    worker(iiid, "busy", f"echo {register('two::f')}\n" + f"""
      while read -r line; do [ "$(jq -r .method <<<"$line")" = invoke ] || continue; cat {held}; {answer.format(name="busy")}; done
    """, "two::f")
    first = caller(iiid, "two::f")
    eventually(lambda: function(iiid, "two::f").get("in_flight") == 1, what="a call at the busy worker")
    worker(iiid, "idle", f"echo {register('two::f')}\n" + f"""
      while read -r line; do [ "$(jq -r .method <<<"$line")" = invoke ] || continue; {answer.format(name="idle")}; done
    """)
    eventually(lambda: function(iiid, "two::f").get("instances") == 2, what="two workers")
    assert [finished(caller(iiid, "two::f"))[1] for _ in range(5)] == ['"idle"\n'] * 5
    assert first.poll() is None
    held.write_text("go\n")
    assert finished(first) == (0, '"busy"\n')


def test_kill_9_of_a_worker_in_mid_call_fails_its_caller_at_once(iiid):
    stuck = worker(iiid, "stuck", f"echo {register('stuck::f')}\nexec sleep 1000\n", "stuck::f")
    waiting = caller(iiid, "stuck::f")
    eventually(lambda: function(iiid, "stuck::f").get("in_flight") == 1, what="the call at the worker")
    kill(stuck)
    status, out = finished(waiting, 10)  # its own limit is 30 s
    assert (status, out) == (1, "")
    assert "invocation_stopped" in waiting.log_path.read_text()


def test_interrupted_caller_frees_the_handlers_slot(iiid):
    # A worker of one call at a time that answers the first only when that is cancelled.
    worker(iiid, "one", f"echo {register('one::f', max_in_flight=1)}\n" + """
      while read -r line; do
        case $(jq -r '.method' <<<"$line") in
          invoke) if [ -z "$held" ]; then held=$(jq -c .id <<<"$line"); else jq -c '{id, result: "free"}' <<<"$line"; fi ;;
          cancel) echo "{\\"id\\":$held,\\"error\\":{\\"code\\":\\"CANCELLED\\",\\"message\\":\\"given up\\"}}" ;;
        esac
      done
    """, "one::f")
    first = caller(iiid, "one::f")
    eventually(lambda: function(iiid, "one::f").get("in_flight") == 1, what="the call at the worker")
    kill(first, signal.SIGINT)  # Ctrl-C
    first.wait(10)
    assert finished(caller(iiid, "one::f")) == (0, '"free"\n')


@pytest.mark.parametrize("code", [1000, 1001])
def test_engine_that_closes_in_good_order_does_not_end_the_reconnecting(linked, wire, code):
    iiid, first = linked
    worker(iiid, "upper", UPPER)
    first.wait_registered("shell::upper")
    first.close(code)
    second = wire.accept()
    second.wait_registered("shell::upper")
    id = second.invoke("shell::upper", '{"text":"back"}')
    assert second.outcome(id)[0]["result"] == {"text": "BACK"}


def test_engine_away_at_boot_registers_once_when_it_comes(place):
    port = free_port()
    iiid = Daemon(place, f"ws://127.0.0.1:{port}", connected=False)
    worker(iiid, "upper", UPPER)
    eventually(lambda: function(iiid, "shell::upper").get("state") == "pending", what="shell::upper pending")
    engine = ScriptedEngine(port=port)
    place.on_end(engine.close)
    connection = engine.accept(40)
    connection.wait_registered("shell::upper")
    iiid.wait_connected()
    assert connection.registrations == ["shell::upper"]


def test_term_ends_the_daemon_while_the_engine_is_unreachable(place):
    port = free_port()
    # It accepts, and never says a word.
    place.start("silent-engine", ["nc", "-l", "-k", "127.0.0.1", str(port)])
    wait_listening(port)
    for url in (f"ws://127.0.0.1:{port}", f"ws://127.0.0.1:{free_port()}", "ws://192.0.2.1:9"):
        iiid = Daemon(place, url, connected=False)
        worker(iiid, "upper", UPPER)
        eventually(lambda d=iiid: function(d, "shell::upper"), what="shell::upper registered")
        subprocess.run(["kill", "-TERM", str(iiid.pid)], check=True)
        assert iiid.wait(15) == 0, url


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
class TestUsers:
    """A user and a group that no file of the machine knows."""

    USER, GROUP = 54321, 54322

    def daemon(self, place, engine):
        place.dir.chmod(0o755)
        iiid = Daemon(place, engine.url)
        os.chown(iiid.socket, 0, self.GROUP)
        return iiid

    def served(self, iiid, prefix):
        worker(iiid, "upper", UPPER, "shell::upper", prefix)
        status, out = finished(caller(iiid, *CALL_UPPER, prefix))
        assert (status, json.loads(out)) == (0, {"text": "HELLO"})

    def test_peer_known_by_a_supplementary_group_only_is_served(self, place, engine):
        iiid = self.daemon(place, engine)
        self.served(iiid, ["setpriv", "--reuid=65534", "--regid=65534", f"--groups={self.GROUP}"])

    def test_user_without_a_passwd_entry_is_served(self, place, engine):
        iiid = self.daemon(place, engine)
        self.served(iiid, ["setpriv", f"--reuid={self.USER}", f"--regid={self.GROUP}", "--clear-groups"])
        out, _ = shell(iiid, f"""echo '{{"id":1,"method":"hello"}}' | setpriv --reuid={self.USER} --regid={self.GROUP} --clear-groups \
          socat -t 35 - UNIX-CONNECT:$IIID_SOCKET | jq -c '[.result.peer.uid, .result.peer.gid]'""")
        assert json.loads(out) == [self.USER, self.GROUP]


def test_stale_reply_is_not_sent_on_the_next_connection(linked, wire):
    iiid, first = linked
    held = iiid.place.dir / "held"
    os.mkfifo(held)
    worker(iiid, "stale", f"echo {register('stale::f')}\n" + f"""
      while read -r line; do
        [ "$(jq -r .method <<<"$line")" = invoke ] || continue
        jq -c --arg said "$(cat {held})" '{{id, result: $said}}' <<<"$line"
      done
    """)
    first.wait_registered("stale::f")
    first.invoke("stale::f")
    eventually(lambda: function(iiid, "stale::f").get("in_flight") == 1, what="the call at the worker")
    first.drop()
    second = wire.accept()
    second.wait_registered("stale::f")
    held.write_text("stale")
    eventually(lambda: function(iiid, "stale::f").get("in_flight") == 0, what="the answer of the first call")
    id = second.invoke("stale::f")
    held.write_text("fresh")
    assert second.outcome(id)[0]["result"] == "fresh"


def test_uuids_are_compared_by_value_and_not_by_case(linked):
    iiid, connection = linked
    waiting = caller(iiid, "far::f")
    frame, _ = connection.invocation()
    connection.send({"type": "invocationresult", "invocation_id": str(uuid.UUID(frame["invocation_id"])).upper(), "function_id": "far::f", "result": 7})
    assert finished(waiting) == (0, "7\n")
