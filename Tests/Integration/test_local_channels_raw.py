"""Channels of local programs by attach_channel: a connection that is an end, with the tools of the shell."""
import hashlib
import json
import os
import socket
import subprocess
import threading
import time

import pytest

from harness.local_client import LocalClient
from harness.place import eventually
from harness.programs import ROOT
from harness.sdk import VERSIONS, ChannelSDK
from harness.shell import function
from test_channels import Memory

MEBIBYTE = 1 << 20
MARK = 256 << 10


class Raw(LocalClient):
    """A connection that asks to be an end."""

    def attach(self, ref, behind=b""):
        self.send_bytes(json.dumps({"id": 1, "method": "attach_channel", "params": {"ref": ref}}).encode() + b"\n" + behind)
        return self

    def mode(self):
        return self.result(1)

    def read(self, count, seconds=20):
        """At least `count` bytes, unless the end comes first."""
        self.socket.settimeout(seconds)
        data, self.buffer = bytes(self.buffer), bytearray()
        while len(data) < count:
            piece = self.socket.recv(1 << 20)
            if not piece:
                break
            data += piece
        return data


def channel(client, **params):
    refs = client.call("create_channel", params)
    return refs["reader"], refs["writer"]


@pytest.fixture
def raw(iiid):
    def start(ref, behind=b""):
        client = Raw(iiid.socket)
        iiid.place.on_end(client.close)
        return client.attach(ref, behind)

    return start


def shell(iiid, line, **environment):
    return iiid.place.start("shell", ["bash", "-o", "pipefail", "-c", line], env=iiid.place.environment(IIID_SOCKET=iiid.socket, **environment),
                            stdout=subprocess.PIPE, text=True)


def request(ref):
    return json.dumps({"id": 1, "method": "attach_channel", "params": {"ref": ref}})


# What it is for

WRITE = 'socat -t 60 - UNIX-CONNECT:$IIID_SOCKET < <(echo "$REQUEST"; cat "$FILE")'
READ = 'echo "$REQUEST" | socat -t 60 - UNIX-CONNECT:$IIID_SOCKET | tail -n +2 | sha256sum | cut -c 1-64'


@pytest.mark.timeout(240)
def test_20_mib_from_cat_to_sha256sum(place, iiid, engine):
    """Both directions at once: cat into a channel, sha256sum out of it."""
    path = place.dir / "content"
    data = os.urandom(20 * MEBIBYTE)
    path.write_bytes(data)
    reader, writer = channel(iiid.client())
    with Memory(iiid=iiid.process, engine=engine.process) as memory:
        out = shell(iiid, READ, REQUEST=request(reader))
        into = shell(iiid, WRITE, REQUEST=request(writer), FILE=path)
        lines, _ = into.communicate(timeout=120)
        digest, _ = out.communicate(timeout=120)
    assert into.returncode == 0 and out.returncode == 0
    assert digest.strip() == hashlib.sha256(data).hexdigest()
    mode, end = [json.loads(line) for line in lines.splitlines()]
    assert mode["result"] == {"mode": "raw", "direction": "write"}
    assert end == {"jsonrpc": "2.0", "method": "channel_end", "params": {"bytes": len(data)}}
    print("growth in KiB:", memory.growth)
    assert memory.growth["iiid"] < 8 * 1024, memory.growth


