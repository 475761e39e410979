"""The Python SDK under Benchmarks/sdk.py; sdk/main.swift is the same for the Swift SDK, and says what is read and printed.

It is measured where it is at its best: the handler is a coroutine, and its calls are made by coroutines on the SDK's own event
loop. A plain function, or `trigger` from another thread, costs two changes of thread more for each call.
"""
import asyncio
import json
import os
import sys
import time
import traceback

from iii import InitOptions, register_worker


def say(line):
    print(line, flush=True)


async def calls(client, function, payload, end):
    """Calls one at a time until `end`; the duration of each, in seconds."""
    durations = []
    last = time.monotonic()
    while last < end:
        reply = await client.trigger_async({"function_id": function, "payload": payload})
        if reply != payload:
            raise ValueError("not what was sent")
        now = time.monotonic()
        durations.append(now - last)
        last = now
    return durations


async def run(client, function, payload, in_flight, seconds):
    end = time.monotonic() + seconds
    rows = await asyncio.gather(*(calls(client, function, payload, end) for _ in range(in_flight)))
    return [duration for row in rows for duration in row]


async def measure(client, order):
    payload = "x" * (order["size"] - 2)
    warm = await run(client, order["function"], payload, order["in_flight"], 0.2)
    cpu, begin = time.process_time(), time.monotonic()
    durations = sorted(await run(client, order["function"], payload, order["in_flight"], order["seconds"]))
    took, spent, count = time.monotonic() - begin, time.process_time() - cpu, len(durations)
    return {"calls": count, "all_calls": count + len(warm), "seconds": took, "calls_per_second": count / took,
            "server_cpu_us": 1e6 * spent / count, "p50_us": 1e6 * durations[count // 2], "p99_us": 1e6 * durations[count * 99 // 100]}


def wait_until_registered(client, function):
    """The SDK announces itself after its registrations, and says nothing when the engine has them."""
    end = time.monotonic() + 10
    while True:
        rows = client.trigger({"function_id": "engine::functions::list", "payload": {}})["functions"]
        if function in [row["function_id"] for row in rows]:
            return
        if time.monotonic() > end:
            raise TimeoutError(function)
        time.sleep(0.01)


def main():
    url, name = sys.argv[1:]
    client = register_worker(url, InitOptions(worker_name=name, otel={"enabled": False}, enable_metrics_reporting=False))

    async def echo(data):
        return data

    async def perform(order):  # a function of its own, so that it runs on the SDK's loop
        return await measure(client, order)

    client.register_function(name + "::echo", echo)
    client.register_function(name + "::measure", perform)
    wait_until_registered(client, name + "::measure")
    say("ready")
    for line in sys.stdin:
        function, in_flight, size, seconds = line.split()
        order = {"function": function, "in_flight": int(in_flight), "size": int(size), "seconds": float(seconds)}
        say(json.dumps(client.trigger({"function_id": name + "::measure", "payload": order})))
    client.shutdown()


try:
    main()
except BaseException:
    traceback.print_exc()
    os._exit(1)  # the SDK's thread would keep the process
