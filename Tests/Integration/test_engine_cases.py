"""Conversations that hold on real engines, played against iii-dev-engine."""
import asyncio
import json
import sys

import pytest

from harness.programs import ROOT, Engine

sys.path.insert(0, str(ROOT / "Tests/Tools"))
import enginecheck  # noqa: E402

VERSION = "0.23"
#: Topics that the development engine covers; the others follow with channels, telemetry and access rules.
TOPICS = ["connection", "announce", "invocation", "discovery", "payloads", "triggers"]
#: Cases of those topics that need what the engine does not have yet.
LATER = {"log trigger": "the trigger type log"}


def cases():
    """Those that an embedded engine may leave out too: this one rewrites payloads as a real engine does."""
    for topic in TOPICS:
        for case in json.loads((ROOT / f"Tests/Fixtures/engine-cases/{topic}.json").read_text()):
            if VERSION in case.get("engines", [VERSION]):
                marks = [pytest.mark.xfail(reason=LATER[case["case"]], strict=True)] if case["case"] in LATER else []
                yield pytest.param(case, id=f"{topic}: {case['case']}", marks=marks)


@pytest.mark.parametrize("case", list(cases()))
def test_engine_case(place, case):
    # The cases expect an engine without a queue of its own.
    engine = Engine(place, "--queue", "none")
    why = asyncio.run(enginecheck.play(case, VERSION, {"main": engine.url, "rbac": None, "hooks": None}, 5.0))
    assert why is None, why
    assert engine.process.poll() is None
