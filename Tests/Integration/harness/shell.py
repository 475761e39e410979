"""Local programs as a user of the shell writes them: socat, nc, jq."""
import json
import subprocess
import time

from .place import eventually
from .programs import ROOT

#: Calls a function: call.sh FUNCTION_ID [PAYLOAD_JSON].
CALL = ROOT / "examples/shell/call.sh"


def environment(iiid):
    return iiid.place.environment(IIID_SOCKET=iiid.socket)


def shell(iiid, line, seconds=20):
    """Runs a line of shell as a user would; returns (standard output, seconds that it took)."""
    begun = time.monotonic()
    done = subprocess.run(["bash", "-o", "pipefail", "-c", line], env=environment(iiid), stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=seconds, cwd=ROOT)
    assert done.returncode == 0, (done.returncode, done.stdout, done.stderr)
    return done.stdout, time.monotonic() - begun


def caller(iiid, function_id, payload="null", prefix=()):
    """Starts call.sh in a process group of its own; what it prints is in `stdout`, behind `prefix` (setpriv and the like)."""
    return iiid.place.start("caller", [*prefix, CALL, function_id, payload], env=environment(iiid), stdout=subprocess.PIPE, text=True,
                            start_new_session=True)


def worker(iiid, name, script, function_id=None, prefix=()):
    """Starts a bash script between socat and the daemon; returns once `function_id` is active, if one is given."""
    path = iiid.place.dir / f"{name}.sh"
    path.write_text("#!/bin/bash\n" + script)
    path.chmod(0o755)
    process = iiid.place.start(name, [*prefix, "socat", "-t", "35", f"UNIX-CONNECT:{iiid.socket}", f"EXEC:{path}"], env=environment(iiid),
                               start_new_session=True)
    if function_id:
        eventually(lambda: function(iiid, function_id).get("state") == "active", 15, what=f"{function_id} active")
    return process


def function(iiid, function_id):
    """The daemon's row of one of its own functions; empty when it has none."""
    client = iiid.client()
    rows = client.call("list_functions", {"local": True})["functions"]
    client.close()
    return next((row for row in rows if row["function_id"] == function_id), {})


def register(function_id, **options):
    """The line that registers a function, as an argument of echo."""
    return "'" + json.dumps({"id": 1, "method": "register_function", "params": {"function_id": function_id, **options}}) + "'"
