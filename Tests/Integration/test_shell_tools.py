"""What a shell user types must work as printed: socat, nc, printf, jq.

Whoever waits for a timeout in place of the end fails: `shell` allows 20 seconds, `socat -t 35` takes longer, and nc has none.
"""
import json
import shlex
import subprocess

import pytest

from harness.place import eventually
from harness.programs import ROOT
from harness.shell import shell


STATUS = '{"id":1,"method":"status"}'


@pytest.mark.parametrize("line", [
    f"echo '{STATUS}' | socat -t 35 - UNIX-CONNECT:$IIID_SOCKET",
    f"printf '%s' '{STATUS}' | socat -t 35 - UNIX-CONNECT:$IIID_SOCKET",
    f"printf '%s\\r\\n' '{STATUS}' | socat -t 35 - UNIX-CONNECT:$IIID_SOCKET",
    f"echo '{STATUS}' | nc -N -U $IIID_SOCKET",
    f"printf '%s' '{STATUS}' | nc -N -U $IIID_SOCKET",
], ids=["echo socat", "printf socat", "crlf socat", "echo nc", "printf nc"])
def test_one_liner_gets_its_reply_and_exits_at_once(iiid, line):
    out, _ = shell(iiid, line)
    assert out.count("\n") == 1
    assert json.loads(out)["result"]["state"] == "ready"


def test_several_lines_get_their_replies_before_the_end(iiid):
    out, _ = shell(iiid, """for i in 1 2 3 4 5; do echo "{\\"id\\":$i,\\"method\\":\\"ping\\"}"; done | socat -t 35 - UNIX-CONNECT:$IIID_SOCKET""")
    assert sorted(json.loads(line)["id"] for line in out.splitlines()) == [1, 2, 3, 4, 5]


def test_thousands_of_lines_get_their_replies_in_order_before_the_end(iiid):
    # Far more than a client is served in a turn, and the end of the input stands right behind them.
    ping = "for i in {1..5000}; do echo \"{\\\"id\\\":$i,\\\"method\\\":\\\"ping\\\"}\"; done"
    for tool in ("socat -t 35 - UNIX-CONNECT:$IIID_SOCKET", "nc -N -U $IIID_SOCKET"):
        out, _ = shell(iiid, f"{ping} | {tool}")
        assert [json.loads(line)["id"] for line in out.splitlines()] == list(range(1, 5001)), tool


def test_slow_call_outlives_the_half_close(iiid):
    worker = iiid.client()
    worker.register("slow::f")
    line = """echo '{"id":1,"method":"trigger","params":{"function_id":"slow::f"}}' | socat -t 35 - UNIX-CONNECT:$IIID_SOCKET | jq -c .result"""
    caller = subprocess.Popen(["bash", "-c", line], env=iiid.place.environment(IIID_SOCKET=iiid.socket), stdout=subprocess.PIPE, text=True)
    invoke = worker.invoke()
    with pytest.raises(subprocess.TimeoutExpired):
        caller.wait(1.0)  # longer than socat's own half second
    worker.reply(invoke, {"late": True})
    out, _ = caller.communicate(timeout=5)
    assert out == '{"late":true}\n'


def upper(iiid):
    worker = iiid.place.start("upper", ["socat", "-t", "35", f"UNIX-CONNECT:{iiid.socket}", f"EXEC:{ROOT}/examples/shell/upper.sh"])
    client = iiid.client()
    eventually(lambda: "shell::upper" in json.dumps(client.call("list_functions")), 10, what="shell::upper registered")
    return worker


CALL_UPPER = """echo '{"id":1,"method":"trigger","params":{"function_id":"shell::upper","payload":{"text":"hello"}}}' |
  socat -t 35 - UNIX-CONNECT:$IIID_SOCKET | jq -c .result"""


def test_jq_worker_answers_a_socat_caller(iiid):
    upper(iiid)
    out, _ = shell(iiid, CALL_UPPER)
    assert out == '{"text":"HELLO"}\n'


