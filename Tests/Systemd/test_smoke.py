"""The package's own test (autopkgtest), which wants a booted machine and both packages."""
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "packaging/debian/tests/smoke"


def test_smoke_of_the_package(machine):
    machine.systemctl("stop", "engine.service")
    done = machine.run("sh", "-s", text=SCRIPT.read_text(), check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    print(done.stdout.splitlines()[-1])
