"""A package of somebody else's, with nothing but the README's worker and a dependency on this one by path."""
import os
import re
import shutil
import subprocess

import pytest

from harness.place import eventually
from harness.programs import ROOT
from harness.steered import SteeredError

MANIFEST = ROOT / "Sources/III/III.docc/GettingStarted.md"


def code_of(page, word):
    """The Swift code of a page that has this word in it."""
    blocks = re.findall(r"^```swift\n(.*?)^```", page.read_text(), re.M | re.S)
    return next(block for block in blocks if word in block)


def readme_worker():
    return code_of(ROOT / "README.md", "registerWorker")


@pytest.fixture
def fresh(place):
    """Builds the package as anybody would, and gives the program. The scratch folder stays: only the first time is long."""
    package = place.dir / "fresh"
    (package / "Sources/fresh").mkdir(parents=True)
    (package / "Package.swift").write_text(code_of(MANIFEST, "swift-tools-version").replace("../iiid", str(ROOT)))
    (package / "Sources/fresh/Fresh.swift").write_text(readme_worker())
    swift = shutil.which("swift") or "/opt/swift/usr/bin/swift"
    scratch = ROOT / ".build/fresh-package"
    # The checks of this project ask for more than others have to.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("IIID_")}
    command = [swift, "build", "--package-path", package, "--scratch-path", scratch]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=800)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "warning: " not in done.stdout + done.stderr, done.stdout[-3000:]
    return scratch / "debug/fresh"


def test_readme_worker_has_twenty_lines():
    assert len([line for line in readme_worker().splitlines() if line.strip()]) <= 20


@pytest.mark.timeout(900)
def test_readme_worker_builds_and_serves_in_a_fresh_package(place, engine, sdk, fresh):
    worker = place.start("fresh", [fresh], env=place.environment(III_URL=engine.url))
    python = sdk("newest", engine.url)

    def answered():
        try:
            return python.trigger("swift::upper", {"text": "grün"})
        except SteeredError as error:
            assert error.code == "function_not_found", error

    assert eventually(answered, 20, what="swift::upper answers") == {"text": "GRÜN"}
    worker.terminate()
    worker.wait(5)
