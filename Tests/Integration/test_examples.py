"""The shell examples do what their comments say."""
import json
import subprocess

import pytest

from harness.place import eventually
from harness.programs import ROOT
from harness.scripted_engine import free_port

SHELL = ROOT / "examples/shell"


@pytest.fixture
def shell(iiid):
    iiid.environment = iiid.place.environment(IIID_SOCKET=iiid.socket)
    return iiid


def serve(shell, name, function_id):
    before = active(shell, function_id)
    shell.place.start(name, ["socat", "-t", "35", f"UNIX-CONNECT:{shell.socket}", f"EXEC:{SHELL / name}"], env=shell.environment)
    eventually(lambda: active(shell, function_id) == before + 1, what=f"{function_id} is served")


def active(shell, function_id):
    client = shell.client()
    try:
        rows = client.call("list_functions", {"local": True})["functions"]
        return sum(row["instances"] for row in rows if row["function_id"] == function_id and row["state"] == "active")
    finally:
        client.close()


def call(shell, *arguments):
    return subprocess.run([SHELL / "call.sh", *arguments], capture_output=True, text=True, timeout=30, env=shell.environment)


def test_upper(shell):
    serve(shell, "upper.sh", "shell::upper")
    assert json.loads(call(shell, "shell::upper", '{"text":"grün"}').stdout) == {"text": "GRüN"}
    refused = call(shell, "shell::upper", '{"text":7}')
    assert refused.returncode == 1 and "BAD_TEXT" in refused.stderr and not refused.stdout


def test_disk_usage_by_two_workers(shell):
    serve(shell, "disk-usage.sh", "disk::usage")
    serve(shell, "disk-usage.sh", "disk::usage")
    for payload in ('{"path":"/"}', "null", '{"path":"/tmp"}'):
        done = call(shell, "disk::usage", payload)
        assert done.returncode == 0 and 0 <= json.loads(done.stdout)["used_percent"] <= 100, done.stderr
    refused = call(shell, "disk::usage", json.dumps({"path": "$(touch /tmp/evaluated); --help"}))
    assert refused.returncode == 1 and "NO_SUCH_PATH" in refused.stderr


def test_call_of_nothing(shell):
    done = call(shell, "no::such")
    assert done.returncode == 1 and "not_found" in done.stderr, done.stderr


def test_events(place, daemon):
    """A webhook and a timer call functions in bash, and end with their worker."""
    port = free_port()
    iiid = daemon(None, "--dev", "--dev-port", "0", "--dev-http-port", str(port))
    worker = place.start("events.sh", ["socat", "-t", "35", f"UNIX-CONNECT:{iiid.socket}", f"EXEC:{SHELL / 'events.sh'}"])
    url = f"http://127.0.0.1:{port}/hooks/"

    def post(who, body="null"):
        return subprocess.run(["curl", "--silent", "--write-out", "\n%{http_code} %header{x-served-by}", "-H", "Content-Type: application/json",
                               "--data-binary", body, url + who], capture_output=True, text=True, timeout=30).stdout.rsplit("\n", 1)

    eventually(lambda: post("first")[1].startswith("201"), what="the webhook")
    hostile = json.dumps({"n": "$(touch /tmp/evaluated) `id` \\ \"'"})
    body, status = post("$(id);%20", hostile)
    assert status == "201 bash" and json.loads(body) == {"hello": "$(id);%20", "got": json.loads(hostile)}
    eventually(lambda: worker.log_path.read_text().count("tick: 20") >= 2, what="two ticks")
    worker.terminate()
    eventually(lambda: post("first")[1].startswith("404"), what="the end of the binding")
