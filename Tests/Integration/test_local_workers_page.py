"""docs/local-workers.md: what it shows is what the examples have, what it says is said, and its commands print what they print."""
import importlib.util
import re
import shutil
import subprocess

import pytest

from harness.place import eventually
from harness.programs import ROOT, build_folder

PAGE = ROOT / "docs/local-workers.md"


def blocks(kind):
    """(rest of the fence's line, text) of each block of that kind, in order."""
    return re.findall(rf"^```{kind}(?: (\S+))?\n(.*?)^```$", PAGE.read_text(), re.M | re.S)


@pytest.mark.parametrize("kind", ["python", "bash"])
def test_code_is_an_examples(kind):
    found = blocks(kind)
    assert found
    for path, text in found:
        assert text in (ROOT / path).read_text(), path


def test_transcripts(iiid):
    spec = importlib.util.spec_from_file_location("replay", ROOT / "Tests/Conformance/replay.py")
    replay = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(replay)
    for _, text in blocks("transcript"):
        path = iiid.place.dir / "page.transcript"
        path.write_text("## of the page\n" + text, encoding="utf-8")
        ((_, steps),) = replay.cases(path)
        assert len(steps) == text.count("\n")
        replay.play(path, steps, str(iiid.socket), 20)


def test_commands(place):
    """In order, as typed: what ends with & is started and left running, everything else prints what the page has."""
    socket = place.dir / "iiid.sock"
    environment = place.environment(IIID_SOCKET=socket)
    environment["PATH"] = f"{build_folder()}:{environment['PATH']}"
    started = printed = 0
    for _, text in blocks("console"):
        for command, output in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", text, re.M):
            if command.startswith("export"):
                continue
            if command.endswith(" &"):
                # The engine takes its usual port, which may be taken here.
                command = command[:-2].replace("--dev ", "--dev --dev-port 0 ")
                place.start(f"command-{started}", ["bash", "-c", f"exec {command}"], env=environment, cwd=ROOT)
                started += 1
                continue

            def prints():
                done = subprocess.run(["bash", "-c", command], env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, text=True,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=30)
                return done.stdout == output

            eventually(prints, 30, 0.2, what=f"{command} prints {output!r}")
            printed += 1
    assert (started, printed) == (3, 5)


def test_unit(tmp_path):
    ((_, text),) = blocks("ini")
    program = tmp_path / "words"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    unit = tmp_path / "words.service"
    unit.write_text(text.replace("/usr/local/bin/words", str(program)))
    assert shutil.which("systemd-analyze")
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", unit], capture_output=True, text=True, timeout=50)
    assert done.returncode == 0 and not done.stderr, done.stderr


def test_links():
    for target in re.findall(r"\]\(([^)#]+)\)", PAGE.read_text()):
        assert (PAGE.parent / target).exists(), target
