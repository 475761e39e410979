"""Channels between the SDK in Swift and the real Python SDK, on the development engine, in both directions."""
import hashlib
import os
import threading
import time
import uuid

import pytest

from harness.programs import resident_kilobytes
from harness.sdk import VERSIONS, ChannelSDK
from harness.steered import SteeredError
from test_tls import Authority, terminator

MEBIBYTE = 1 << 20


@pytest.fixture
def python(place, engine):
    """Starts the real SDK with its channel functions: python(version)."""
    return lambda version: ChannelSDK(place, version, engine.url, f"python-{uuid.uuid4().hex[:6]}")


@pytest.fixture
def content(place):
    """A file of 64 MiB that repeats nowhere, and its hash."""
    path = place.dir / "content"
    data = os.urandom(64 * MEBIBYTE)
    path.write_bytes(data)
    return path, hashlib.sha256(data).hexdigest()


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def cpu_seconds(process):
    fields = open(f"/proc/{process.pid}/stat").read().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Memory:
    """The most resident memory of some processes while something happens, in KiB above what it was."""

    def __init__(self, **processes):
        self.processes = processes

    def __enter__(self):
        self.before = {name: resident_kilobytes(process.pid) for name, process in self.processes.items()}
        self.most = dict(self.before)
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()
        return self

    def watch(self):
        while not self.over.wait(0.02):
            for name, process in self.processes.items():
                self.most[name] = max(self.most[name], resident_kilobytes(process.pid))

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

    @property
    def growth(self):
        return {name: self.most[name] - self.before[name] for name in self.most}


def error(body):
    with pytest.raises(SteeredError) as caught:
        body()
    return caught.value.class_name, caught.value.code


# Both SDKs


@pytest.mark.timeout(240)
@pytest.mark.parametrize("version", VERSIONS)
def test_64_mib_from_python_to_swift(place, engine, swift, python, content, version):
    path, expected = content
    writer, reader = python(version), swift(engine.url)
    refs = reader.do("create_channel", name="c")
    started = cpu_seconds(reader.process), cpu_seconds(engine.process)
    with Memory(engine=engine.process, swift=reader.process) as memory:
        reading = reader.begin("read_into", name="c", file=str(place.dir / "copy"))
        written = writer.trigger("python::write", {"writer": refs["writer"], "file": str(path), "texts": ["done"]}, seconds=120,
                                 timeout_ms=120000)
        result = reader.finish(reading, 120)
    assert written == {"bytes": 64 * MEBIBYTE}
    assert result == {"bytes": 64 * MEBIBYTE, "texts": ["done"]}
    assert digest(place.dir / "copy") == expected
    print("cpu seconds of the reader and the engine:", cpu_seconds(reader.process) - started[0], cpu_seconds(engine.process) - started[1])
    print("growth:", memory.growth)
    assert max(memory.growth.values()) < 24 * 1024, memory.growth


@pytest.mark.timeout(240)
@pytest.mark.parametrize("version", VERSIONS)
def test_64_mib_from_swift_to_python(place, engine, swift, python, content, version):
    path, expected = content
    reader, writer = python(version), swift(engine.url)
    refs = writer.do("create_channel", name="c")
    started = cpu_seconds(writer.process), cpu_seconds(engine.process)
    with Memory(engine=engine.process, swift=writer.process) as memory:
        reading = reader.begin("trigger", request={
            "function_id": "python::read", "payload": {"reader": refs["reader"], "file": str(place.dir / "copy")}, "timeout_ms": 120000})
        assert writer.do("write", 120, name="c", file=str(path)) == 64 * MEBIBYTE
        writer.do("send_text", name="c", text="done ✓")
        writer.do("close", 60, name="c")
        result = reader.finish(reading, 120)
    assert result == {"bytes": 64 * MEBIBYTE, "texts": ["done ✓"]}
    assert digest(place.dir / "copy") == expected
    print("cpu seconds of the writer and the engine:", cpu_seconds(writer.process) - started[0], cpu_seconds(engine.process) - started[1])
    print("growth:", memory.growth)
    assert max(memory.growth.values()) < 24 * 1024, memory.growth


