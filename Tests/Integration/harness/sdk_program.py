"""A worker and caller made of the real SDK, run by the Python of a scratch environment and steered by lines of JSON.

In: {"n": 1, "do": "register", "function_id": …, "behaviour": …} or {"n": 2, "do": "trigger", "request": {…}}; out: {"n": …, "ok": …} or
{"n": …, "error": {"class", "code", "message", "stacktrace"}}; {"invoked": function_id, "data": …} when a function is called. Triggers:
"bind", "unbind", "provide", "withdraw" and "fire", with the arguments and events of swift-worker.
"""
import json
import os
import sys
import threading
import time

from iii import InitOptions, register_worker
from iii.triggers import TriggerHandler

lock = threading.Lock()


def tell(message):
    with lock:
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()


def behaviours(function_id, name, value=None):
    def told(body):
        # The newest SDK passes metadata to a handler that has a parameter of that name.
        def handler(data, metadata=None):
            tell({"invoked": function_id, "data": data if len(json.dumps(data)) < 10000 else "large", "metadata": metadata})
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
        "value": lambda data: value,
        "large": lambda data: {"text": "x" * data["size"]},
        "size": lambda data: {"size": len(data["text"])},
        "forward": lambda data: clients[0].trigger({"function_id": value, "payload": data}),
    }[name])


def http_invocation(members):
    try:
        from iii import HttpInvocationConfig
    except ImportError:
        from iii_helpers.http import HttpInvocationConfig
    return HttpInvocationConfig.model_validate(members)


def formatted(members):
    """A format that has a name is the SDK's own tree, any other a JSON Schema."""
    from iii.iii_types import RegisterFunctionFormat

    return RegisterFunctionFormat(**members) if "name" in members else members


clients = []
functions = {}
triggers = {}
served = {}


class Provider(TriggerHandler):
    """Tells what it is told; refuses what the configuration says: {"refuse": "words"}."""

    def __init__(self, trigger_type):
        self.trigger_type = trigger_type

    def tell(self, event, trigger):
        tell({"event": event, "id": trigger.id, "trigger_type": self.trigger_type, "function_id": trigger.function_id,
              "config": trigger.config, "metadata": trigger.metadata, "namespace": getattr(trigger, "namespace", None)})

    async def register_trigger(self, trigger):
        words = trigger.config.get("refuse") if isinstance(trigger.config, dict) else None
        if not words:
            served[trigger.id] = trigger
        self.tell("registered", trigger)
        if words:
            raise ValueError(words)

    async def unregister_trigger(self, trigger):
        served.pop(trigger.id, None)
        self.tell("unregistered", trigger)


def bind(client, line):
    members = {"type": line["trigger_type"], **{name: line[name] for name in ("function_id", "config", "metadata", "namespace", "trigger_namespace") if name in line}}
    trigger = client.register_trigger(members)
    name = str(len(triggers))
    triggers[name] = trigger
    return name


def fire(client, line):
    trigger = served[line["id"]]
    request = {"function_id": trigger.function_id, "payload": line.get("payload"), "action": {"type": "void"}}
    for name in ("metadata", "namespace"):
        if getattr(trigger, name, None) is not None:
            request[name] = getattr(trigger, name)
    client.trigger(request)
    return True


def perform(client, line):
    if line["do"] == "bind":
        return bind(client, line)
    if line["do"] == "unbind":
        triggers.pop(line["id"]).unregister()
        return True
    if line["do"] == "provide":
        client.register_trigger_type({"id": line["id"], "description": line.get("description", "a type of Python")}, Provider(line["id"]))
        return True
    if line["do"] == "withdraw":
        client.unregister_trigger_type({"id": line["id"], "description": ""})
        return True
    if line["do"] == "fire":
        return fire(client, line)
    if line["do"] == "register":
        further = {name: line[name] for name in ("description", "metadata") if name in line}
        further.update({name: formatted(line[name]) for name in ("request_format", "response_format") if name in line})
        functions[line["function_id"]] = client.register_function(
            line["function_id"], behaviours(line["function_id"], line["behaviour"], line.get("value")), **further)
        return True
    if line["do"] == "register_http":
        functions[line["function_id"]] = client.register_function(line["function_id"], http_invocation(line["invocation"]))
        return True
    if line["do"] == "unregister":
        functions.pop(line["function_id"]).unregister()
        return True
    if line["do"] == "observe":
        try:
            client.observe(line["source"], line["target"]).ready()
        except Exception as rejection:
            return rejection.code
        return "ready"
    if line["do"] == "trigger":
        return client.trigger(line["request"])
    if line["do"] == "watch_states":
        client.add_connection_state_listener(lambda state: tell({"event": "state", "state": str(state)}))
        return True
    if line["do"] == "state":
        return str(client.get_connection_state())
    raise ValueError(line["do"])


def serve(client, line, further):
    try:
        tell({"n": line["n"], "ok": further[line["do"]](client) if line["do"] in further else perform(client, line)})
    except Exception as problem:
        tell({"n": line["n"], "error": {"class": type(problem).__name__, "code": getattr(problem, "code", None),
                                       "message": getattr(problem, "message", str(problem)), "stacktrace": getattr(problem, "stacktrace", None)}})


def main(prepare=lambda client: None, further={}):
    telemetry = {"enabled": os.environ.get("TEST_TELEMETRY") == "1"}
    client = register_worker(sys.argv[1], InitOptions(worker_name=sys.argv[2], otel=telemetry, enable_metrics_reporting=False))
    clients.append(client)
    prepare(client)
    tell({"ready": True})
    for line in sys.stdin:
        threading.Thread(target=serve, args=(client, json.loads(line), further), daemon=True).start()
    client.shutdown()
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
