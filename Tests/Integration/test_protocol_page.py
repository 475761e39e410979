"""docs/protocol.md, line by line: its transcripts are one session of a caller and a worker, and run as printed."""
import json
import pathlib
import re

import pytest

from harness.place import eventually

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "protocol.md"

# What differs from run to run: only its kind is compared.
VARYING = {"now", "connection_id", "uid", "gid", "groups", "pid", "since_ms", "uptime_ms", "attempt", "at",
           # The call that the page has kept on disk may be delivered by then, or not.
           "entries", "total", "bytes", "delivered"}


def exchange():
    """(connection, arrow, line) of each transcript line, in order."""
    inside = False
    for line in PAGE.read_text().splitlines():
        if line.startswith("```"):
            inside = line == "```transcript"
        elif inside:
            yield tuple(line.split(" ", 2))


class Names:
    """What the names in ‹› stand for: bound where they are met first."""

    def __init__(self):
        self.bound = {}

    def bind(self, name, text):
        return self.bound.setdefault(name, text) == text

    def fill(self, line):
        return re.sub("‹[^›]*›", lambda name: self.bound[name[0]], line)


def same(printed, actual, names, name=None):
    """Whether what came is what is printed; `…` stands for any text."""
    if name in VARYING:
        return type(printed) is type(actual)
    if isinstance(printed, dict):
        return isinstance(actual, dict) and list(printed) == list(actual) and all(same(v, actual[k], names, k) for k, v in printed.items())
    if isinstance(printed, list):
        if name == "workers":
            printed, actual = (sorted(rows, key=lambda row: row["connection_id"]) for rows in (printed, actual))
        return isinstance(actual, list) and len(printed) == len(actual) and all(same(a, b, names) for a, b in zip(printed, actual))
    if isinstance(printed, str) and re.fullmatch("‹[^›]*›", printed):
        return isinstance(actual, str) and names.bind(printed, actual)
    if isinstance(printed, str) and "…" in printed:
        return isinstance(actual, str) and re.fullmatch(".*".join(map(re.escape, printed.split("…"))), actual, re.S)
    return type(printed) is type(actual) and printed == actual


@pytest.fixture
def iiid(place, daemon, engine):
    """A daemon that keeps calls on disk."""
    (place.dir / "state").mkdir()
    return daemon(engine.url, env={"STATE_DIRECTORY": place.dir / "state"})


def test_transcripts_run_as_printed(iiid):
    connections = {"caller": iiid.client()}
    eventually(lambda: connections["caller"].call("status")["clients"] == 1, what="no other client")
    count, names = 0, Names()
    for name, arrow, line in exchange():
        client = connections.get(name) or connections.setdefault(name, iiid.client())
        if arrow == "→":
            client.send(names.fill(line))
        else:
            actual = client.receive_line().decode()
            assert same(json.loads(line), json.loads(actual), names), f"\nprinted {line}\ncame    {actual}"
        count += 1
    assert count > 40
    for client in connections.values():
        client.quiet()


def test_limits_are_those_of_hello(iiid):
    rows = re.findall(r"^\| [^|]+ \| (\d+) \| `(\w+)` \|", PAGE.read_text(), re.M)
    assert {name: int(value) for value, name in rows} == iiid.client().call("hello")["limits"]
