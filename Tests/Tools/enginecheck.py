#!/usr/bin/env python3
"""Plays scripted conversations against an engine and compares what it answers.

    enginecheck.py --url ws://127.0.0.1:49134 [--rbac-url URL] [--hooks-url URL] [--engine 0.23] CASE.json...

A case is a JSON object: `case`, `about`, `steps`, and optionally `engines` (the versions on which it holds; absent: all)
and `embedded` (false: a quirk of the real engine's JSON library that an embedded engine need not have; left out with --embedded).
A step is an array; C is the name of a connection:

    ["join", C, {name?, namespace?, listener?, path?}]  open, expect workerregistered (its id becomes $C), announce as a worker, await success
    ["open", C, {path?, listener?}]                     open only
    ["open_fails", {path, listener?}, STATUS]           the upgrade is answered with that HTTP status
    ["send", C, FRAME]  ["send_text", C, TEXT]  ["send_binary", C, BASE64]
    ["expect", C, PATTERN, seconds?]                    the next frame matches
    ["expect_unordered", C, [PATTERN...], seconds?]     the next frames match these, in any order
    ["expect_binary", C, BASE64, seconds?]
    ["quiet", C, seconds]                               nothing arrives
    ["close", C, CODE]  ["drop", C]                     our end closes with a code, or TCP just ends
    ["expect_close", C, CODE or null, seconds?]         their end closes (null: no close frame at all, any code: "*")
    ["sleep", seconds]  ["uuid", NAME]                  "$NAME" becomes a fresh UUID
    ["expect_text", C, PART, seconds?]                  the next frame contains that text, byte for byte
    ["send_sized", C, HEAD, TAIL, N, FRAGMENT]          HEAD, N times x, TAIL; in fragments of that size (0: one frame)
    ["expect_sized", C, N, seconds]                     the next frame holds at least N times x

Patterns: objects match member by member, and no further members may be there unless the pattern has "...": true.
"$name" takes any value the first time and the same value afterwards; "*" any value; "*uuid", "*string", "*int", "*list", "*object"
a value of that kind; "~text" a string that contains text; "*absent" a member that is not there.
In frames that are sent, "$name" is the taken value (in texts "${name}"), and "#name" a fresh UUID that "$name" then equals.
"""
import argparse, asyncio, base64, json, re, sys, time, uuid
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

UUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")


class Mismatch(Exception):
    pass


def match(pattern, value, names, at="frame"):
    if isinstance(pattern, str):
        if pattern.startswith("$"):
            if pattern not in names:
                names[pattern] = value
            elif names[pattern] != value:
                raise Mismatch(f"{at}: {value!r} is not {pattern} = {names[pattern]!r}")
            return
        if pattern.startswith("~"):
            if not isinstance(value, str) or pattern[1:] not in value:
                raise Mismatch(f"{at}: {value!r} does not contain {pattern[1:]!r}")
            return
        if pattern.startswith("*"):
            ok = {"*": True, "*uuid": isinstance(value, str) and bool(UUID.match(value)), "*string": isinstance(value, str),
                  "*int": isinstance(value, int) and not isinstance(value, bool), "*list": isinstance(value, list), "*object": isinstance(value, dict)}[pattern]
            if not ok:
                raise Mismatch(f"{at}: {value!r} is no {pattern}")
            return
    if isinstance(pattern, dict):
        if not isinstance(value, dict):
            raise Mismatch(f"{at}: {value!r} is no object")
        for key, inner in pattern.items():
            if key == "...":
                continue
            if inner == "*absent":
                if key in value:
                    raise Mismatch(f"{at}.{key}: is there, {value[key]!r}")
            elif key not in value:
                raise Mismatch(f"{at}.{key}: missing in {json.dumps(value)[:600]}")
            else:
                match(inner, value[key], names, f"{at}.{key}")
        extra = set(value) - set(pattern)
        if extra and not pattern.get("..."):
            raise Mismatch(f"{at}: unexpected member(s) {sorted(extra)} in {json.dumps(value)[:600]}")
        return
    if isinstance(pattern, list):
        if not isinstance(value, list) or len(value) != len(pattern):
            raise Mismatch(f"{at}: {json.dumps(value)[:400]} is not a list of {len(pattern)}")
        for i, (p, v) in enumerate(zip(pattern, value)):
            match(p, v, names, f"{at}[{i}]")
        return
    if pattern != value or type(pattern) is not type(value):
        raise Mismatch(f"{at}: {value!r}, expected {pattern!r}")


