"""The programs under test."""
import os
import re
import signal
import subprocess
from pathlib import Path

from .local_client import LocalClient, LocalWorker
from .notify import NotifySocket
from .place import eventually
from .ports import free_port

ROOT = Path(__file__).resolve().parents[3]


def build_folder():
    return Path(os.environ.get("IIID_BUILD_DIR") or ROOT / ".build/debug")


def release_folder():
    return Path(os.environ.get("IIID_RELEASE_DIR") or ROOT / ".build/release")


def resident_kilobytes(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise AssertionError("no VmRSS")


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


class Engine:
    """iii-dev-engine on a port of its own, kept over restarts."""

    LINE = re.compile(rb"iii-dev-engine listening on (ws://127\.0\.0\.1:(\d+))")

    ALSO = re.compile(rb"iii-dev-engine also listening on (ws://127\.0\.0\.1:\d+)")

    def __init__(self, place, *options, env=None):
        self.place = place
        self.options = options or ("--test-hooks", "--queue", "memory")
        self.env = env or {}
        self.port = free_port()
        self.start()

    def start(self):
        self.process = self.place.start("iii-dev-engine", [build_folder() / "iii-dev-engine", "--port", self.port, *self.options],
                                        env=self.place.environment(**self.env))

        def line():
            assert self.process.poll() is None, f"iii-dev-engine ended:\n{self.process.log_path.read_text(errors='replace')[-2000:]}"
            return self.LINE.search(self.process.log_path.read_bytes())

        found = eventually(line, 10, what="the line that tells the port")
        self.url, self.port = found[1].decode(), int(found[2])
        # The further listeners of a configuration file are announced together with the main one.
        self.also = [url.decode() for url in self.ALSO.findall(self.process.log_path.read_bytes())]

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


class Daemon:
    """iiid serve, ready when this returns."""

    def __init__(self, place, engine_url, *options, env=None, folder=None, connected=True, ready=True, socket=None):
        self.place = place
        self.socket = socket or place.dir / f"iiid{len(place.processes)}.sock"
        self.notify = NotifySocket(place.dir / f"notify{len(place.processes)}")
        place.on_end(self.notify.close)
        engine = ["--engine", engine_url] if engine_url else []
        self.process = place.start(
            "iiid", [(folder or build_folder()) / "iiid", "serve", *engine, "--socket", self.socket, *options],
            env=place.environment(NOTIFY_SOCKET=self.notify.path, **(env or {})))
        self.pid = self.process.pid
        if ready:
            self.notify.wait("READY=1", 15, self.process)
            if connected:
                self.wait_connected()

    def client(self, **options):
        client = LocalClient(self.socket, **options)
        self.place.on_end(client.close)
        return client

    def worker(self, functions, **options):
        worker = LocalWorker(self.socket, functions, **options)
        self.place.on_end(worker.close)
        return worker

    def status(self):
        client = LocalClient(self.socket)
        try:
            return client.call("status")
        finally:
            client.close()

    def wait_connected(self, seconds=15):
        return eventually(lambda: self.status()["state"] == "ready", seconds, what="the daemon connected to its engine")

    def wait_away(self, seconds=15):
        return eventually(lambda: self.status()["state"] != "ready", seconds, what="the daemon without its engine")

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def wait(self, seconds=15):
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"iiid did not end within {seconds} s") from None

    def resident(self):
        return resident_kilobytes(self.pid)

    def descriptors(self):
        return descriptors(self.pid)

    def log(self):
        return self.process.log_path.read_text(errors="replace")
