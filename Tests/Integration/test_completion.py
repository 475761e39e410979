"""The completion scripts in the shells that they are for."""
import os
import pty
import re
import select
import shlex
import shutil
import subprocess
import time

import pytest

from harness.programs import build_folder

PROGRAM = build_folder() / "iiid"


def shell(name):
    """Its path; a machine without it skips, in the check nothing may skip."""
    return shutil.which(name) or pytest.skip(f"{name} is not installed")


@pytest.fixture
def script(place):
    """script(shell): the path of its completion script."""

    def write(name):
        path = place.dir / f"_iiid.{name}"
        path.write_bytes(subprocess.run([PROGRAM, "completion", name], check=True, capture_output=True, timeout=20).stdout)
        return path

    return write


@pytest.fixture
def path(place):
    """A PATH on which iiid is the one under test, with more time than the second that the scripts give it: they would rather propose
    nothing than hold a user up, and a busy machine needs longer now and then."""
    (place.dir / "bin").mkdir()
    program = place.dir / "bin/iiid"
    program.write_text(f'#!/bin/bash\nexec {PROGRAM} "${{@/#1000/20000}}"\n')
    program.chmod(0o755)
    return f"{place.dir}/bin:{os.environ['PATH']}"


@pytest.mark.parametrize("argv", [["bash", "-n"], ["zsh", "-n"], ["fish", "--no-execute"]], ids=lambda argv: argv[0])
def test_script_is_in_order(script, argv):
    done = subprocess.run([shell(argv[0]), *argv[1:], script(argv[0])], capture_output=True, text=True, timeout=20)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_bash_script_passes_shellcheck(script):
    done = subprocess.run([shell("shellcheck"), "-s", "bash", script("bash")], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stdout


@pytest.fixture
def bash(script, place, path):
    """bash(line, …): what is proposed at its end, as the shell's own completion calls the function."""
    file = script("bash")

    def complete(line, **environment):
        # As the shell breaks words; what is proposed replaces the last one.
        words = re.findall(r"[:=]+|[^\s:=]+", line) + ([""] if line.endswith(" ") else [])
        lines = [f"source {file}", "complete -p iiid >&2", f"COMP_LINE={shlex.quote(line)}", f"COMP_POINT={len(line)}",
                 f"COMP_WORDS=({' '.join(map(shlex.quote, words))})", f"COMP_CWORD={len(words) - 1}",
                 "_iiid iiid", '((${#COMPREPLY[@]} == 0)) || printf "%s\\n" "${COMPREPLY[@]}"']
        done = subprocess.run([shell("bash"), "--norc", "-euo", "pipefail", "-c", "\n".join(lines)], capture_output=True, text=True, timeout=20,
                              cwd=place.dir, env=place.environment(PATH=path, **environment))
        assert (done.returncode, done.stderr) == (0, "complete -F _iiid iiid\n"), done.stderr
        return done.stdout.splitlines()

    return complete


@pytest.mark.parametrize("line,proposed", [
    ("iiid st", ["status"]), ("iiid help st", ["status"]), ("iiid completion ", ["bash", "zsh", "fish"]),
    ("iiid list wo", ["workers"]), ("iiid list --local tri", ["triggers", "trigger-types"]), ("iiid list functions wo", []),
    ("iiid serve --log-level d", ["debug"]), ("iiid serve --log-level=in", ["info"]), ("iiid serve --log-level ", ["debug", "info", "notice", "warning", "error"]),
    ("iiid --log-level war", ["warning"]), ("iiid --socket-g", ["--socket-group"]), ("iiid call --wait", ["--wait-connected-ms"]),
    ("iiid call f --meta", ["--metadata"]), ("iiid call --timeout-ms ", []), ("iiid nonsense ", []), ("iiid status --js", ["--json"]),
    ("iiid status --socket ./fo", ["./found.sock"]), ("iiid status --socket=./fo", ["./found.sock"]), ("iiid serve --socket-group roo", ["root"]),
])
def test_bash_proposes(bash, place, line, proposed):
    (place.dir / "found.sock").touch()
    assert bash(line) == proposed


def test_bash_proposes_every_command(bash):
    commands = bash("iiid ")
    assert commands == re.findall(r"^  ([a-z]+)", subprocess.run([PROGRAM, "help"], capture_output=True, text=True).stdout, re.M)


def test_bash_proposes_functions(bash, iiid):
    iiid.worker({"test::length": lambda params: 1, "test::later": lambda params: 1, "test::$(touch owned)": lambda params: 1})
    environment = {"IIID_SOCKET": iiid.socket}
    # Behind the last colon, which is where the shell thinks the word begins.
    assert bash("iiid call test::l", **environment) == ["later", "length"]
    assert bash("iiid call --void --timeout-ms 5 test::le", **environment) == ["length"]
    assert bash("iiid wait --function test::", **environment) == ["later", "length"]
    assert bash("iiid call te", **environment) == ["test::later", "test::length"]
    assert bash("iiid call test::later test", **environment) == []
    assert bash("iiid call test::l", IIID_SOCKET="/nonexistent") == []


class Terminal:
    """A shell at a terminal of its own."""

    def __init__(self, place, argv, **environment):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(argv[0], argv, place.environment(TERM="dumb", PS1="READY>", **environment))
        self.seen = ""

    def type(self, text):
        os.write(self.fd, text.encode())

    def wait(self, words, seconds=20):
        deadline = time.monotonic() + seconds
        while words not in self.seen:
            left = deadline - time.monotonic()
            assert left > 0 and select.select([self.fd], [], [], left)[0], f"no {words!r} in {self.seen!r}"
            try:
                self.seen += os.read(self.fd, 4096).decode(errors="replace")
            except OSError:
                raise AssertionError(f"the shell ended: {self.seen!r}") from None

    def close(self):
        os.close(self.fd)  # hangs the shell up
        os.waitpid(self.pid, 0)


def test_bash_at_a_terminal(place, script, path, iiid):
    iiid.worker({"test::length": lambda params: "it ran"})
    terminal = Terminal(place, [shell("bash"), "--norc", "--noprofile", "-i"], PATH=path, IIID_SOCKET=iiid.socket)
    try:
        terminal.wait("READY>")
        terminal.type(f"source {script('bash')}; echo sour''ced\n")
        terminal.wait("sourced")
        terminal.type("iiid cal\ttest::le\t--ra\t\n")
        terminal.wait("it ran")
    finally:
        terminal.close()


def test_zsh_at_a_terminal(place, script, path, iiid):
    iiid.worker({"test::length": lambda params: "it ran"})
    terminal = Terminal(place, [shell("zsh"), "-f", "-i"], PATH=path, IIID_SOCKET=iiid.socket)
    try:
        terminal.wait("READY>")
        terminal.type(f"autoload -U compinit; compinit -u -D; source {script('zsh')}; echo sour''ced\n")
        terminal.wait("sourced")
        terminal.type("iiid cal\ttest::le\t--ra\t\n")
        terminal.wait("it ran")
    finally:
        terminal.close()


@pytest.mark.parametrize("line,proposed", [
    ("iiid st", ["status"]), ("iiid list wo", ["workers"]), ("iiid completion ", ["bash", "fish", "zsh"]), ("iiid call --wait", ["--wait-connected-ms"]),
    ("iiid --log-level war", ["warning"]), ("iiid serve --log-level=war", ["--log-level=warning"]), ("iiid call test::", ["test::length"]),
    ("iiid wait --function te", ["test::length"]),
])
def test_fish_proposes(place, script, path, iiid, line, proposed):
    iiid.worker({"test::length": lambda params: 1})
    done = subprocess.run([shell("fish"), "--no-config", "-c", f"source {script('fish')}; complete -C {shlex.quote(line)}"],
                          capture_output=True, text=True, timeout=30,
                          env=place.environment(PATH=path, IIID_SOCKET=iiid.socket, HOME=place.dir, XDG_CONFIG_HOME=place.dir, XDG_DATA_HOME=place.dir))
    assert [row.split("\t")[0] for row in done.stdout.splitlines()] == proposed, (done.stdout, done.stderr)
