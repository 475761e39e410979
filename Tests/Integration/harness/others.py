"""A request of another user."""
import json
import os
import subprocess

CALL = """
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
s.sendall(sys.argv[2].encode() + b'\\n')
print(s.makefile().readline())
"""


def call_as(user, iiid, method, params=None):
    """The response to one request of another user, who is in the socket's group."""
    iiid.place.dir.chmod(0o755)
    group = os.stat(iiid.socket).st_gid
    request = json.dumps({"id": 1, "method": method, "params": params or {}})
    done = subprocess.run(["/usr/bin/python3", "-c", CALL, iiid.socket, request], user=user, group=54321, extra_groups=[group],
                          capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
