"""scripts/check-units finds what it is there for."""
import shutil
import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]


def check(units):
    done = subprocess.run([TOP / "scripts/check-units", units], capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("file,old,new,words", [
    ("iiid.service", "WatchdogSec=", "WatchdogSecs=", "Unknown key 'WatchdogSecs'"),
    ("iiid@.socket", "SocketMode=0660", "SocketMode=rw", "iiid@.socket:"),
    ("iiid@.service", "RestrictNamespaces=yes\n", "", "iiid@example.service: more exposed than 1.3"),
    ("drop-ins/iiid.service.d/50-memory.conf", "MemoryMax", "MaxMemory", "Unknown key 'MaxMemory'"),
    ("drop-ins/iiid.socket.d/50-group.conf", "[Socket]", "[Service]", "Unknown section 'Service'"),
    ("iiid.tmpfiles", "/run/iiid ", "run/iiid ", "not absolute"),
])
def test_fault_in_a_unit_is_found(tmp_path, file, old, new, words):
    units = tmp_path / "units"
    shutil.copytree(TOP / "contrib/systemd", units)
    text = (units / file).read_text()
    assert old in text
    (units / file).write_text(text.replace(old, new))
    status, said = check(units)
    assert status != 0 and words in said, said
