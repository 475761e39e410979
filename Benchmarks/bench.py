#!/usr/bin/env python3
"""Measures iiid beside the limits of the machine that it runs on, and says which goals are reached.

What is measured and how: Benchmarks/README.md. Everything that is started here is ended here, by process id.
"""

import argparse
import collections
import json
import os
import platform
import re
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import sdk

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SOURCES = os.path.join(ROOT, "Benchmarks")
BUILD = os.path.join(ROOT, ".build", "bench")
SCRATCH = os.path.join(ROOT, os.environ.get("IIID_SCRATCH", ".build"))
DAEMON = os.path.join(SCRATCH, "release", "iiid")
RELEASE_FLAGS = os.environ.get("IIID_RELEASE_FLAGS", "--configuration release --static-swift-stdlib").split()
PYTHON = os.path.join(ROOT, ".build", "venv-newest", "bin", "python")
PROGRAMS = ("load", "echo", "engine", "relay", "peers")
C_FLAGS = ["-std=c11", "-O2", "-Wall", "-Wextra", "-Werror"]

Case = collections.namedtuple("Case", "name connections in_flight payload shape")
CASES = [
    Case("64 B, 1 × 1", 1, 1, 64, "string"),
    Case("64 B, 1 × 64", 1, 64, 64, "string"),
    Case("64 B, 64 × 1", 64, 1, 64, "string"),
    Case("64 KiB, 1 × 1", 1, 1, 65536, "string"),
    Case("64 KiB of rows, 1 × 1", 1, 1, 65536, "rows"),
    Case("64 KiB, 1 × 64", 1, 64, 65536, "string"),
    Case("1 MiB, 1 × 1", 1, 1, 1048576, "string"),
]
ONE, MANY, CLIENTS, BIG, ROWS, BIG_MANY, HUGE = CASES
SDK_CASES = [ONE, MANY, BIG]
INVOKE = Case("invoke, 64 B, 1 × 64", 1, 64, 64, "string")
TITLES = {
    "iiid": "iiid",
    "relay": "C relay",
    "echo": "C echo",
    "engine": "engine alone",
    "invoke": "iiid, invoke",
    "nats": "nats-server",
    "gearman": "gearmand",
    "sdk": "the SDKs",
}


class Failure(Exception):
    """A measurement that could not be made; the run goes on and ends with status 1."""