def test_jq_worker_answers_many_calls(iiid):
    upper(iiid)
    client = iiid.client()
    ids = [client.request("trigger", {"function_id": "shell::upper", "payload": {"text": f"n{i}"}}) for i in range(50)]
    assert [client.result(i)["text"] for i in ids] == [f"N{i}" for i in range(50)]


def test_jq_workers_own_error_reaches_the_caller(iiid):
    upper(iiid)
    error = iiid.client().error_of("trigger", {"function_id": "shell::upper", "payload": {}})
    assert (error.number, error.code) == (-32000, "BAD_TEXT")
    assert "payload.text must be a string" in error.message


BASH_WORKER = r"""
coproc DAEMON { socat -t 35 - UNIX-CONNECT:"$IIID_SOCKET"; }
echo '{"id":1,"method":"register_function","params":{"function_id":"bash::length"}}' >&"${DAEMON[1]}"
while read -r line <&"${DAEMON[0]}"; do
  id=$(jq -r 'select(.method == "invoke").id' <<<"$line")
  [ -n "$id" ] || continue
  text=$(jq -r .params.payload.text <<<"$line")
  printf '{"id":"%s","result":{"length":%d}}\n' "$id" "${#text}" >&"${DAEMON[1]}"
done
"""


def test_bash_loop_as_a_worker(iiid):
    iiid.place.start("bash-worker", ["bash", "-c", BASH_WORKER], env=iiid.place.environment(IIID_SOCKET=iiid.socket))
    client = iiid.client()
    eventually(lambda: "bash::length" in json.dumps(client.call("list_functions")), 10, what="bash::length registered")
    assert client.trigger("bash::length", {"text": "twelve chars"}) == {"length": 12}
    assert client.trigger("bash::length", {"text": ""}) == {"length": 0}


def test_script_that_ends_its_input_ends_its_registrations(iiid):
    out, _ = shell(iiid, """echo '{"id":1,"method":"register_function","params":{"function_id":"gone::f","linger_ms":0}}' |
      socat -t 35 - UNIX-CONNECT:$IIID_SOCKET""")
    answer = json.loads(out)  # it may come too late to be confirmed, but it comes
    assert answer["id"] == 1 and ("error" in answer or answer["result"]["function_id"] == "gone::f")
    print(answer)
    client = iiid.client()
    eventually(lambda: "gone::f" not in json.dumps(client.call("list_functions")), 5, what="gone::f unregistered")


def test_documented_lines_are_what_is_said(daemon, wire):
    """The lines of the protocol page, byte for byte."""
    started = daemon(wire.url)
    connection = wire.accept()
    caller, worker = started.client(), started.client()

    caller.send('{"id":1,"method":"trigger","params":{"function_id":"math::add","payload":{"a":2,"b":3}}}')
    frame, text = connection.invocation()
    assert (frame["function_id"], frame["data"]) == ("math::add", {"a": 2, "b": 3})
    connection.answer(frame, {"sum": 5})
    assert caller.receive_line().replace(b" ", b"") == b'{"jsonrpc":"2.0","id":1,"result":{"sum":5}}'

    worker.send('{"id":2,"method":"register_function","params":{"function_id":"disk::usage","timeout_ms":5000}}')
    assert worker.receive_line() == (b'{"jsonrpc":"2.0","id":2,"result":{"function_id":"disk::usage","namespace":"default",'
                                     b'"state":"active","instances":1}}')
    id = connection.invoke("disk::usage", '{"path":"/"}')
    invoke = worker.invoke()
    assert invoke["id"] == "d1"
    assert {k: invoke["params"][k] for k in ("function_id", "namespace", "payload")} == {
        "function_id": "disk::usage", "namespace": "default", "payload": {"path": "/"}}
    worker.send('{"id":"d1","result":{"used_percent":17}}')
    frame, text = connection.outcome(id)
    assert '"result":{"used_percent":17}' in text


def test_readme_shell_lines_exist():
    """The README's shell lines are the ones tested here."""
    readme = (ROOT / "README.md").read_text()
    assert "socat -t 35 UNIX-CONNECT:$IIID_SOCKET EXEC:examples/shell/upper.sh" in readme
    request = shlex.split(CALL_UPPER)[1]
    assert request in readme
