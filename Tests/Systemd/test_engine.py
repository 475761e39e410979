"""The engine's token as a credential, and an engine that goes and comes."""
import pytest

from conftest import ENGINE_PORT
from harness.place import eventually
from harness.scripted_engine import ScriptedEngine

TOKEN = "tok-31c9f2"
CREDENTIAL = "/etc/credstore/iiid.engine-token"


@pytest.fixture
def guarded(machine):
    """An engine in the machine that lets in who has the token, in place of the development engine."""
    machine.systemctl("stop", "engine.service")

    def check(ws, request):
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return ws.respond(401, "who are you?\n")

    with machine.listen(ENGINE_PORT) as listener:
        engine = ScriptedEngine(process_request=check, sock=listener)
        yield engine
        engine.close()


def test_token_of_the_credential_store_reaches_the_engine(machine, guarded):
    machine.write(CREDENTIAL, TOKEN + "\n", mode=0o600)
    machine.systemctl("restart", "iiid.service")
    guarded.accept()
    machine.wait_for("iiid.service", StatusText="Connected to ws://127.0.0.1:49134/, 0 functions")


def test_token_is_seen_by_nobody_else(machine, guarded):
    machine.write(CREDENTIAL, TOKEN + "\n", mode=0o600)
    machine.systemctl("restart", "iiid.service")
    guarded.accept()
    pid = machine.show("iiid.service", "MainPID")
    for place in ("cmdline", "environ"):
        assert TOKEN.encode() not in machine.path(f"/proc/{pid}/{place}").read_bytes()
    said = machine.output("systemctl", "show", "iiid.service") + machine.output("systemctl", "status", "iiid.service")
    assert TOKEN not in said + machine.output("journalctl", "--no-pager")
    for user in ("alice", "mallory"):
        assert machine.run("cat", "/run/credentials/iiid.service/iiid.engine-token", user=user, check=False).returncode != 0


def test_wrong_token_is_told(machine, guarded):
    machine.write(CREDENTIAL, "wrong\n", mode=0o600)
    machine.systemctl("restart", "iiid.service")
    def status():
        text = machine.show("iiid.service", "StatusText")
        return text if "401" in text else None

    text = eventually(status, 30, what="a status that tells of the refusal")
    print(text)
    assert machine.show("iiid.service", "ActiveState") == "active"


def test_token_that_is_none_fails_the_start(machine):
    machine.systemctl("stop", "iiid.service")
    machine.write(CREDENTIAL, "two words\n", mode=0o600)
    assert machine.systemctl("start", "iiid.service", check=False).returncode != 0
    assert machine.show("iiid.service", "ExecMainStatus") == "78"
    assert "iiid.engine-token" in machine.show("iiid.service", "StatusText") and "two words" not in machine.show("iiid.service", "StatusText")


def test_encrypted_token(machine, guarded, drop_ins):
    machine.run("systemd-creds", "encrypt", "--with-key=host", "--name=iiid.engine-token", "-", "/etc/iiid/engine-token.cred", text=TOKEN)
    assert TOKEN not in machine.path("/etc/iiid/engine-token.cred").read_text()
    drop_ins("50-encrypted-token.conf")
    machine.systemctl("restart", "iiid.service")
    guarded.accept()


def test_every_drop_in_example_starts(machine, drop_ins):
    drop_ins("50-after-engine.conf", "50-core-dumps.conf", "50-engine-local.conf", "50-memory.conf")
    machine.systemctl("restart", "iiid.service")
    assert machine.call("ping")
    assert machine.show("iiid.service", "LimitCORE", "MemoryMax") == {"LimitCORE": "infinity", "MemoryMax": str(1 << 30)}
    assert "iii-engine.service" in machine.show("iiid.service", "After")


def test_daemon_serves_while_the_engine_is_away(machine):
    machine.systemctl("stop", "engine.service")
    eventually(lambda: machine.call("status")["state"] != "ready", 30)
    machine.systemctl("restart", "iiid.service")
    assert machine.show("iiid.service", "ActiveState") == "active"
    assert machine.call("ping")
