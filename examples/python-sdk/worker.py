"""Serves python::reverse through the engine until it is interrupted: {"text": "…"} backwards."""
import os
import signal

from iii import InitOptions, register_worker


def reverse(data):
    return {"text": data["text"][::-1]}


worker = register_worker(
    os.environ.get("III_URL", "ws://127.0.0.1:49134"),
    InitOptions(worker_name="python-worker", otel={"enabled": False}),
)
worker.register_function("python::reverse", reverse)
print("serving python::reverse", flush=True)
signal.signal(signal.SIGTERM, lambda *_: None)
try:
    signal.pause()
except KeyboardInterrupt:
    pass
worker.shutdown()
