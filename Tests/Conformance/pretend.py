#!/usr/bin/env python3
"""pretend.py --socket PATH FILE.transcript TITLE NAME

Pretends to be the daemon of one case towards a client that is tried: listens on PATH, takes one connection, expects of it what NAME
says in the transcript, and answers what NAME gets. Ends with 1, and tells where, when the client says something else.
"""
import argparse
import os
import pathlib
import socket
import sys

sys.dont_write_bytecode = True  # the kit's folder may be the system's
from replay import KIND, Mismatch, Number, Peer, cases, decode, encode, match

#: What stands in a line where the transcript leaves the value open.
SAMPLES = {"any": None, "string": "sample", "int": Number("1"), "number": Number("1"), "bool": True, "object": {}, "array": []}


def fill(value):
    """A value that the transcript's pattern stands for."""
    if isinstance(value, dict):
        return {name: fill(member) for name, member in value.items() if name != "…"}
    if isinstance(value, list):
        return [fill(element) for element in value]
    if isinstance(value, str):
        kind = KIND.fullmatch(value)
        return SAMPLES[kind[1]] if kind else value.replace("…", "sample")
    return value


def expect(expected, actual, ids):
    """A request may have any id, and `jsonrpc` or not; everything else of it is as in the transcript."""
    if not isinstance(actual, dict):
        raise Mismatch(f"a message expected, got {actual!r}")
    if "method" in expected and "id" in expected:
        if not isinstance(actual.get("id"), (str, Number)):
            raise Mismatch(f"a request with an id expected, got {encode(actual)}")
        ids[encode(expected["id"])] = actual["id"]
        actual = {**actual, "id": expected["id"]}
    if actual.get("jsonrpc") == "2.0":
        expected = {**expected, "jsonrpc": "2.0"}
    match(expected, actual, {})


def pretend(path, steps, name, connection):
    """Plays the daemon's side of the steps of one client."""
    peer, ids = Peer(connection, 30), {}
    for number, who, verb, rest in steps:
        if who != name:
            continue
        try:
            if verb == "→":
                line = peer.line()
                if line is None:
                    raise Mismatch("the client has ended")
                try:
                    expect(decode(rest), decode(line), ids)
                except ValueError as problem:
                    raise Mismatch(f"no JSON: {problem}") from None
            elif verb == "←":
                message = fill(decode(rest))
                message["jsonrpc"] = "2.0"
                if "method" not in message:
                    message["id"] = ids.get(encode(message.get("id")), message.get("id"))
                peer.send(encode(message).encode() + b"\n")
            elif verb in ("→end", "→close"):
                if peer.line() is not None:
                    raise Mismatch("the end expected")
            elif verb == "←end":
                connection.shutdown(socket.SHUT_WR)
            elif verb == "→bytes":
                raise SystemExit(f"{path}:{number}: bytes are for daemons, not for clients")
        except Mismatch as mismatch:
            raise Mismatch(f"{path}:{number}: {mismatch}") from None


def main():
    parser = argparse.ArgumentParser(description="Pretends to be the daemon of one case towards a client.")
    parser.add_argument("--socket", required=True, help="where to listen; nothing may be there")
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("title")
    parser.add_argument("name", help="which client of the case")
    options = parser.parse_args()
    found = [steps for title, steps in cases(options.file) if title == options.title]
    if not found or options.name not in {step[1] for step in found[0]}:
        sys.exit(f"{options.file}: no case {options.title!r} with a client {options.name!r}")
    with socket.socket(socket.AF_UNIX) as listener:
        # It is there when it listens, and not before.
        listener.bind(options.socket + ".new")
        listener.listen()
        os.rename(options.socket + ".new", options.socket)
        try:
            connection, _ = listener.accept()
        finally:
            os.unlink(options.socket)
    try:
        pretend(options.file, found[0], options.name, connection)
    except Mismatch as mismatch:
        sys.exit(f"FAILED {mismatch}")
    print("passed")


if __name__ == "__main__":
    main()