@pytest.mark.parametrize("version", VERSIONS)
def test_references_become_channels_anywhere_in_a_payload(engine, swift, python, version):
    sdk, worker = python(version), swift(engine.url)
    worker.do("serve_channels")
    for name in "read", "write", "refs":
        sdk.wait_row(f"swift::{name}")
    first, second = sdk.do("create_channel"), sdk.do("create_channel")
    for refs, text in (first, "eins"), (second, "zwei"):
        sdk.trigger("python::write", {"writer": refs["writer"], "texts": [text]})
    payload = {"inside": [{"reader": first["reader"]}, {"reader": second["reader"]}]}
    assert sdk.trigger("swift::refs", {**payload, "w": {"deep": [[first["writer"]]]}}) == ["read", "read", "write"]
    assert sdk.trigger("swift::read", payload) == {"bytes": 0, "texts": ["eins", "zwei"]}
    third = sdk.do("create_channel")
    reading = sdk.begin("trigger", request={"function_id": "python::read", "payload": {"reader": third["reader"]}})
    assert sdk.trigger("swift::write", {"writer": third["writer"], "texts": ["a", "b"]}) is True
    assert sdk.finish(reading) == {"bytes": 9, "texts": ["a", "b"]}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_slow_python_reader_makes_the_swift_writer_wait(engine, swift, python, version):
    sdk, worker = python(version), swift(engine.url)
    refs = worker.do("create_channel", name="c")
    with Memory(engine=engine.process, swift=worker.process) as memory:
        writing = worker.begin("write", name="c", size=256 * MEBIBYTE)
        assert sdk.trigger("python::take", {"reader": refs["reader"], "count": 3}) == {"pieces": [65536] * 3}
        time.sleep(1)  # what does not happen takes time
        assert writing not in worker.answers
    assert max(memory.growth.values()) < 48 * 1024, memory.growth


def test_a_slow_swift_reader_makes_the_python_writer_wait(place, engine, swift, python):
    path = place.dir / "content"
    path.write_bytes(bytes(256 * MEBIBYTE))
    sdk, worker = python("newest"), swift(engine.url)
    refs = worker.do("create_channel", name="c")
    with Memory(engine=engine.process, swift=worker.process) as memory:
        writing = sdk.begin("trigger", request={
            "function_id": "python::write", "payload": {"writer": refs["writer"], "file": str(path)}, "timeout_ms": 60000})
        assert len(worker.do("read", name="c", count=3)) == 3
        time.sleep(1)  # what does not happen takes time
        assert writing not in sdk.answers
        assert worker.do("read_all", 60, name="c") == 256 * MEBIBYTE - 3 * 65536
    assert sdk.finish(writing) == {"bytes": 256 * MEBIBYTE}
    assert memory.growth["engine"] < 48 * 1024, memory.growth


# Closing


def test_closing_right_after_writing_loses_nothing(engine, swift):
    writer, reader = swift(engine.url, "writer"), swift(engine.url, "reader")
    for number in range(200):
        refs = reader.do("create_channel", name=str(number))
        writer.do("write_and_close", ref=refs["writer"], text=f"last words {number}")
        assert reader.do("read", name=str(number), count=2) == [{"bytes": f"last words {number}"}]
        reader.do("forget", name=str(number))


def test_a_python_reader_gets_what_was_written_before_the_close(engine, swift, python):
    sdk, worker = python("newest"), swift(engine.url)
    for number in range(40):
        refs = worker.do("create_channel", name="c")
        worker.do("write_and_close", ref=refs["writer"], text="x" * number)
        assert sdk.trigger("python::read", {"reader": refs["reader"]}) == {"bytes": number, "texts": []}


def test_closing_without_writing_ends_the_reader(engine, swift):
    worker = swift(engine.url)
    worker.do("create_channel", name="c")
    worker.do("close", name="c")
    worker.do("close", name="c")
    assert worker.do("read_all", name="c") == 0
    assert error(lambda: worker.do("write", name="c", text="too late")) == ("ChannelError", "closed")


