"""Local programs over both kinds of restart: the engine's, which they need not notice, and the daemon's, after which they come back
by themselves because keep.sh starts them again. All of them are shell."""
import signal

import pytest

from harness.place import eventually
from harness.programs import ROOT, Daemon
from harness.shell import environment, function, register

KEEP = ROOT / "examples/shell/keep.sh"

# Serves a trigger type; each binding that it is asked for it fires once.
PROVIDER = """
echo '{"id":1,"method":"register_trigger_type","params":{"trigger_type":"shell::once","description":"fires when it is bound"}}'
exec jq --unbuffered -c 'select(.method == "bind_trigger")
  | {id, result: {}},
    {id: .id, method: "trigger", params: {function_id: .params.function_id, payload: {fired: .params.trigger_id}, action: {type: "void"}}}'
"""

# Is called by a timer of the engine and by the provider; notes what it gets in $NOTES.
BOUND = f"""
echo {register('bound::f')}
echo '{{"id":2,"method":"register_trigger","params":{{"trigger_type":"cron","function_id":"bound::f","config":{{"expression":"* * * * * *"}}}}}}'
echo '{{"id":3,"method":"register_trigger","params":{{"trigger_type":"shell::once","function_id":"bound::f"}}}}'
while read -r line; do
  [ "$(jq -r .method <<<"$line")" = invoke ] || continue
  jq -c .params.payload <<<"$line" >>"$NOTES"
  jq -c '{{id, result: null}}' <<<"$line"
done
"""

# Hears of the connection to the engine.
WATCHER = """
echo '{"id":1,"method":"subscribe","params":{"events":["connection"]}}'
exec jq --unbuffered -r 'select(.method == "event").params.fields.state' >>"$NOTES"
"""


class Programs:
    """Three local programs and what they have noted."""

    def __init__(self, iiid):
        self.iiid = iiid
        self.notes = {}
        for name, script in (("provider", PROVIDER), ("bound", BOUND), ("watcher", WATCHER)):
            path = iiid.place.dir / f"{name}.sh"
            path.write_text("#!/bin/bash\n" + script)
            path.chmod(0o755)
            self.notes[name] = iiid.place.dir / f"{name}.notes"
            self.notes[name].touch()
            iiid.place.start(name, [KEEP, path], env={**environment(iiid), "NOTES": str(self.notes[name])})

    def noted(self, name, word):
        return sum(word in line for line in self.notes[name].read_text().splitlines())

    def work_again(self, iiid, before=(0, 0, 0)):
        """Until the timer and the provider have called again and the watcher has heard that the engine is there."""
        for name, word, had in zip(("bound", "bound", "watcher"), ("scheduled", "fired", "connected"), before):
            eventually(lambda: self.noted(name, word) > had, 40, what=f"{name} hears of {word} again")
        # Each of them once, and not once for each restart.
        client = iiid.client()
        assert function(iiid, "bound::f")["instances"] == 1
        for local in (True, False):
            rows = client.call("list_triggers", {"local": local})["registered_triggers"]
            assert sorted(row["trigger_type"] for row in rows if row["function_id"] == "bound::f") == ["cron", "shell::once"], rows
        client.close()
        return [self.noted("bound", "scheduled"), self.noted("bound", "fired"), self.noted("watcher", "connected")]


@pytest.mark.timeout(150)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["ended", "killed"])
def test_engine_restarts(iiid, engine, number):
    programs = Programs(iiid)
    before = programs.work_again(iiid)
    for _ in range(2):
        engine.process.send_signal(number)
        engine.process.wait(10)
        iiid.wait_away()
        engine.start()
        before = programs.work_again(iiid, before)


@pytest.mark.timeout(150)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["ended", "killed"])
def test_daemon_restarts(iiid, engine, number):
    programs = Programs(iiid)
    before = programs.work_again(iiid)
    for _ in range(2):
        iiid.process.send_signal(number)
        iiid.process.wait(20)
        iiid = Daemon(iiid.place, engine.url, socket=iiid.socket)
        before = programs.work_again(iiid, before)
