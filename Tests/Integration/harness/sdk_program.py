"""A worker and caller made of the real SDK, run by the Python of a scratch environment and steered by lines of JSON.

In: {"n": 1, "do": "register", "function_id": …, "behaviour": …} or {"n": 2, "do": "trigger", "request": {…}}; out: {"n": …, "ok": …} or
{"n": …, "error": {"class", "code", "message", "stacktrace"}}; {"invoked": function_id, "data": …} when a function is called.
"""
import json
import os
import sys
import threading
import time

from iii import InitOptions, register_worker

lock = threading.Lock()


def tell(message):
    with lock:
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()


def behaviours(function_id, name):
    def told(body):
        def handler(data):
            tell({"invoked": function_id, "data": data if len(json.dumps(data)) < 10000 else "large"})
            return body(data)

        return handler

    def fail(data):
        raise ValueError("no such luck")

    def slow(data):
        time.sleep(data["seconds"])
        return {"slept": data["seconds"]}

    return told({
        "echo": lambda data: data,
        "fail": fail,
        "slow": slow,
        "nothing": lambda data: None,
        "large": lambda data: {"text": "x" * data["size"]},
        "size": lambda data: {"size": len(data["text"])},
    }[name])


def perform(client, line):
    if line["do"] == "register":
        client.register_function(line["function_id"], behaviours(line["function_id"], line["behaviour"]))
        return True
    if line["do"] == "trigger":
        return client.trigger(line["request"])
    if line["do"] == "state":
        return str(client.get_connection_state())
    raise ValueError(line["do"])


def serve(client, line):
    try:
        tell({"n": line["n"], "ok": perform(client, line)})
    except Exception as problem:
        tell({"n": line["n"], "error": {"class": type(problem).__name__, "code": getattr(problem, "code", None),
                                       "message": getattr(problem, "message", str(problem)), "stacktrace": getattr(problem, "stacktrace", None)}})


def main():
    client = register_worker(sys.argv[1], InitOptions(worker_name=sys.argv[2], otel={"enabled": False}, enable_metrics_reporting=False))
    tell({"ready": True})
    for line in sys.stdin:
        threading.Thread(target=serve, args=(client, json.loads(line)), daemon=True).start()
    client.shutdown()
    sys.stdout.flush()
    os._exit(0)


main()
