#!/usr/bin/env python3
"""Calls a function and prints its result: call.py FUNCTION_ID [PAYLOAD_JSON]. Needs nothing but Python itself."""
import json
import os
import socket
import sys

path = os.environ.get("IIID_SOCKET", "/run/iiid/iiid.sock")
params = {"function_id": sys.argv[1], "payload": json.loads(sys.argv[2] if len(sys.argv) > 2 else "null")}
try:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        connection.sendall(json.dumps({"id": 1, "method": "trigger", "params": params}).encode() + b"\n")
        line = connection.makefile(encoding="utf-8").readline() or sys.exit(f"{path}: closed without an answer")
except OSError as problem:
    sys.exit(f"{path}: {problem.strerror}")
answer = json.loads(line)
if "error" in answer:
    sys.exit(answer["error"]["message"])
print(json.dumps(answer["result"]))