class Bench:
    """The processes and sockets of one run."""

    def __init__(self, options):
        self.options = options
        self.folder = tempfile.mkdtemp(prefix="iiid-bench-")
        self.children = []
        self.cpus = sorted(os.sched_getaffinity(0))
        last, first = self.cpus[-1], self.cpus[0]
        self.server_cpus = {"same": {last}, "split": {first}, "none": set(self.cpus)}[options.pin]
        self.other_cpus = set(self.cpus) if options.pin == "none" else {last}
        self.engine_url = None

    def path(self, name):
        return os.path.join(self.folder, name)

    def program(self, name):
        return os.path.join(BUILD, name)

    def start(self, command, cpus, name, **options):
        """Starts a process on these CPUs; its messages go to a file that is shown when something fails."""
        log = open(self.path(name + ".log"), "ab")
        os.sched_setaffinity(0, cpus)
        try:
            child = subprocess.Popen(command, stderr=log, **options)
        finally:
            os.sched_setaffinity(0, self.cpus)
            log.close()
        self.children.append(child)
        return child

    def stop(self, child):
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
            try:
                child.wait(5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe:
                pipe.close()
        self.children.remove(child)

    def close(self):
        for child in list(self.children):
            self.stop(child)
        shutil.rmtree(self.folder, ignore_errors=True)

    def log_tail(self, name):
        try:
            with open(self.path(name + ".log"), errors="replace") as log:
                return "".join(log.readlines()[-5:]).strip()
        except OSError:
            return ""

    # --- The servers ---

    def start_engine(self):
        engine = self.start([self.program("engine")], self.other_cpus, "engine", stdout=subprocess.PIPE)
        self.engine_url = "ws://127.0.0.1:%d" % json.loads(engine.stdout.readline())["port"]
        return engine

    def daemon_command(self, path):
        """The daemon with limits that admit all the connections that are made here."""
        limit = str(self.options.idle_connections + 100)
        return [self.options.daemon, "serve", "--engine", self.engine_url, "--socket", path, "--max-connections", limit,
                "--max-connections-per-uid", limit, *self.options.daemon_args]

    def start_server(self, variant, name=None):
        """Starts `echo`, `relay` or `iiid` on a socket and waits until it answers."""
        path = self.path((name or variant) + ".sock")
        command = [self.program(variant), "--socket", path]
        if variant == "relay":
            command = [self.program("relay"), "--engine", self.engine_url, "--socket", path]
        elif variant == "iiid":
            command = self.daemon_command(path)
        server = self.start(command, self.server_cpus, name or variant, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while True:
            try:
                with socket.socket(socket.AF_UNIX) as client:
                    client.connect(path)
                    if variant != "echo":
                        answer = self.ask(client, "trigger", function_id="bench::echo", payload=1, wait_connected_ms=5000)
                        if answer.get("result") != 1:
                            raise Failure(f"{variant} does not reach the engine: {answer}")
                return server, path
            except (FileNotFoundError, ConnectionRefusedError):
                if server.poll() is not None or time.monotonic() > deadline:
                    raise Failure(f"{variant} did not start: {self.log_tail(name or variant)}") from None
                time.sleep(0.005)

    def start_peer(self, variant):
        """Starts nats-server or gearmand and the workers behind it; gives the server and its URL."""
        program = {"nats": "nats-server", "gearman": "gearmand"}[variant]
        if not shutil.which(program):
            package = {"nats": "nats-server", "gearman": "gearman-job-server"}[variant]
            raise Failure(f"{program} is not installed: apt-get install {package}")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = {"nats": [program, "-a", "127.0.0.1", "-p", str(port)],
                   "gearman": [program, "--listen=127.0.0.1", f"--port={port}", "--log-file=stderr"]}[variant]
        server = self.start(command, self.server_cpus, variant, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionRefusedError:
                if server.poll() is not None or time.monotonic() > deadline:
                    raise Failure(f"{program} did not start: {self.log_tail(variant)}") from None
                time.sleep(0.005)
        url = f"{variant}://127.0.0.1:{port}"
        for words in [[]] if variant == "nats" else [["one", "1"], ["many", "16"]]:
            worker = self.start([self.program("peers"), variant, "--to", url, *words], self.other_cpus, variant,
                                stdout=subprocess.PIPE)
            if not worker.stdout.readline():
                raise Failure(f"{program}'s worker did not start")
        return server, url

    def start_worker(self, path, function, count=1):
        """A local worker with `count` functions, all of them registered and active."""
        worker = self.start([self.program("load"), "worker", "--to", path, "--function", function, "--count", str(count)],
                            self.other_cpus, "worker", stdout=subprocess.PIPE)
        answer = worker.stdout.readline()
        active = json.loads(answer)["active"] if answer else 0
        if active != count:
            raise Failure(f"{active} of {count} functions are active: {self.log_tail('worker')}")

    @staticmethod
    def ask(client, method, **params):
        """One request and its answer, on a connection of its own."""
        client.settimeout(10)
        request = {"id": 1, "method": method, "params": params}
        client.sendall(json.dumps(request).encode() + b"\n")
        answer = b""
        while not answer.endswith(b"\n"):
            piece = client.recv(65536)
            if not piece:
                raise Failure("the connection ended before the answer")
            answer += piece
        return json.loads(answer)

    # --- The measurements ---

    def load(self, protocol, to, case, watch, function="bench::echo", seconds=None):
        command = [self.program("load"), "call", "--protocol", protocol, "--to", to, "--function", function,
                   "--connections", case.connections, "--in-flight", case.in_flight, "--payload", case.payload,
                   "--shape", case.shape, "--seconds", seconds or self.options.seconds, "--watch", watch]
        driver = self.start([str(word) for word in command], self.other_cpus, "load", stdout=subprocess.PIPE)
        output, _ = driver.communicate()
        status = driver.returncode
        self.stop(driver)
        if status != 0:
            raise Failure(f"{case.name}: {self.log_tail('load')}")
        return json.loads(output)

    def run_calls(self, variants, results, failures):
        """Interleaved: every round runs every case on every variant, the order of the variants turning."""
        engine = self.start_engine()
        targets = {"engine": ("engine", self.engine_url, engine.pid, "bench::echo")}
        for variant in ("echo", "relay", "iiid"):
            if variant in variants:
                server, path = self.start_server(variant)
                targets[variant] = ("echo" if variant == "echo" else "iiid", path, server.pid, "bench::echo")
        if "invoke" in variants and "iiid" in targets:
            try:
                self.start_worker(targets["iiid"][1], "bench::work")
                targets["invoke"] = ("engine", self.engine_url, targets["iiid"][2], "bench::work")
            except Failure as failure:
                failures.append(f"invoke: {failure}")
        for variant in ("nats", "gearman"):
            if variant in variants:
                try:
                    server, url = self.start_peer(variant)
                    targets[variant] = (variant, url, server.pid, None)
                except Failure as failure:
                    failures.append(f"{variant}: {failure}")

        order = [variant for variant in variants if variant in targets]
        for number in range(self.options.rounds):
            for case in CASES + [INVOKE]:
                for variant in order[number % len(order):] + order[: number % len(order)]:
                    if (variant == "invoke") != (case is INVOKE):
                        continue
                    protocol, to, pid, function = targets[variant]
                    # gearmand wakes every idle worker for each job: one call at a time is best served by one.
                    function = function or ("one" if case.connections * case.in_flight == 1 else "many")
                    try:
                        results[case, variant].append(self.load(protocol, to, case, pid, function))
                    except Failure as failure:
                        failures.append(f"{variant}: {failure}")
            progress(f"round {number + 1} of {self.options.rounds}")

    def run_sdks(self, results, failures):
        """As `run_calls`, for the SDKs as workers and as callers of the development engine; gives their variants."""
        build = os.path.join(SCRATCH, "release")
        variants = sdk.variants(build, PYTHON, telemetry=self.options.telemetry)
        peers = sdk.SDKBench(self, build, variants, Failure)
        try:
            for number in range(self.options.rounds):
                for case in SDK_CASES:
                    for role in ("worker", "caller"):
                        for variant in variants[number % len(variants):] + variants[: number % len(variants)]:
                            if role == "caller" and variant.name == "swift-thread":
                                continue  # where handlers run is nothing to a caller
                            try:
                                results[role, case, variant.name].append(peers.measure(role, variant.name, case))
                            except Failure as failure:
                                failures.append(f"{variant.title}, {role}: {failure}")
                progress(f"SDKs: round {number + 1} of {self.options.rounds}")
        finally:
            peers.close()
        return variants

    def measure_memory(self, variant):
        """Resident memory, in kB: fresh, with idle connections, after they spoke once, warm, after a million calls."""
        figures = {}
        server, path = self.start_server(variant, name=variant + "-memory")
        figures["idle"] = resident_kb(server.pid)
        wanted = self.options.idle_connections
        holder = self.start([self.program("load"), "idle", "--to", path, "--connections", str(wanted)],
                            self.other_cpus, "idle", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if holder.stdout.readline():
            with socket.socket(socket.AF_UNIX) as client:  # accepted in order: when it is answered, all the others are in
                client.connect(path)
                try:
                    self.ask(client, "ping")
                except (Failure, OSError):
                    pass
            figures["silent"] = resident_kb(server.pid)
            holder.stdin.write(b"\n")
            holder.stdin.flush()
            line = holder.stdout.readline()
            figures["connections"] = json.loads(line)["answered"] if line else 0
            figures["spoken"] = resident_kb(server.pid)
            figures["refusal"] = self.log_tail("idle")
            if figures["connections"] == wanted:
                figures["cpu_crowded"] = self.cpu_per_call("iiid", path, server.pid)
        self.stop(holder)
        if not self.options.quick:
            figures["cpu_alone"] = self.cpu_per_call("iiid", path, server.pid)
            figures["warm"] = resident_kb(server.pid)
            calls = 0
            while calls < 1_000_000:
                calls += self.load("iiid", path, MANY, server.pid, seconds=2)["all_calls"]
            figures["after"] = resident_kb(server.pid)
            figures["after_calls"] = calls
        self.stop(server)
        return figures

    def cpu_per_call(self, protocol, to, pid, function="bench::echo"):
        runs = 1 if self.options.quick else 3
        return statistics.median(self.load(protocol, to, MANY, pid, function)["server_cpu_us"] for _ in range(runs))

    def measure_functions(self):
        """CPU µs per invoke with one function registered in the daemon, and with the 1,000 that it takes."""
        server, path = self.start_server("iiid", name="iiid-functions")
        self.start_worker(path, "grow::one")
        figures = {"one": self.cpu_per_call("engine", self.engine_url, server.pid, "grow::one")}
        self.start_worker(path, "grow::many", 999)
        figures["thousand"] = self.cpu_per_call("engine", self.engine_url, server.pid, "grow::one")
        self.stop(server)
        return figures

    def measure_start(self, count):
        """Milliseconds from the start of the process to its READY=1 datagram; the first one only warms up."""
        address, path = self.path("notify"), self.path("start.sock")
        times = []
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.bind(address)
            notify.settimeout(5)
            nothing = [(os.POSIX_SPAWN_OPEN, number, "/dev/null", os.O_RDWR, 0) for number in (0, 1, 2)]
            command = self.daemon_command(path)
            for _ in range(count + 1):
                begin = time.perf_counter()
                pid = os.posix_spawn(self.options.daemon, command, {**os.environ, "NOTIFY_SOCKET": address}, file_actions=nothing)
                try:
                    while b"READY=1" not in notify.recv(4096):
                        pass
                    times.append(1000 * (time.perf_counter() - begin))
                except socket.timeout:
                    raise Failure("no READY=1 within 5 s") from None
                finally:
                    os.kill(pid, signal.SIGTERM)
                    os.waitpid(pid, 0)
                notify.setblocking(False)
                try:
                    while notify.recv(4096):  # what it said while it stopped
                        pass
                except BlockingIOError:
                    notify.settimeout(5)
        return times[1:]


def progress(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def resident_kb(pid):
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1))


def build(options):
    os.makedirs(BUILD, exist_ok=True)
    for name in PROGRAMS:
        source = os.path.join(SOURCES, name + ".c")
        subprocess.run(["gcc", *C_FLAGS, source, "-lm", "-o", os.path.join(BUILD, name)], check=True)
    products = ["iiid"] if "iiid" in options.variants and options.daemon == DAEMON else []
    products += ["iii-dev-engine", "sdk-peer"] if "sdk" in options.variants else []
    for product in products:
        command = ["swift", "build", "--scratch-path", SCRATCH, *RELEASE_FLAGS, "--product", product]
        subprocess.run(command, cwd=ROOT, check=True, stdout=sys.stderr)
    if "sdk" in options.variants:
        subprocess.run([os.path.join(ROOT, "scripts", "python-env"), "newest"], check=True)


def machine():
    with open("/proc/cpuinfo") as info:
        model = re.search(r"model name\s*:\s*(.*)", info.read())
    return {
        "cpu": model.group(1) if model else platform.machine(),
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "load_average": [round(value, 2) for value in os.getloadavg()],
    }


# --- What came out ---


class Report:
    """Medians of the runs, their ratios, and the goals."""

    def __init__(self, results):
        self.results = results

    def median(self, case, variant, key):
        values = [run[key] for run in self.results.get((case, variant), []) if run[key] is not None]
        return statistics.median(values) if values else None

    def range(self, case, variant, key):
        values = [run[key] for run in self.results[case, variant]]
        return min(values), max(values)

    def ratio(self, case, variant, other, key="calls_per_second"):
        one, two = self.median(case, variant, key), self.median(case, other, key)
        return one / two if one is not None and two else None

    def rows(self):
        """One row per case and variant: what is printed, as texts."""
        for case, variant in self.results:
            if not self.results[case, variant]:
                continue
            low, high = self.range(case, variant, "calls_per_second")
            cpu = self.median(case, variant, "server_cpu_us")
            ratios = [self.ratio(case, variant, other) if case is not INVOKE else None for other in ("relay", "echo")]
            yield [
                case.name,
                TITLES[variant],
                f"{self.median(case, variant, 'calls_per_second'):,.0f}",
                f"{low:,.0f}–{high:,.0f}",
                f"{self.median(case, variant, 'p50_us'):,.1f}",
                f"{self.median(case, variant, 'p99_us'):,.1f}",
                "–" if cpu is None else f"{cpu:,.2f}",
                *("–" if ratio is None else f"{ratio:.2f}" for ratio in ratios),
            ]

    def goals(self, memory, functions, start):
        """(what, goal, figure, reached) for every row of the goals that can be told from this run."""
        out = []

        def goal(what, goal_text, figure, reached, form="{:.2f}"):
            if figure is not None:
                out.append((what, goal_text, form.format(figure), bool(reached(figure))))

        rate = self.ratio(MANY, "iiid", "relay")
        goal("calls/s, 64 B, 1 × 64, against the C relay", "≥ 0.5 (first)", rate, lambda x: x >= 0.5)
        goal("calls/s, 64 B, 1 × 64, against the C relay", "≥ 1.0 (then)", rate, lambda x: x >= 1.0)
        goal("calls/s, 64 B, 1 × 64, against gearmand", "≥ 8 (first)", self.ratio(MANY, "iiid", "gearman"), lambda x: x >= 8)
        goal("calls/s, 64 B, 1 × 64, against nats-server", "≥ 1.0 (then)", self.ratio(MANY, "iiid", "nats"), lambda x: x >= 1.0)
        trigger, invoke = (self.median(case, variant, "calls_per_second")
                           for case, variant in ((MANY, "iiid"), (INVOKE, "invoke")))
        if trigger and invoke:
            goal("calls/s, invoke against trigger, 1 × 64", "≥ 0.9", invoke / trigger, lambda x: x >= 0.9)
            cpu = self.median(INVOKE, "invoke", "server_cpu_us") / self.median(MANY, "iiid", "server_cpu_us")
            goal("CPU per call, invoke against trigger, 1 × 64", "≤ 1.1", cpu, lambda x: x <= 1.1)
        goal("calls/s, 64 × 1, against the C relay", "≥ 0.7", self.ratio(CLIENTS, "iiid", "relay"), lambda x: x >= 0.7)
        goal("calls/s, 64 × 1, against nats-server", "≥ 2.5", self.ratio(CLIENTS, "iiid", "nats"), lambda x: x >= 2.5)
        goal("p50, 1 × 1, against the C echo", "≤ 4", self.ratio(ONE, "iiid", "echo", "p50_us"), lambda x: x <= 4)
        p50, p99 = (self.median(ONE, "iiid", key) for key in ("p50_us", "p99_us"))
        goal("p99, 1 × 1, against its own p50", "≤ 2.5", p99 / p50 if p50 else None, lambda x: x <= 2.5)
        cpu = self.ratio(MANY, "iiid", "relay", "server_cpu_us")
        goal("CPU per call, 1 × 64, against the C relay", "≤ 3 (first)", cpu, lambda x: x <= 3)
        goal("CPU per call, 1 × 64, against the C relay", "≤ 1.5 (tuned)", cpu, lambda x: x <= 1.5)
        for case in (BIG, ROWS, HUGE):
            goal(f"calls/s, {case.name}, against the C relay", "≥ 0.8", self.ratio(case, "iiid", "relay"), lambda x: x >= 0.8)
        for case in (BIG, HUGE):
            goal(f"calls/s, {case.name}, against nats-server", "≥ 1.5", self.ratio(case, "iiid", "nats"), lambda x: x >= 1.5)
        daemon = memory.get("iiid", {})
        if "idle" in daemon:
            goal("resident, idle, MB", "≤ 16", daemon["idle"] / 1024, lambda x: x <= 16, "{:.1f}")
        if daemon.get("connections"):
            # The goal is 30 MB for 10,000: this many have their share of it.
            share = 30 * daemon["connections"] / 10_000
            goal(f"+ {daemon['connections']:,} idle connections, MB", f"≤ {share:.1f}",
                 (daemon["silent"] - daemon["idle"]) / 1024, lambda x: x <= share)
        if "after" in daemon:
            goal(f"resident after {daemon['after_calls']:,} calls, against before", "0.95–1.05",
                 daemon["after"] / daemon["warm"], lambda x: 0.95 <= x <= 1.05, "{:.3f}")
        if "cpu_alone" in daemon and "cpu_crowded" in daemon:
            goal(f"CPU per call with {daemon['connections']:,} more connections, against without", "0.9–1.1",
                 daemon["cpu_crowded"] / daemon["cpu_alone"], lambda x: 0.9 <= x <= 1.1)
        if functions:
            goal("CPU per invoke with 1,000 functions, against with one", "0.9–1.1",
                 functions["thousand"] / functions["one"], lambda x: 0.9 <= x <= 1.1)
        if start:
            goal("start to READY, ms (median)", "≤ 30", statistics.median(start), lambda x: x <= 30, "{:.1f}")
        return out


class SDKReport:
    """Medians of the SDKs' runs, beside Python's."""

    HEAD = ["SDK as", "case", "", "calls/s", "min–max", "p50 µs", "p99 µs", "SDK CPU µs/call", "engine CPU µs/call", "calls per CPU second, × Python"]

    def __init__(self, results, variants):
        self.results, self.variants = results, variants

    def median(self, key, figure):
        return statistics.median(run[figure] for run in self.results[key])

    def ratio(self, role, case, name):
        """Calls per second of the processor, against the Python SDK."""
        if not self.results.get((role, case, name)) or not self.results.get((role, case, "python")):
            return None
        return self.median((role, case, "python"), "server_cpu_us") / self.median((role, case, name), "server_cpu_us")

    def rows(self):
        for role in ("worker", "caller"):
            for case in SDK_CASES:
                for variant in self.variants:
                    key = role, case, variant.name
                    if not self.results.get(key):
                        continue
                    rates = [run["calls_per_second"] for run in self.results[key]]
                    ratio = self.ratio(*key)
                    yield [role, case.name, variant.title, f"{statistics.median(rates):,.0f}", f"{min(rates):,.0f}–{max(rates):,.0f}",
                           *(f"{self.median(key, figure):,.1f}" for figure in ("p50_us", "p99_us", "server_cpu_us", "engine_cpu_us")),
                           "–" if ratio is None else f"{ratio:.1f}"]

    def goals(self):
        for role in ("worker", "caller"):
            for case in SDK_CASES:
                for name, how in (("swift", ""), ("swift-thread", " on its thread")):
                    ratio = self.ratio(role, case, name)
                    if ratio is not None:
                        yield (f"Swift SDK as {role}{how}, calls per CPU second, {case.name}, against Python", "≥ 10", f"{ratio:.1f}", ratio >= 10)


HEAD = ["case", "", "calls/s", "min–max", "p50 µs", "p99 µs", "server CPU µs/call", "× relay", "× echo"]


def table(head, rows, markdown):
    rows = [list(map(str, row)) for row in rows]
    if markdown:
        lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
        return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    lines = []
    for row in [head, ["-" * width for width in widths], *rows]:
        cells = [cell.ljust(width) if i < 2 else cell.rjust(width) for i, (cell, width) in enumerate(zip(row, widths))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def print_report(options, report, sdks, memory, start, goals, failures, before, after):
    pins = {
        "same": "driver, engine and server on one core",
        "split": "server on the first core, driver and engine on the last",
        "none": "not bound to cores",
    }
    loads = " → ".join(str(place["load_average"][0]) for place in (before, after))
    print(f"{before['cpu']}, {before['cores']} cores, Linux {before['kernel']}, load average {loads}; {pins[options.pin]}; "
          f"medians of {options.rounds} interleaved runs of {options.seconds} s")
    if max(place["load_average"][0] for place in (before, after)) > before["cores"] + 1:
        print("The machine is busy with other work: p50 and CPU per call still hold, rates and p99 hold less.")
    print()
    rows, last = [], None
    for row in report.rows():
        rows.append(row if row[0] != last else ["", *row[1:]])
        last = row[0]
    if rows:
        print(table(HEAD, rows, options.markdown) + "\n")
    if sdk_rows := list(sdks.rows()):
        print(table(SDKReport.HEAD, sdk_rows, options.markdown) + "\n")

    for variant, figures in memory.items():
        parts = [f"idle {figures['idle'] / 1024:.1f}"]
        if "silent" in figures:
            parts.append(f"with {options.idle_connections:,} connections {figures['silent'] / 1024:.1f}, "
                         f"when each has pinged once {figures['spoken'] / 1024:.1f}")
            if figures["connections"] < options.idle_connections:
                parts.append(f"only {figures['connections']:,} of them were served ({figures['refusal']})")
        if "after" in figures:
            parts.append(f"warm {figures['warm'] / 1024:.1f}, after {figures['after_calls']:,} more calls {figures['after'] / 1024:.1f}")
        print(f"Resident MB, {TITLES[variant]}: " + "; ".join(parts))
    if start:
        print(f"Start to READY, ms: median {statistics.median(start):.1f}, {min(start):.1f}–{max(start):.1f} ({len(start)} starts)")
    if goals:
        verdicts = [(what, wanted, figure, "reached" if ok else f"NOT reached ({figure}, goal {wanted})")
                    for what, wanted, figure, ok in goals]
        print("\n" + table(["goal", "", "measured", "verdict"], verdicts, options.markdown))
    for failure in failures:
        print(f"FAILED: {failure}")


def parse_options():
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one short round, five starts: does it work?")
    parser.add_argument("--rounds", type=int, help="interleaved rounds (default 5)")
    parser.add_argument("--seconds", type=float, help="length of one run (default 0.8)")
    parser.add_argument("--pin", choices=("same", "split", "none"), default="same",
                        help="same: everything on one core (default); split: the server on a core of its own")
    parser.add_argument("--variants", default="echo,relay,iiid,engine,invoke,sdk", help="which to run (default: %(default)s)")
    parser.add_argument("--telemetry", action="store_true", help="also the Swift SDK with its telemetry on")
    parser.add_argument("--peers", action="store_true", help="also nats-server and gearmand, when they are installed")
    parser.add_argument("--idle-connections", type=int, default=1000, metavar="K")
    parser.add_argument("--daemon", default=DAEMON, metavar="PATH", help="measure this iiid instead of building one")
    parser.add_argument("--daemon-args", type=str.split, default=[], metavar="ARGS", help="more arguments for `iiid serve`")
    parser.add_argument("--skip-build", action="store_true", help="use the programs as they are")
    parser.add_argument("--markdown", action="store_true", help="print the tables as Markdown")
    parser.add_argument("--json", metavar="FILE", help="also write every run's figures to this file")
    options = parser.parse_args()
    options.rounds = options.rounds or (1 if options.quick else 5)
    options.seconds = options.seconds or (0.3 if options.quick else 0.8)
    options.variants = options.variants.split(",") + (["nats", "gearman"] if options.peers else [])
    unknown = set(options.variants) - set(TITLES)
    if unknown:
        parser.error(f"unknown variants: {', '.join(sorted(unknown))}")
    return options


def main():
    options = parse_options()
    if not options.skip_build:
        progress("building")
        build(options)
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))

    results = collections.defaultdict(list)
    sdk_results, sdk_variants = collections.defaultdict(list), []
    memory, functions, start, failures = {}, {}, [], []
    before = machine()
    bench = Bench(options)
    try:
        try:
            if set(options.variants) - {"sdk"}:
                bench.run_calls(options.variants, results, failures)
            if "sdk" in options.variants:
                sdk_variants = bench.run_sdks(sdk_results, failures)
        except Failure as failure:
            failures.append(str(failure))
        for variant in ("iiid", "relay"):
            if variant in options.variants and bench.engine_url:
                progress(f"memory of {variant}")
                try:
                    memory[variant] = bench.measure_memory(variant)
                except Failure as failure:
                    failures.append(f"memory: {failure}")
        if "invoke" in options.variants and "iiid" in options.variants and bench.engine_url:
            progress("1,000 functions")
            try:
                functions = bench.measure_functions()
            except Failure as failure:
                failures.append(f"functions: {failure}")
        if "iiid" in options.variants and bench.engine_url:
            progress("start")
            try:
                start = bench.measure_start(5 if options.quick else 20)
            except Failure as failure:
                failures.append(f"start: {failure}")
    finally:
        bench.close()

    report, after = Report(results), machine()
    sdks = SDKReport(sdk_results, sdk_variants)
    goals = [*report.goals(memory, functions, start), *sdks.goals()]
    print_report(options, report, sdks, memory, start, goals, failures, before, after)
    if options.json:
        runs = [{"case": case.name, "variant": variant, "runs": values} for (case, variant), values in results.items()]
        runs += [{"case": case.name, "role": role, "variant": name, "runs": values} for (role, case, name), values in sdk_results.items()]
        verdicts = [dict(zip(("what", "goal", "measured", "reached"), row)) for row in goals]
        everything = {"machine": [before, after], "pin": options.pin, "calls": runs, "memory_kb": memory, "functions_cpu_us": functions,
                      "start_ms": start, "goals": verdicts, "failures": failures}
        with open(options.json, "w") as file:
            json.dump(everything, file, indent=1, ensure_ascii=False)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