def test_closing_waits_for_a_reader_that_is_behind(engine, swift):
    worker = swift(engine.url)
    worker.do("create_channel", name="c", buffer_size=1)
    writing = worker.begin("write", name="c", size=16 * MEBIBYTE, piece=16 * MEBIBYTE)
    assert len(worker.do("read", name="c", count=1)) == 1
    closing = worker.begin("close", name="c")
    time.sleep(6)  # longer than a close may take where nobody is behind
    assert closing not in worker.answers
    assert worker.do("read_all", name="c") == 16 * MEBIBYTE - 65536
    assert worker.finish(closing) is True and worker.finish(writing) is True


# What goes wrong


def test_an_unknown_channel_is_not_found(engine, swift):
    worker = swift(engine.url)
    refs = worker.do("create_channel", name="c")
    for name, changes in ("no such channel", {"channel_id": "nobody's/ü"}), ("wrong key", {"access_key": "a&b=c"}):
        for end in "reader", "writer":
            worker.do("open", name=name, ref={**refs[end], **changes})
        assert error(lambda: worker.do("read", name=name)) == ("ChannelError", "notFound")
        assert error(lambda: worker.do("write", name=name, text="x")) == ("ChannelError", "notFound")
        assert error(lambda: worker.do("close", name=name)) == ("ChannelError", "notFound")


def test_an_end_is_taken_once(engine, swift):
    first, second = swift(engine.url, "first"), swift(engine.url, "second")
    refs = first.do("create_channel", name="c")
    first.do("write", name="c", text="to the first")
    assert first.do("read", name="c") == [{"bytes": "to the first"}]
    second.do("open", name="c", ref=refs["reader"])
    second.do("open", name="c", ref=refs["writer"])
    assert error(lambda: second.do("read", name="c")) == ("ChannelError", "taken")
    assert error(lambda: second.do("read", name="c")) == ("ChannelError", "taken")
    assert error(lambda: [second.do("write", name="c", text="x") for _ in range(200)]) == ("ChannelError", "taken")
    for _ in range(20):
        assert error(lambda: second.do("write_and_close", ref=refs["writer"], text="x")) == ("ChannelError", "taken")
    first.do("write", name="c", text="still")
    assert first.do("read", name="c") == [{"bytes": "still"}]


def test_a_killed_writer_ends_the_reader_with_what_had_arrived(engine, swift, python):
    sdk, worker = python("newest"), swift(engine.url)
    refs = worker.do("create_channel", name="c")
    sdk.trigger("python::write", {"writer": refs["writer"], "texts": ["one", "two"], "close": False})
    sdk.kill()
    assert worker.do("read", name="c", count=3) == [{"text": "one"}, {"text": "two"}]


def test_a_killed_reader_loses_the_writer(engine, swift, python):
    sdk, worker = python("newest"), swift(engine.url)
    refs = worker.do("create_channel", name="c")
    worker.do("send_text", name="c", text="one")
    worker.do("write", name="c", text="two")
    assert sdk.trigger("python::take", {"reader": refs["reader"], "count": 1}) == {"pieces": [3]}
    sdk.kill()

    def write():
        while True:
            worker.do("write", name="c", text="for nobody")

    assert error(write) == ("ChannelError", "lost")
    assert error(lambda: worker.do("close", name="c")) == ("ChannelError", "lost")


def test_a_killed_reader_loses_a_writer_that_waits(engine, swift, python):
    sdk, worker = python("newest"), swift(engine.url)
    refs = worker.do("create_channel", name="c")
    writing = worker.begin("write", name="c", size=64 * MEBIBYTE)
    sdk.trigger("python::take", {"reader": refs["reader"], "count": 1})
    sdk.kill()
    assert error(lambda: worker.finish(writing)) == ("ChannelError", "lost")


def test_an_engine_that_is_gone_loses_both_ends(engine, swift):
    worker = swift(engine.url)
    worker.do("create_channel", name="c")
    worker.do("write", name="c", text="x")
    assert worker.do("read", name="c") == [{"bytes": "x"}]
    reading = worker.begin("read", name="c")
    engine.kill()
    assert error(lambda: worker.finish(reading)) == ("ChannelError", "lost")

    def write():
        while True:
            worker.do("write", name="c", text="for nobody")

    assert error(write) == ("ChannelError", "lost")
    worker.do("open", name="d", ref={"channel_id": "a", "access_key": "b", "direction": "write"})
    assert error(lambda: worker.do("write", name="d", text="x")) == ("ChannelError", "notConnected")


