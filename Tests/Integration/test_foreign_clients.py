"""JSON-RPC libraries that know nothing of iiid speak with it: each brings its own idea of ids, errors and batches.

aiorpcx (PyPI, of the Electrum servers) has the same framing: nothing lies between it and the socket. jsonrpcclient and json-rpc (PyPI)
make and read messages, and a socket's file is their transport. sourcegraph/jsonrpc2 (Debian, of language servers in Go) is
used without a framing of its own.
"""
import asyncio
import json
import os
import socket
import subprocess
import threading

import aiorpcx
import jsonrpcclient
import pytest
from jsonrpc import Dispatcher, JSONRPCResponseManager
from jsonrpc.exceptions import JSONRPCDispatchException

from harness.place import eventually
from harness.programs import ROOT


def echo(params):
    return params["payload"]


def fail(params):
    raise LookupError("no such thing")


@pytest.fixture
def served(iiid):
    """A daemon with two functions."""
    iiid.worker({"foreign::echo": echo, "foreign::fail": fail})
    return iiid


# aiorpcx


def with_aiorpcx(iiid, work, session=aiorpcx.RPCSession):
    async def main():
        async with aiorpcx.connect_us(str(iiid.socket), session_factory=session) as connected:
            return await work(connected)

    return asyncio.run(asyncio.wait_for(main(), 40))


def test_aiorpcx_calls(served):
    async def work(session):
        return [await session.send_request("trigger", {"function_id": "foreign::echo", "payload": payload})
                for payload in (None, "grün ☃", [2**64 - 1, -2**63], {"text": "x" * 70_000}["text"], [])]

    assert with_aiorpcx(served, work) == [None, "grün ☃", [2**64 - 1, -2**63], "x" * 70_000, []]


def test_aiorpcx_calls_at_once(served):
    async def work(session):
        return await asyncio.gather(*(session.send_request("trigger", {"function_id": "foreign::echo", "payload": n}) for n in range(50)))

    assert with_aiorpcx(served, work) == list(range(50))


@pytest.mark.parametrize("method, params, code, message", [
    ("trigger", {"function_id": "foreign::fail"}, -32000, "LookupError: no such thing"),
    ("trigger", {"function_id": "foreign::nobody"}, -32004, "function_not_found: "),
    ("trigger", {"function": "foreign::echo"}, -32602, 'INVALID_PARAMS: unknown member "function"'),
    ("trigger", ["foreign::echo", 1], -32602, "INVALID_PARAMS: params must be an object"),
    ("no_such_method", {}, -32601, "METHOD_NOT_FOUND: "),
])
def test_aiorpcx_gets_errors(served, method, params, code, message):
    async def work(session):
        with pytest.raises(aiorpcx.RPCError) as raised:
            await session.send_request(method, params)
        assert (await session.send_request("ping"))["now"] > 0, "the connection goes on"
        return raised.value

    error = with_aiorpcx(served, work)
    assert error.code == code and error.message.startswith(message), error


def test_aiorpcx_batch(served):
    async def work(session):
        async with session.send_batch() as batch:
            batch.add_request("ping")
            batch.add_notification("ping")
            batch.add_request("no_such_method")
            batch.add_request("trigger", {"function_id": "foreign::echo", "payload": "last"})
        return batch.results

    ping, error, last = with_aiorpcx(served, work)
    assert ping["now"] > 0 and error.code == -32601 and last == "last"


def test_aiorpcx_notification(served):
    """A call that nobody waits for arrives."""
    called = []
    served.worker({"foreign::noted": lambda params: called.append(params["payload"])})

    async def work(session):
        await session.send_notification("trigger", {"function_id": "foreign::noted", "payload": 7})
        await session.send_request("ping")

    with_aiorpcx(served, work)
    eventually(lambda: called == [7], what="the call")


def test_aiorpcx_as_a_worker(served):
    """Requests in both directions on one connection: while it is being called, the worker calls and is told to give up."""
    heard = []

    class Worker(aiorpcx.RPCSession):
        async def handle_request(self, request):
            if not isinstance(request, aiorpcx.Request):
                heard.append((request.method, request.args["reason"]))
                return None
            payload = request.args["payload"]
            if payload == "fail":
                raise aiorpcx.RPCError(42, "as JSON-RPC has it")
            if payload == "hang":
                return await asyncio.sleep(1, "too late")
            return {"passed on": await self.send_request("trigger", {"function_id": "foreign::echo", "payload": payload})}

    caller = served.client()

    async def work(session):
        for function, timeout in (("foreign::aiorpcx", 30_000), ("foreign::aiorpcx-late", 200)):
            registered = await session.send_request("register_function", {"function_id": function, "max_in_flight": 8, "timeout_ms": timeout})
            assert registered["state"] == "active"

        def call():
            assert caller.trigger("foreign::aiorpcx", [1, 2]) == {"passed on": [1, 2]}
            error = caller.error_of("trigger", {"function_id": "foreign::aiorpcx", "payload": "fail"})
            assert (error.number, error.code, error.message) == (-32000, "invocation_failed", "invocation_failed: as JSON-RPC has it")
            assert caller.error_of("trigger", {"function_id": "foreign::aiorpcx-late", "payload": "hang"}).code == "TIMEOUT"
            ids = [caller.request("trigger", {"function_id": "foreign::aiorpcx", "payload": n}) for n in range(20)]
            assert [caller.result(id) for id in ids] == [{"passed on": n} for n in range(20)]

        await asyncio.get_running_loop().run_in_executor(None, call)

    with_aiorpcx(served, work, Worker)
    assert heard == [("cancel", "deadline")]