@pytest.mark.timeout(240)
@pytest.mark.parametrize("version", VERSIONS)
def test_20_mib_to_and_from_python(place, iiid, engine, version):
    path, copy = place.dir / "content", place.dir / "copy"
    data = os.urandom(20 * MEBIBYTE)
    path.write_bytes(data)
    sdk = ChannelSDK(place, version, engine.url, "python")
    client = iiid.client()
    eventually(lambda: "python::write" in json.dumps(client.call("list_functions")), what="the worker in Python")
    reader, writer = channel(client)
    with Memory(iiid=iiid.process) as memory:
        reading = client.request("trigger", {"function_id": "python::read", "timeout_ms": 120000, "payload": {"reader": reader, "file": str(copy)}})
        into = shell(iiid, WRITE, REQUEST=request(writer), FILE=path)
        assert client.result(reading, 120)["bytes"] == len(data)
        into.communicate(timeout=60)
        assert hashlib.sha256(copy.read_bytes()).digest() == hashlib.sha256(data).digest()
        reader, writer = channel(client)
        out = shell(iiid, READ, REQUEST=request(reader))
        writing = client.request("trigger", {"function_id": "python::write", "timeout_ms": 120000,
                                             "payload": {"writer": writer, "file": str(path), "texts": ["beside the content"]}})
        digest, _ = out.communicate(timeout=120)
        assert client.result(writing, 60)["bytes"] == len(data)
    assert digest.strip() == hashlib.sha256(data).hexdigest()
    print("growth in KiB:", memory.growth)
    assert memory.growth["iiid"] < 8 * 1024, memory.growth
    assert sdk


def test_a_slow_reader_holds_the_writer_back(iiid, engine, raw):
    """160 MiB that nobody takes: nothing but the buffers on the way is filled, and nothing is lost."""
    reader, writer = channel(iiid.client())
    slow = raw(reader)
    total, piece = 160 * MEBIBYTE, os.urandom(MEBIBYTE)
    with Memory(iiid=iiid.process) as memory:
        fast = raw(writer)
        fast.mode()
        sent, hashed = 0, hashlib.sha256()
        assert slow.mode()["direction"] == "read"
        fast.socket.setblocking(False)
        quiet = time.monotonic()
        while time.monotonic() - quiet < 1:  # until it is held back
            try:
                count = fast.socket.send(piece[:total - sent])
            except BlockingIOError:
                time.sleep(0.01)
                continue
            hashed.update(piece[:count])
            sent, quiet = sent + count, time.monotonic()
            assert sent < 64 * MEBIBYTE, "nothing holds the writer back"
        got, received = 0, hashlib.sha256()
        slow.socket.settimeout(60)
        while got < total:
            if sent < total:
                try:
                    count = fast.socket.send(piece[:total - sent])
                    hashed.update(piece[:count])
                    sent += count
                except BlockingIOError:
                    pass
                if sent == total:
                    fast.half_close()
            data = slow.socket.recv(MEBIBYTE)
            assert data, f"the end after {got} bytes"
            received.update(data)
            got += len(data)
    assert slow.read(1) == b"" and received.digest() == hashed.digest()
    assert fast.receive(30)["params"] == {"bytes": total}
    print("growth in KiB:", memory.growth)
    assert memory.growth["iiid"] < 8 * 1024, memory.growth


