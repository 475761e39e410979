"""The rows of `make bench` about the SDKs: the Swift one beside the Python one, on the same development engine."""

import collections
import json
import os
import re
import subprocess

Variant = collections.namedtuple("Variant", "name title command environment")


def cpu_us(pid):
    """The processor time of all threads of a process, in µs."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{task}/schedstat") as file:
                total += int(file.read().split()[0])
        except FileNotFoundError:
            pass  # a thread that ended meanwhile
    return total / 1000


def variants(build, python, telemetry):
    """Which SDKs are measured: name, title, command before URL and name, environment."""
    quiet = {"OTEL_ENABLED": "false"}
    swift = [os.path.join(build, "sdk-peer")]
    found = [Variant("swift", "Swift", swift, quiet),
             Variant("swift-thread", "Swift, handlers on the worker's thread", swift, {**quiet, "SDK_PEER_ON_THREAD": "1"})]
    if telemetry:
        found.append(Variant("swift-telemetry", "Swift, telemetry on", swift, {"OTEL_ENABLED": "true"}))
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sdk_peer.py")
    return found + [Variant("python", "Python", [python, script], quiet)]


class SDKBench:
    """The development engine and one process per SDK; `bench` starts and ends them."""

    def __init__(self, bench, build, variants, failure):
        self.bench, self.failure = bench, failure
        self.engine = bench.start([os.path.join(build, "iii-dev-engine"), "--port", "0", "--log-level", "error"],
                                  bench.other_cpus, "sdk-engine", stdout=subprocess.PIPE)
        line = self.engine.stdout.readline().decode()
        self.url = re.search(r"ws://\S+", line).group(0)
        self.peers = {}
        # The last one answers the others' calls: the same for all.
        for variant in [*variants, variants[0]._replace(name="sink")]:
            peer = bench.start([*variant.command, self.url, variant.name], bench.server_cpus, f"sdk-{variant.name}",
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, **variant.environment})
            if peer.stdout.readline() != b"ready\n":
                raise failure(f"{variant.title} did not start: {bench.log_tail('sdk-' + variant.name)}")
            self.peers[variant.name] = peer

    def measure(self, role, name, case):
        """One run: rates, latencies and processor time per call of the SDK's process and of the engine."""
        peer, before = self.peers[name], cpu_us(self.engine.pid)
        if role == "worker":
            run = self.bench.load("engine", self.url, case, peer.pid, f"{name}::echo")
        else:
            peer.stdin.write(f"sink::echo {case.in_flight} {case.payload} {self.bench.options.seconds}\n".encode())
            peer.stdin.flush()
            line = peer.stdout.readline()
            if not line:
                raise self.failure(f"{name} as caller: {self.bench.log_tail('sdk-' + name)}")
            run = json.loads(line)
        run["engine_cpu_us"] = (cpu_us(self.engine.pid) - before) / run["all_calls"]
        return run

    def close(self):
        for child in [*self.peers.values(), self.engine]:
            self.bench.stop(child)
