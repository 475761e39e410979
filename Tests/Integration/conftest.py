"""Fixtures: real processes on ports of their own, in a short folder of their own, ended by id."""
import json
import signal

import pytest

from harness.place import Place, eventually
from harness.programs import Daemon, Engine, build_folder
from harness.proxy import RecordingProxy
from harness.scripted_engine import RawListener, ScriptedEngine
from harness.sdk import SDKProcess
from harness.swift_sdk import SwiftProcess
from harness.web import WebServer


def pytest_configure(config):
    # A shell starts what runs in the background with SIGINT ignored, which all children would inherit.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_sessionstart(session):
    for name in ("iiid", "iii-dev-engine"):
        if not (build_folder() / name).exists():
            raise pytest.UsageError(f"{build_folder() / name} is missing: build first, or set IIID_BUILD_DIR")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    place = item.funcargs.get("place") if hasattr(item, "funcargs") else None
    if report.failed and place is not None and place.dir.exists():
        for name, text in place.logs().items():
            if text.strip():
                report.sections.append((f"log of {name}", text[-6000:]))


@pytest.fixture
def place():
    place = Place()
    yield place
    complaints = place.end()
    logs = place.logs() if complaints else {}
    place.remove()
    assert not complaints, complaints + "".join(f"\n--- {n}\n{t[-3000:]}" for n, t in logs.items())


@pytest.fixture
def engine(place):
    """A development engine with its test hooks."""
    return Engine(place)


@pytest.fixture
def daemon(place):
    """Starts a daemon: daemon(engine_url, options…)."""

    def start(engine_url=None, *options, **more):
        return Daemon(place, engine_url, *options, **more)

    return start


@pytest.fixture
def iiid(daemon, engine):
    """A daemon, connected to a development engine."""
    return daemon(engine.url)


@pytest.fixture
def wire(place):
    """An engine whose every frame is the test's to decide."""
    engine = ScriptedEngine()
    place.on_end(engine.close)
    return engine


@pytest.fixture
def web(place):
    """An HTTP server that keeps what it was asked."""
    server = WebServer()
    place.on_end(server.close)
    return server


@pytest.fixture
def linked(daemon, wire):
    """A daemon connected to `wire`, and that connection: (daemon, connection)."""
    started = daemon(wire.url)
    return started, wire.accept()


@pytest.fixture
def proxy(place, engine):
    """A recording proxy in front of a development engine."""
    proxy = RecordingProxy(engine.url)
    place.on_end(proxy.close)
    return proxy


@pytest.fixture
def raw_listener(place):
    listener = RawListener()
    place.on_end(listener.close)
    return listener


@pytest.fixture
def sdk(place):
    """Starts the real SDK: sdk(version, url, name, III_NAMESPACE=…)."""

    def start(version, url, name="sdk", **environment):
        return SDKProcess(place, version, url, name, environment)

    return start


@pytest.fixture
def swift(place):
    """Starts swift-worker: swift(url, name, III_NAMESPACE=…)."""

    def start(url, name="swift", **environment):
        return SwiftProcess(place, url, name, environment)

    return start


@pytest.fixture
def guest(place, daemon, sdk):
    """guest(session, options…, rbac…): a daemon on a listener with those rules, and a host beside it that decides on the session."""

    def start(session, *options, **rbac):
        rules = place.dir / "rules.json"
        rules.write_text(json.dumps({"listeners": [{"port": 0, "rbac": {"auth_function_id": "test::auth", **rbac}}]}))
        engine = Engine(place, "--test-hooks", "--config", rules)
        host = sdk("newest", engine.url, "host")
        host.register("test::auth", "value", value=session)
        host.register("test::echo")

        def known():
            return len(host.trigger("engine::functions::list", {"prefix": "test::"})["functions"]) == 2

        eventually(known, 10, what="the host's functions")
        return daemon(engine.also[0], *options), host

    return start


__all__ = ["eventually"]