@pytest.mark.parametrize("version", VERSIONS)
def test_a_python_callers_reference_arrives_at_a_shell_worker(place, iiid, engine, version):
    """A worker in bash gets references in a payload, and connects socat to both."""
    place.start("pipe.sh", ["socat", "-t", "60", f"UNIX-CONNECT:{iiid.socket}", f"EXEC:{ROOT}/examples/shell/channel-worker.sh"],
                env=place.environment(IIID_SOCKET=iiid.socket))
    client = iiid.client()
    eventually(lambda: function(iiid, "shell::checksum").get("state") == "active", what="the worker")
    sdk = ChannelSDK(place, version, engine.url, "python")
    refs = sdk.do("create_channel")
    path = place.dir / "content"
    path.write_bytes(os.urandom(3 * MEBIBYTE))
    summing = sdk.begin("trigger", request={"function_id": "shell::checksum", "payload": {"content": refs["reader"]}, "timeout_ms": 60000})
    assert sdk.trigger("python::write", {"writer": refs["writer"], "file": str(path)}) == {"bytes": 3 * MEBIBYTE}
    assert sdk.finish(summing, 60) == {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


# The way in


def test_bytes_behind_the_request_are_data(iiid, raw):
    reader, writer = channel(iiid.client())
    sender = raw(writer, b'{"id":2,"method":"ping"}\nand more')
    sender.half_close()
    assert sender.mode() == {"mode": "raw", "direction": "write"}
    assert sender.receive()["params"] == {"bytes": 33}
    sender.ended()
    receiver = raw(reader)
    receiver.mode()
    assert receiver.read(1000) == b'{"id":2,"method":"ping"}\nand more'


def test_requests_may_stand_before(iiid, raw):
    """More than a client gets in one turn: the switch comes at its place all the same."""
    reader, writer = channel(iiid.client())
    sender = Raw(iiid.socket)
    iiid.place.on_end(sender.close)
    pings = b"".join(b'{"id":"p%d","method":"ping"}\n' % n for n in range(50))
    sender.send_bytes(pings + request(writer).encode() + b"\n" + b"{" * 100_000)
    sender.half_close()
    assert [sender.receive()["id"] for _ in range(50)] == [f"p{n}" for n in range(50)]
    assert sender.mode() and sender.receive()["params"] == {"bytes": 100_000}
    receiver = raw(reader)
    receiver.mode()
    assert receiver.read(100_001) == b"{" * 100_000


def test_an_empty_content_has_an_end(iiid, raw):
    reader, writer = channel(iiid.client())
    sender = Raw(iiid.socket)
    sender.send_bytes(request(writer).encode())  # the end of the stream ends the line
    sender.half_close()
    receiver = raw(reader)
    assert receiver.mode() == {"mode": "raw", "direction": "read"}
    assert receiver.read(1) == b""
    assert sender.mode() and sender.receive()["params"] == {"bytes": 0}
    sender.ended()
    sender.close()


def test_a_client_that_closes_at_once_loses_nothing(iiid, raw):
    creator = iiid.client()
    for size in 0, 1, 100_000:
        reader, writer = channel(creator)
        sender = Raw(iiid.socket)
        sender.attach(writer, b"z" * size)
        sender.close()
        receiver = raw(reader)
        receiver.mode()
        assert receiver.read(size + 1) == b"z" * size
    eventually(lambda: iiid.status()["channels"] == 0, what="all ends are gone")


def refused(client):
    error = client.response(1)["error"]
    client.ended()
    return error


def test_a_refused_attach_ends_the_connection_and_reads_nothing_as_requests(iiid, raw):
    """What stands behind the request may be somebody's data: it must not become requests."""
    worker = iiid.client()
    worker.register("never::called")
    evil = b'{"id":2,"method":"trigger","params":{"function_id":"never::called"}}\n' * 3
    reader, writer = channel(iiid.client())
    nobody = refused(raw({**writer, "channel_id": "nobody"}, evil))
    assert (nobody["code"], nobody["data"]["code"]) == (-32004, "channel_not_found")
    key = refused(raw({**reader, "access_key": "wr&ong"}, evil))
    assert key["data"]["code"] == "channel_not_found" and "wr&ong" not in json.dumps(key)
    assert refused(raw({"channel_id": "c"}, evil))["data"]["code"] == "INVALID_PARAMS"
    busy = Raw(iiid.socket)
    busy.call("subscribe", {"events": ["connection"], "snapshot": False})
    error = refused(busy.attach(writer, evil))
    assert error["data"]["code"] == "INVALID_REQUEST" and "subscriptions" in error["message"]
    worker.quiet()
    assert iiid.status()["channels"] == 0


def test_only_a_connection_with_nothing_else_becomes_an_end(iiid):
    _, writer = channel(iiid.client())

    def error(prepare):
        client = Raw(iiid.socket)
        prepare(client)
        client.request("attach_channel", {"ref": writer}, id="a")
        message = client.response("a")["error"]["message"]
        client.close()
        return message

    slow = iiid.client()
    slow.register("slow::f")
    assert "requests that are not answered" in error(lambda c: c.request("trigger", {"function_id": "slow::f"}))
    assert "functions" in error(lambda c: c.register("own::f"))
    client = iiid.client()
    client.send([{"id": 1, "method": "attach_channel", "params": {"ref": writer}}])
    assert "cannot stand in a batch" in json.loads(client.receive_line())[0]["error"]["message"]
    assert client.call("ping"), "a batch is no raw connection"
    client.send({"method": "attach_channel", "params": {"ref": writer}})
    assert client.receive()["error"]["data"]["code"] == "INVALID_REQUEST"
    client.ended()


def test_an_end_is_taken_once(iiid, raw):
    reader, writer = channel(iiid.client())
    first, other = raw(reader), raw(writer)
    first.mode(), other.mode()
    for ref in reader, writer:
        error = refused(raw(ref))
        assert (error["code"], error["data"]["code"], error["data"]["reason"]) == (-32011, "CHANNEL_CLOSED", "taken")
    other.send_bytes(b"still")
    assert first.read(5) == b"still"


# The way out


def test_a_client_killed_in_mid_stream(place, iiid, raw):
    """The other end hears of an end; the daemon holds nothing of it; others notice nothing."""
    creator = iiid.client()
    reader, writer = channel(creator)
    process = place.start("writer", ["bash", "-c", 'socat -t 60 - UNIX-CONNECT:"$IIID_SOCKET" < <(echo "$REQUEST"; yes) & echo $!; wait'],
                          env=place.environment(IIID_SOCKET=iiid.socket, REQUEST=request(writer)), stdout=subprocess.PIPE)
    receiver = raw(reader)
    receiver.mode()
    assert receiver.read(100_000).startswith(b"y\ny\n")
    os.kill(int(process.stdout.readline()), 9)
    while receiver.read(1):
        pass
    eventually(lambda: iiid.status()["channels"] == 0, what="the ends are gone")
    # A reader that is killed: the writer hears it, a few messages later.
    reader, writer = channel(creator)
    sender, receiver = raw(writer), raw(reader)
    sender.mode(), receiver.mode()
    receiver.close()
    with pytest.raises((BrokenPipeError, ConnectionResetError)):
        while True:
            sender.send_bytes(b"for nobody" * 10_000)
    error = sender.receive()["error"]
    assert (error["code"], error["data"]["reason"]) == (-32011, "lost") and error["data"]["bytes"] > 0
    eventually(lambda: iiid.status()["channels"] == 0, what="the ends are gone")


def test_a_client_that_never_reads_costs_a_buffer(iiid, raw):
    creator = iiid.client()
    iiid.worker({"witness::f": lambda params: params["payload"]})
    with Memory(iiid=iiid.process) as memory:
        writers = []
        for _ in range(8):
            reader, writer = channel(creator)
            raw(reader)
            sender = raw(writer)
            sender.mode()
            sender.socket.setblocking(False)
            writers.append(sender)
        quiet = time.monotonic()
        while time.monotonic() - quiet < 1:
            for sender in writers:
                try:
                    while sender.socket.send(b"x" * MEBIBYTE):
                        quiet = time.monotonic()
                except BlockingIOError:
                    pass
            time.sleep(0.01)
        assert creator.trigger("witness::f", 7) == 7
    print("growth in KiB:", memory.growth)
    assert memory.growth["iiid"] < 8 * (4 * MARK >> 10) + 4096, memory.growth
    for sender in writers:
        sender.close()


def lost_by_the_kernel(client):
    try:
        while client.read(1):
            pass
    except ConnectionResetError:
        return True
    return False


@pytest.mark.parametrize("what", ["engine", "daemon", "end"])
def test_an_end_and_a_loss_are_told_apart(iiid, engine, raw, what):
    """A reader that has sent a byte gets a reset for a loss, whoever died; a writer its last line, or none."""
    reader, writer = channel(iiid.client())
    receiver, sender = raw(reader), raw(writer)
    receiver.mode(), sender.mode()
    receiver.send_bytes(b"\n")
    sender.send_bytes(b"content")
    assert receiver.read(7) == b"content"
    if what == "end":
        sender.half_close()
        assert not lost_by_the_kernel(receiver)
        assert sender.receive()["params"] == {"bytes": 7}
        return sender.ended()
    (engine.process if what == "engine" else iiid.process).kill()
    assert lost_by_the_kernel(receiver)
    if what == "engine":
        error = sender.receive()["error"]
        assert (error["data"]["code"], error["data"]["reason"]) == ("CHANNEL_CLOSED", "lost")
    sender.ended()


def test_a_drain_lets_a_transfer_end(iiid, raw):
    reader, writer = channel(iiid.client())
    receiver, sender = raw(reader), raw(writer)
    receiver.mode(), sender.mode()
    iiid.terminate()
    iiid.notify.wait("STOPPING=1")
    sender.send_bytes(b"x" * MEBIBYTE)
    sender.half_close()
    assert len(receiver.read(MEBIBYTE + 1)) == MEBIBYTE
    assert sender.receive()["params"] == {"bytes": MEBIBYTE}
    assert iiid.wait() == 0


def test_a_drain_ends_what_does_not_end(daemon, engine):
    iiid = daemon(engine.url, "--drain-timeout-ms", "300")
    reader, writer = channel(iiid.client())
    receiver, sender = Raw(iiid.socket).attach(reader), Raw(iiid.socket).attach(writer)
    receiver.mode(), sender.mode()
    receiver.send_bytes(b"\n")
    iiid.terminate()
    assert lost_by_the_kernel(receiver)
    assert sender.receive()["error"]["data"]["reason"] == "shutdown"
    assert iiid.wait() == 0
    receiver.close(), sender.close()


def test_a_drain_does_not_call_a_loss_an_end(daemon, engine):
    """A reader that has not taken everything when the daemon goes: what is missing must not look complete."""
    iiid = daemon(engine.url, "--drain-timeout-ms", "300")
    reader, writer = channel(iiid.client())
    receiver, sender = Raw(iiid.socket).attach(reader), Raw(iiid.socket).attach(writer)
    receiver.mode(), sender.mode()
    receiver.send_bytes(b"\n")
    sender.send_bytes(bytes(MEBIBYTE))
    sender.half_close()
    iiid.terminate()
    assert iiid.wait() == 0
    assert lost_by_the_kernel(receiver)
    receiver.close(), sender.close()


def test_keys_stand_in_no_log(daemon, engine):
    iiid = daemon(engine.url, "--log-level", "debug")
    client = iiid.client()
    reader, writer = channel(client)
    receiver, sender = Raw(iiid.socket).attach(reader), Raw(iiid.socket).attach({**writer, "channel_id": "nobody"})
    receiver.mode(), refused(sender)
    client.call("write_channel", {"ref": writer, "text": "x", "eof": True})
    client.error_of("read_channel", {"ref": reader})
    receiver.close(), sender.close()
    eventually(lambda: iiid.status()["channels"] == 0, what="the ends are gone")
    log = iiid.log()
    assert reader["channel_id"] in log
    assert reader["access_key"] not in log and writer["access_key"] not in log


def test_the_examples_of_the_shell(place, iiid):
    environment = place.environment(IIID_SOCKET=iiid.socket)
    place.start("worker", ["socat", "-t", "35", f"UNIX-CONNECT:{iiid.socket}", f"EXEC:{ROOT}/examples/shell/channel-worker.sh"], env=environment)
    eventually(lambda: "shell::checksum" in json.dumps(iiid.client().call("list_functions", {"local": True})), what="the worker")
    data = os.urandom(2 * MEBIBYTE)

    def call(function_id, content):
        return subprocess.run([ROOT / "examples/shell/channel-call.sh", function_id], input=content, capture_output=True, timeout=60, env=environment)

    for content in data, b"":
        done = call("shell::checksum", content)
        assert json.loads(done.stdout) == {"sha256": hashlib.sha256(content).hexdigest()}, done.stderr
        assert done.returncode == 0
    done = call("no::such", bytes(64 * MEBIBYTE))
    assert done.returncode == 1 and b"not_found" in done.stderr and not done.stdout
    line = json.dumps({"id": 1, "method": "trigger", "params": {"function_id": "shell::checksum", "payload": {"content": "$(id)"}}})
    done = subprocess.run(["socat", "-t", "35", "-", f"UNIX-CONNECT:{iiid.socket}"], input=line.encode(), capture_output=True, timeout=60)
    assert json.loads(done.stdout)["error"]["data"]["code"] == "NO_CONTENT"


# Time and change


def tcp_timers(pid):
    """The state of the timer of each TCP connection of a process, as /proc/net/tcp has it: 02 is keepalive."""
    inodes = set()
    for number in os.listdir(f"/proc/{pid}/fd"):
        try:
            inodes.add(os.readlink(f"/proc/{pid}/fd/{number}").removeprefix("socket:[").rstrip("]"))
        except FileNotFoundError:
            pass
    rows = [line.split() for line in open("/proc/net/tcp").readlines()[1:]]
    return [row[5].split(":")[0] for row in rows if row[9] in inodes]


def test_a_machine_that_is_gone_is_noticed_by_the_kernel(iiid, raw):
    """An engine sends nothing on an idle channel, and is asked nothing: only keepalive tells that it is still there."""
    assert "02" not in tcp_timers(iiid.pid)
    reader, _ = channel(iiid.client())
    raw(reader).mode()
    eventually(lambda: tcp_timers(iiid.pid).count("02") == 1, what="keepalive of the channel's connection")


def test_a_reader_has_all_the_time_it_wants_for_what_has_arrived(iiid, raw):
    """Longer than a closing connection is waited for: nothing of the rest is cut."""
    reader, writer = channel(iiid.client())
    receiver, sender = raw(reader), raw(writer)
    receiver.mode()
    data = os.urandom(800_000)
    sender.send_bytes(data)
    sender.half_close()
    assert sender.mode() and sender.receive()["params"] == {"bytes": len(data)}
    time.sleep(3)  # what does not happen takes time
    assert receiver.read(len(data) + 1) == data
    eventually(lambda: iiid.status()["channels"] == 0, what="the ends are gone")


def test_what_does_not_move_any_more_is_given_up(place, daemon, engine):
    """A writer that is gone, and a reader that never reads: its channel is not kept for ever."""
    config = place.dir / "iiid.conf"
    config.write_text("[limits]\noutput_stall_ms = 1000\n")
    iiid = daemon(engine.url, "--config", config)
    reader, writer = channel(iiid.client(), buffer_size=1)
    receiver, sender = Raw(iiid.socket).attach(reader), Raw(iiid.socket).attach(writer)
    receiver.mode(), sender.mode()
    sender.socket.settimeout(1)
    with pytest.raises(TimeoutError):
        while True:
            sender.socket.sendall(bytes(MEBIBYTE))
    sender.close()
    eventually(lambda: iiid.status()["channels"] == 1, 20, what="the writing end is given up")
    receiver.close()


def test_a_reload_in_the_middle_of_a_transfer(place, daemon, engine):
    config = place.dir / "iiid.conf"
    config.write_text("")
    iiid = daemon(engine.url, "--config", config)
    client = iiid.client()
    reader, writer = channel(client)
    receiver, sender = Raw(iiid.socket).attach(reader), Raw(iiid.socket).attach(writer)
    receiver.mode(), sender.mode()
    config.write_text("[limits]\noutput_bytes = 16777216\nchannels = 2\n")
    assert {change["key"] for change in client.call("reload")["changed"]} == {"limits.output_bytes", "limits.channels"}
    assert client.error_of("read_channel", {"ref": channel(client)[0]}).code == "OVERLOADED"
    data = os.urandom(4 * MEBIBYTE)
    into = threading.Thread(target=lambda: (sender.send_bytes(data), sender.half_close()))
    into.start()
    assert receiver.read(len(data) + 1) == data
    into.join()
    assert sender.receive(20)["params"] == {"bytes": len(data)}
    receiver.close(), sender.close()


def test_without_an_engine_there_is_no_end(iiid, engine, raw):
    reader, writer = channel(iiid.client())
    engine.kill()
    for ref in reader, writer:
        error = refused(raw(ref, b"content"))
        assert (error["code"], error["data"]["code"], error["data"]["retryable"]) == (-32002, "NOT_CONNECTED", True)