# jsonrpcclient and json-rpc


@pytest.fixture
def stream(served):
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(30)
    connection.connect(str(served.socket))
    with connection, connection.makefile("rw", encoding="utf-8") as file:
        yield file


def ask(stream, message):
    print(message, file=stream, flush=True)
    return jsonrpcclient.parse_json(stream.readline())


@pytest.mark.parametrize("make", [jsonrpcclient.request_json, jsonrpcclient.request_json_uuid, jsonrpcclient.request_json_hex,
                                  jsonrpcclient.request_json_random])
def test_jsonrpcclient_calls(stream, make):
    answer = ask(stream, make("trigger", params={"function_id": "foreign::echo", "payload": ["grün", 1.5]}))
    assert isinstance(answer, jsonrpcclient.Ok) and answer.result == ["grün", 1.5]


def test_jsonrpcclient_errors_batches_and_notifications(stream):
    failed = ask(stream, jsonrpcclient.request_json("trigger", params={"function_id": "foreign::fail"}))
    assert isinstance(failed, jsonrpcclient.Error)
    assert (failed.code, failed.data["code"], failed.data["source"]) == (-32000, "LookupError", "worker")
    print(jsonrpcclient.notification_json("ping"), file=stream)
    requests = [jsonrpcclient.request("ping", id="a"), jsonrpcclient.notification("ping"), jsonrpcclient.request("ping", params=("position",), id="b")]
    answers = {answer.id: answer for answer in ask(stream, json.dumps(requests))}
    assert isinstance(answers["a"], jsonrpcclient.Ok) and answers["b"].code == -32602 and len(answers) == 2


def test_json_rpc_as_a_worker(served, stream):
    """Its dispatcher answers `invoke` lines as it would answer any request."""
    dispatcher = Dispatcher()

    @dispatcher.add_method
    def invoke(payload, function_id, **_):
        if payload == "known":
            raise JSONRPCDispatchException(code=7, message="a known problem")
        return {function_id: payload["text"][::-1]}

    registered = ask(stream, jsonrpcclient.request_json("register_function", params={"function_id": "foreign::reverse"}))
    assert registered.result["state"] == "active"
    answered = []

    def serve():
        for line in stream:
            answer = JSONRPCResponseManager.handle(line, dispatcher)
            if answer:  # a notification has none
                answered.append(answer)
                print(answer.json, file=stream, flush=True)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    caller = served.client()
    assert caller.trigger("foreign::reverse", {"text": "grün"}) == {"foreign::reverse": "nürg"}
    for payload, message in (("known", "a known problem"), ({}, "Server error")):
        error = caller.error_of("trigger", {"function_id": "foreign::reverse", "payload": payload})
        assert (error.number, error.code, error.message) == (-32000, "invocation_failed", f"invocation_failed: {message}")
    assert caller.trigger("foreign::reverse", {"text": ""}) == {"foreign::reverse": ""}
    assert len(answered) == 4
    served.terminate()
    thread.join(20)
    assert not thread.is_alive(), "the worker ends with the daemon"


# sourcegraph/jsonrpc2


@pytest.fixture(scope="module")
def peer(tmp_path_factory):
    program = tmp_path_factory.mktemp("foreign") / "jsonrpc2-peer"
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": str(ROOT / ".build/go-cache")}
    done = subprocess.run(["go", "build", "-o", program, ROOT / "Tests/Tools/jsonrpc2-peer/main.go"], env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return program


def test_go_client_calls(served, peer):
    def run(method, params):
        return subprocess.run([peer, served.socket, "call", method, json.dumps(params)], capture_output=True, text=True, timeout=30)

    done = run("trigger", {"function_id": "foreign::echo", "payload": {"n": 2**64 - 1, "text": "grün"}})
    assert done.returncode == 0 and json.loads(done.stdout).items() >= {"n": 2**64 - 1, "text": "grün"}.items(), done.stderr
    failed = run("trigger", {"function_id": "foreign::fail"})
    error = json.loads(failed.stderr)
    assert failed.returncode == 1 and (error["code"], error["data"]["code"]) == (-32000, "LookupError")
    assert json.loads(run("no_such_method", {}).stderr)["code"] == -32601


def test_go_client_as_a_worker(served, peer):
    """It answers calls by calls of its own, on one connection."""
    worker = served.place.start("jsonrpc2-peer", [peer, served.socket, "serve", "foreign::go", "foreign::echo"])
    eventually(lambda: '"active"' in worker.log_path.read_text(), 20, what="the registration")
    caller = served.client()
    ids = [caller.request("trigger", {"function_id": "foreign::go", "payload": n}) for n in range(20)]
    assert [caller.result(id) for id in ids] == list(range(20))
    failing = served.place.start("jsonrpc2-peer", [peer, served.socket, "serve", "foreign::go-fails", "foreign::fail"])
    eventually(lambda: '"active"' in failing.log_path.read_text(), 20, what="the registration")
    error = caller.error_of("trigger", {"function_id": "foreign::go-fails"})
    assert error.code == "invocation_failed" and "LookupError: " in error.message
    served.terminate()
    assert worker.wait(20) == 0, "the worker ends with the daemon"
