#!/usr/bin/env python3
"""replay.py [--socket PATH] [--timeout SECONDS] [--verbose] [FILE.transcript…]

Plays transcripts against a daemon, and tells where it says something else. Without files: all of the folder `connected` beside
this program. Ends with 1 if a case failed. README.md says what a transcript is.
"""
import argparse
import json
import os
import pathlib
import re
import socket
import sys
import time

KINDS = {
    "any": lambda value: True,
    "string": lambda value: isinstance(value, str),
    "int": lambda value: isinstance(value, Number) and value.text.lstrip("-").isdigit(),
    "number": lambda value: isinstance(value, Number),
    "bool": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
}
KIND = re.compile(r"<(%s)(?::(\w+))?>" % "|".join(KINDS))
STEP = re.compile(r"(\w+) (→bytes|→end|→close|→|←has|←end|←)(?: (.*))?")


class Number:
    """A number as it was written: 1.0 is not 1, and no digit gets lost."""

    def __init__(self, text):
        self.text = text

    def __eq__(self, other):
        return isinstance(other, Number) and self.text == other.text

    def __repr__(self):
        return self.text


class Mismatch(Exception):
    """What a step got in place of what the transcript says."""


def decode(text):
    return json.loads(text, parse_int=Number, parse_float=Number)


def encode(value):
    """JSON in one line; a Number as it was written."""
    if isinstance(value, Number):
        return value.text
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(name)}:{encode(member)}" for name, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(encode, value)) + "]"
    return json.dumps(value)


def match(expected, actual, kept, where="the line"):
    """Raises Mismatch with the place of the first difference; puts what `<kind:name>` stands for into `kept`."""
    if isinstance(expected, str):
        kind = KIND.fullmatch(expected)
        if kind:
            if not KINDS[kind[1]](actual):
                raise Mismatch(f"{where}: {kind[1]} expected, got {actual!r}")
            if kind[2]:
                kept[kind[2]] = encode(actual)
            return
        pattern = ".*".join(map(re.escape, expected.split("…")))
        if not isinstance(actual, str) or not re.fullmatch(pattern, actual, re.S):
            raise Mismatch(f"{where}: {expected!r} expected, got {actual!r}")
    elif isinstance(expected, dict):
        if not isinstance(actual, dict):
            raise Mismatch(f"{where}: an object expected, got {actual!r}")
        names = [name for name in expected if name != "…"]
        for name in names:
            if name not in actual:
                raise Mismatch(f"{where}: no member {name!r}")
            match(expected[name], actual[name], kept, f"{where}.{name}")
        further = sorted(set(actual) - set(names))
        if further and "…" not in expected:
            raise Mismatch(f"{where}: unexpected member {further[0]!r}")
    elif isinstance(expected, list):
        if not isinstance(actual, list) or len(expected) != len(actual):
            raise Mismatch(f"{where}: an array of {len(expected)} expected, got {actual!r}")
        for index, pair in enumerate(zip(expected, actual)):
            match(*pair, kept, f"{where}[{index}]")
    elif type(expected) is not type(actual) or expected != actual:
        raise Mismatch(f"{where}: {expected!r} expected, got {actual!r}")


def unescape(text):
    r"""The bytes that `→bytes` sends: \r \n \t \\ \xHH stand for a byte, %{N:text} for N times the text."""
    text = re.sub(r"%\{(\d+):(.*?)\}%", lambda found: int(found[1]) * found[2], text)
    one = {"r": b"\r", "n": b"\n", "t": b"\t", "\\": b"\\"}
    parts = re.split(rb"\\(x[0-9A-Fa-f]{2}|[rnt\\])", text.encode())
    return b"".join(part if index % 2 == 0 else one.get(part.decode()) or bytes([int(part[1:], 16)]) for index, part in enumerate(parts))


def connect(path):
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    return connection


class Peer:
    """One connection of a case: lines out, lines in."""

    def __init__(self, connection, timeout):
        self.socket = connection
        self.timeout = timeout
        self.received = b""

    def send(self, data):
        self.socket.settimeout(self.timeout)
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass  # what the daemon said before it closed is still there to be read

    def line(self):
        """The next line without its LF; None at the end."""
        deadline = time.monotonic() + self.timeout
        while b"\n" not in self.received:
            self.socket.settimeout(max(deadline - time.monotonic(), 0.001))
            try:
                data = self.socket.recv(1 << 16)
            except TimeoutError:
                raise Mismatch(f"nothing came within {self.timeout:g} s") from None
            except ConnectionResetError:
                data = b""
            if not data:
                if self.received:
                    raise Mismatch(f"the stream ends within a line: {self.received[:200]!r}")
                return None
            self.received += data
        line, _, self.received = self.received.partition(b"\n")
        return line


def cases(path):
    """(title, [(number, name, verb, rest)]) of each case of a file."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("## "):
            found.append((line[3:], []))
        elif line and not line.startswith("#"):
            step = STEP.fullmatch(line)
            if not step or not found:
                raise SystemExit(f"{path}:{number}: no step of a case: {line[:100]}")
            found[-1][1].append((number, *step.groups()))
    return found


def play(path, steps, socket_path, timeout):
    """Plays one case on connections of its own; raises Mismatch."""
    peers, last, kept = {}, {}, {}
    try:
        for number, name, verb, rest in steps:
            peer = peers.get(name) or peers.setdefault(name, Peer(connect(socket_path), timeout))
            try:
                if verb in ("→", "→bytes"):
                    text = re.sub(r"«(\w+)»", lambda found: kept[found[1]], rest or "")
                    peer.send(text.encode() + b"\n" if verb == "→" else unescape(text))
                elif verb == "→end":
                    peer.socket.shutdown(socket.SHUT_WR)
                elif verb == "→close":
                    peer.socket.close()
                elif verb == "←has":
                    if rest.encode() not in last[name]:
                        raise Mismatch(f"these bytes are missing: {rest}\n  got {last[name].decode()[:2000]}")
                else:
                    line = peer.line()
                    if verb == "←end":
                        if line is not None:
                            raise Mismatch(f"the end expected\n  got {line.decode()[:2000]}")
                        continue
                    if line is None:
                        raise Mismatch("the daemon has closed the connection")
                    last[name] = line
                    try:
                        match(decode(rest), decode(line), kept)
                    except Mismatch as mismatch:
                        raise Mismatch(f"{mismatch}\n  expected {rest}\n  got      {line.decode()[:2000]}") from None
            except Mismatch as mismatch:
                raise Mismatch(f"{path}:{number}: {name} {verb}: {mismatch}") from None
    finally:
        for peer in peers.values():
            peer.socket.close()


def main():
    parser = argparse.ArgumentParser(description="Plays transcripts of the local protocol against a daemon.")
    parser.add_argument("--socket", default=os.environ.get("IIID_SOCKET", "/run/iiid/iiid.sock"), help="default: IIID_SOCKET, else %(default)s")
    parser.add_argument("--timeout", type=float, default=30, help="how long to wait for a line, in seconds")
    parser.add_argument("--verbose", action="store_true", help="tell of each case, also of those that pass")
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    files = options.files or sorted((pathlib.Path(__file__).parent / "connected").glob("*.transcript"))
    passed, failed = 0, 0
    for path in files:
        for title, steps in cases(path):
            try:
                play(path, steps, options.socket, options.timeout)
            except Mismatch as mismatch:
                failed += 1
                print(f"FAILED {path.stem}: {title}\n  {mismatch}")
            except OSError as problem:
                sys.exit(f"{options.socket}: {problem.strerror}")
            else:
                passed += 1
                if options.verbose:
                    print(f"passed {path.stem}: {title}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
