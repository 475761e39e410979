"""Calls one function through the engine: call.py FUNCTION_ID PAYLOAD_JSON."""
import json
import os
import sys

from iii import InitOptions, register_worker

worker = register_worker(
    os.environ.get("III_URL", "ws://127.0.0.1:49134"),
    InitOptions(worker_name="python-caller", otel={"enabled": False}),
)
try:
    result = worker.trigger({"function_id": sys.argv[1], "payload": json.loads(sys.argv[2])})
    print(json.dumps(result))
finally:
    worker.shutdown()