def fill(frame, names):
    if isinstance(frame, str):
        if frame.startswith("#"):
            names["$" + frame[1:]] = str(uuid.uuid4())
            return names["$" + frame[1:]]
        for name, value in names.items():
            if frame == name:
                return value
            if isinstance(value, str):
                frame = frame.replace("${" + name[1:] + "}", value)
        return frame
    if isinstance(frame, dict):
        return {k: fill(v, names) for k, v in frame.items()}
    if isinstance(frame, list):
        return [fill(v, names) for v in frame]
    return frame


def match_frame(engine, pattern, frame, names):
    """0.13 adds a traceparent to everything, and knows no reattach token."""
    if engine == "0.13":
        frame = {k: v for k, v in frame.items() if k in pattern or k not in ("traceparent", "baggage")}
        pattern = {k: v for k, v in pattern.items() if k != "reattach_token"}
    match(pattern, frame, names)


class Play:
    def __init__(self, engine, urls, patience):
        self.engine, self.urls, self.patience, self.conns, self.names = engine, urls, patience, {}, {}

    async def open(self, options):
        base = self.urls[options.get("listener", "main")]
        if base is None:
            raise LookupError("listener")
        return await connect(base.rstrip("/") + fill(options.get("path", "/"), self.names), compression=None, ping_interval=None,
                             max_size=None, additional_headers=options.get("headers"))

    async def receive(self, c, seconds):
        return await asyncio.wait_for(self.conns[c].recv(), seconds or self.patience)

    async def step(self, step):
        op, *a = step
        if op == "sleep":
            await asyncio.sleep(a[0])
        elif op == "open":
            self.conns[a[0]] = await self.open(a[1] if len(a) > 1 else {})
        elif op == "open_fails":
            try:
                ws = await self.open(a[0])
            except InvalidStatus as e:
                if e.response.status_code != a[1]:
                    raise Mismatch(f"HTTP {e.response.status_code}, expected {a[1]}")
            else:
                await ws.close()
                raise Mismatch(f"the upgrade succeeded, expected HTTP {a[1]}")
        elif op == "join":
            c, o = a[0], (a[1] if len(a) > 1 else {})
            self.names.pop("$" + c, None)
            ws = self.conns[c] = await self.open(o)
            match({"type": "workerregistered", "worker_id": "$" + c, "...": True}, json.loads(await self.receive(c, None)), self.names)
            call, data = str(uuid.uuid4()), {"runtime": "check", "version": "1", "name": o.get("name", c), "os": "any", "pid": 1}
            if "namespace" in o:
                data["namespace"] = o["namespace"]
            await ws.send(json.dumps({"type": "invokefunction", "invocation_id": call, "function_id": "engine::workers::register", "data": data}))
            while True:
                answer = json.loads(await self.receive(c, None))
                if answer.get("invocation_id") == call:
                    break
            if answer.get("error"):
                raise Mismatch(f"announce of {c}: {answer['error']}")
        elif op == "send":
            await self.conns[a[0]].send(json.dumps(fill(a[1], self.names), ensure_ascii=False))
        elif op == "send_text":
            await self.conns[a[0]].send(fill(a[1], self.names))
        elif op == "uuid":
            self.names["$" + a[0]] = str(uuid.uuid4())
        elif op == "expect_text":
            got = await self.receive(a[0], a[2] if len(a) > 2 else None)
            if a[1] not in got:
                raise Mismatch(f"{a[1][:200]} is not in {got[:400]}")
        elif op == "send_sized":
            text = fill(a[1], self.names) + "x" * a[3] + a[2]
            try:
                await self.conns[a[0]].send([text[i:i + a[4]] for i in range(0, len(text), a[4])] if a[4] else text)
            except ConnectionClosed:
                pass  # the next step tells whether it had to
        elif op == "expect_sized":
            got = await self.receive(a[0], a[2])
            if got.count("x") < a[1]:
                raise Mismatch(f"{len(got)} characters, expected {a[1]} x in them")
        elif op == "send_binary":
            await self.conns[a[0]].send(base64.b64decode(a[1]))
        elif op == "expect":
            got = json.loads(await self.receive(a[0], a[2] if len(a) > 2 else None))
            match_frame(self.engine, a[1], got, self.names)
        elif op == "expect_unordered":
            left = list(a[1])
            while left:
                got = json.loads(await self.receive(a[0], a[2] if len(a) > 2 else None))
                for p in left:
                    trial = dict(self.names)
                    try:
                        match_frame(self.engine, p, got, trial)
                    except Mismatch:
                        continue
                    self.names = trial
                    left.remove(p)
                    break
                else:
                    raise Mismatch(f"no pattern left matches {json.dumps(got)[:600]}")
        elif op == "expect_binary":
            got = await self.receive(a[0], a[2] if len(a) > 2 else None)
            if got != base64.b64decode(a[1]):
                raise Mismatch(f"got {got!r}")
        elif op == "quiet":
            try:
                got = await self.receive(a[0], a[1])
            except asyncio.TimeoutError:
                return
            raise Mismatch(f"quiet, but got {got[:600]!r}")
        elif op == "close":
            await self.conns.pop(a[0]).close(a[1] if len(a) > 1 else 1000)
        elif op == "drop":
            self.conns.pop(a[0]).transport.abort()
        elif op == "expect_close":
            try:
                got = await self.receive(a[0], a[2] if len(a) > 2 else None)
            except ConnectionClosed as e:
                code = e.rcvd.code if e.rcvd else None
                if a[1] != "*" and code != a[1]:
                    raise Mismatch(f"closed with {code}, expected {a[1]}")
                return
            raise Mismatch(f"close expected, but got {got[:600]!r}")
        else:
            raise ValueError(op)

    async def end(self):
        for ws in self.conns.values():
            ws.transport.abort()
        await asyncio.sleep(0.05)


