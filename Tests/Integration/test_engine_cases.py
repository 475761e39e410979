"""Conversations that hold on real engines, played against iii-dev-engine: every case of every topic, those that an
embedded engine may leave out too, because this one rewrites payloads as a real engine does."""
import asyncio
import json
import sys

import pytest

from harness.programs import ROOT, Engine

sys.path.insert(0, str(ROOT / "Tests/Tools"))
import enginecheck  # noqa: E402

VERSIONS = ["0.23", "0.13"]
CASES = {path.stem: json.loads(path.read_text()) for path in sorted((ROOT / "Tests/Fixtures/engine-cases").glob("*.json"))}
#: The listeners with access rules that Tests/Fixtures/engine-cases asks for.
CONFIGURATION = ROOT / "Tests/Fixtures/access/listeners.json"
#: What the engine does not have yet, and the cases that need it. A case that passes must leave the list.
NOT_YET = {
}


def cases():
    for version in VERSIONS:
        for topic, listed in CASES.items():
            for case in listed:
                if version in case.get("engines", [version]):
                    missing = [what for what, names in NOT_YET.items() if case["case"] in names]
                    marks = [pytest.mark.xfail(reason=", ".join(missing), strict=True)] if missing else []
                    yield pytest.param(version, case, id=f"{version} {topic}: {case['case']}", marks=marks)


@pytest.mark.parametrize("version, case", list(cases()))
def test_engine_case(place, version, case):
    # The cases expect an engine without a queue of its own.
    engine = Engine(place, "--queue", "none", "--compat", version, "--config", CONFIGURATION)
    rbac, hooks = engine.also
    why = asyncio.run(enginecheck.play(case, version, {"main": engine.url, "rbac": rbac, "hooks": hooks}, 5.0))
    assert why is None, why
    assert engine.process.poll() is None