def test_a_shutdown_ends_the_channels(engine, swift):
    worker = swift(engine.url)
    worker.do("create_channel", name="c")
    reading = worker.begin("read", name="c")
    worker.do("shutdown")
    assert error(lambda: worker.finish(reading)) == ("ChannelError", "shutdown")
    assert error(lambda: worker.do("write", name="c", text="x")) == ("ChannelError", "shutdown")


def test_limits_are_told(engine, swift):
    worker = swift(engine.url)
    worker.do("create_channel", name="c")
    assert error(lambda: worker.do("send_text", name="c", size=MEBIBYTE + 1)) == ("ChannelError", "tooLarge")
    worker.do("send_text", name="c", size=MEBIBYTE)
    worker.do("write", name="c", size=100_000)
    worker.do("close", name="c")
    assert error(lambda: worker.do("read_all", name="c", limit=99_999)) == ("ChannelError", "tooLarge")
    assert error(lambda: worker.do("create_channel", name="d", buffer_size=1025)) == ("InvocationError", "INVALID_ARGUMENT")
    refs = worker.do("create_channel", name="e")
    assert {refs["reader"]["direction"], refs["writer"]["direction"]} == {"read", "write"}


def test_a_cancelled_read_closes(engine, swift):
    worker = swift(engine.url)
    worker.do("create_channel", name="c")
    for _ in range(50):
        refs = worker.do("create_channel", name="c")
        assert worker.do("cancel_read", name="c") == "cancelled"
    assert refs


def test_an_end_that_is_let_go_is_closed(engine, swift):
    worker = swift(engine.url)
    refs = worker.do("create_channel", name="c")
    worker.do("write", name="c", text="the last")
    worker.do("open", name="d", ref=refs["reader"])
    worker.do("forget", name="c")
    assert worker.do("read", name="d", count=2) == [{"bytes": "the last"}]


# What goes over the wire


def test_the_engines_address_headers_and_token_are_the_channels_too(wire, swift):
    """A path in front of the engine's own stays, and so does a query (engine protocol, section 6)."""
    worker = swift(f"{wire.url}/engines/one/?tenant=t1", III_TOKEN="secret")
    wire.accept()
    worker.do("open", name="c", ref={"channel_id": "id-1", "access_key": "k/1 +", "direction": "write"})
    worker.do("send_text", name="c", text='{"type":"a text"}')
    assert wire.accept().receive()[1] == '{"type":"a text"}'
    assert wire.last_request.path == "/engines/one/ws/channels/id-1?tenant=t1&key=k%2F1%20%2B&dir=write"
    assert wire.last_request.headers["Authorization"] == "Bearer secret"


def test_channels_go_through_tls_as_the_link_does(place, engine, swift):
    """More than every buffer holds, to a reader that comes late: nothing gets stuck between the layers."""
    authority = Authority(place.dir, "authority")
    port = terminator(place, engine, *authority.issue("right", "127.0.0.1"))
    secure = swift(f"wss://127.0.0.1:{port}", "secure", SSL_CERT_FILE=str(authority.certificate))
    plain = swift(engine.url, "plain")
    refs = secure.do("create_channel", name="c")
    plain.do("open", name="c", ref=refs["reader"])
    writing = secure.begin("write", name="c", size=32 * MEBIBYTE)
    assert len(plain.do("read", name="c")) == 1
    reading = plain.begin("read_all", name="c")
    assert secure.finish(writing, 60) is True
    secure.do("close", name="c")
    assert plain.finish(reading, 60) == 32 * MEBIBYTE - 65536
    back = plain.do("create_channel", name="d")
    secure.do("open", name="d", ref=back["reader"])
    writing = plain.begin("write", name="d", size=32 * MEBIBYTE, piece=1000_003)
    assert len(secure.do("read", name="d")) == 1
    reading = secure.begin("read_all", name="d")
    assert plain.finish(writing, 60) is True
    plain.do("close", name="d")
    assert secure.finish(reading, 60) == 32 * MEBIBYTE - 65536