async def play(case, engine, urls, patience):
    p = Play(engine, urls, patience)
    for i, step in enumerate(case["steps"]):
        try:
            await p.step(step)
        except LookupError:
            return "skipped"
        except (Mismatch, asyncio.TimeoutError, ConnectionClosed, OSError, InvalidStatus) as e:
            why = f"step {i + 1} {json.dumps(step)[:200]}: {type(e).__name__} {e}"
            await p.end()
            return why
    await p.end()
    return None


async def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ap.add_argument("--url", required=True)
    ap.add_argument("--rbac-url", help="a listener with the access rules that the README beside the cases gives")
    ap.add_argument("--hooks-url", help="likewise, with middleware and registration hooks")
    ap.add_argument("--engine", default="0.23", help="the engine version whose behaviour is asked for")
    ap.add_argument("--embedded", action="store_true", help="leave out what only a real engine has to do")
    ap.add_argument("--patience", type=float, default=3.0, help="seconds to wait for an expected frame")
    ap.add_argument("cases", nargs="+")
    o = ap.parse_args()
    passed = failed = skipped = 0
    for path in o.cases:
        with open(path) as f:
            loaded = json.load(f)
        for case in loaded if isinstance(loaded, list) else [loaded]:
            if o.engine not in case.get("engines", [o.engine]) or o.embedded and not case.get("embedded", True):
                continue
            why = await play(case, o.engine, {"main": o.url, "rbac": o.rbac_url, "hooks": o.hooks_url}, o.patience)
            if why is None:
                passed += 1
                print("ok     ", case["case"])
            elif why == "skipped":
                skipped += 1
                print("skipped", case["case"])
            else:
                failed += 1
                print("FAILED ", case["case"], "\n        ", why)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    asyncio.run(main())
