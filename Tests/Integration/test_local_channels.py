"""Channels of local programs by requests: create_channel, read_channel, write_channel, close_channel."""
import base64
import json
import os

import pytest

from harness.local_client import LocalClient
from harness.place import eventually
from harness.sdk import VERSIONS, ChannelSDK

KIBIBYTE, MEBIBYTE = 1 << 10, 1 << 20


def encoded(data):
    return base64.b64encode(data).decode()


def content(items):
    """The bytes of the items that are bytes."""
    return b"".join(base64.b64decode(item["base64"]) for item in items if "base64" in item)


class Ends:
    """A channel, and clients that use its ends."""

    def __init__(self, creator, **params):
        refs = creator.call("create_channel", params)
        self.reader, self.writer = refs["reader"], refs["writer"]

    def read(self, client, seconds=20, **params):
        return client.call("read_channel", {"ref": self.reader, **params}, seconds)

    def write(self, client, seconds=20, **params):
        return client.call("write_channel", {"ref": self.writer, **params}, seconds)

    def read_all(self, client):
        items = []
        while True:
            answer = self.read(client)
            items += answer["items"]
            if answer["eof"]:
                return items


@pytest.fixture
def two(iiid):
    """Two clients: one to read, one to write."""
    return iiid.client(), iiid.client()


def test_texts_and_bytes_arrive_as_they_were_written(two):
    reader, writer = two
    ends = Ends(reader, buffer_size=8)
    assert ends.reader["direction"] == "read" and ends.writer["direction"] == "write"
    # The first one waits for the engine's yes, the window is whole.
    assert ends.write(writer, text="grün\n\"\u0000") == {"accepted_bytes": 8, "window": MEBIBYTE}
    assert ends.write(writer, base64=encoded(bytes(range(256))))["accepted_bytes"] == 256
    assert ends.write(writer, text="")["accepted_bytes"] == 0
    items = []
    while len(items) < 3:
        answer = ends.read(reader)
        assert answer["eof"] is False
        items += answer["items"]
    assert items == [{"text": "grün\n\"\u0000"}, {"base64": encoded(bytes(range(256)))}, {"text": ""}]
    assert ends.write(writer, text="last", eof=True) == {"accepted_bytes": 4, "window": 0}
    assert ends.read_all(reader) == [{"text": "last"}]


def test_a_short_content_takes_one_request(two):
    reader, writer = two
    ends = Ends(reader)
    assert ends.write(writer, text="all", eof=True)["accepted_bytes"] == 3
    answer = ends.read(reader)
    if not answer["eof"]:  # the end was not there yet
        assert ends.read(reader) == {"items": [], "eof": True}
    assert answer["items"] == [{"text": "all"}]


def test_a_portion_is_as_large_as_asked_for(two):
    reader, writer = two
    ends = Ends(reader)
    data = os.urandom(100_000)
    ends.write(writer, base64=encoded(data))
    got = b""
    while len(got) < len(data):
        piece = content(ends.read(reader, max_bytes=30_000)["items"])
        assert 0 < len(piece) <= 30_000
        got += piece
    assert got == data
    ends.write(writer, text="x" * 5000, eof=True)
    assert ends.read(reader, max_bytes=1)["items"] == [{"text": "x" * 5000}], "a text always comes whole"


def test_a_read_waits_as_long_as_it_is_told(two):
    reader, writer = two
    ends = Ends(reader)
    assert ends.read(reader, wait_ms=0) == {"items": [], "eof": False}
    assert ends.read(reader, wait_ms=50) == {"items": [], "eof": False}
    waiting = reader.request("read_channel", {"ref": ends.reader})
    second = reader.error_of("read_channel", {"ref": ends.reader})
    assert (second.number, second.code) == (-32007, "OVERLOADED")
    assert reader.call("cancel", {"id": waiting}) == {"cancelled": True}
    assert reader.response(waiting)["error"]["data"]["code"] == "CANCELLED"
    waiting = reader.request("read_channel", {"ref": ends.reader})
    ends.write(writer, text="now")
    assert reader.result(waiting) == {"items": [{"text": "now"}], "eof": False}


def test_a_writer_is_held_back_by_its_window(engine, two):
    """One request at a time is never refused: it waits. What ignores both the window and the answers is."""
    reader, writer = two
    ends = Ends(reader, buffer_size=1)
    size = 512 * KIBIBYTE

    def params(number):
        return {"ref": ends.writer, "text": f"{number:09}".ljust(size, "x")}

    assert ends.read(reader, wait_ms=0)["items"] == []
    windows, waiting = [], None
    while waiting is None:  # until engine, sockets and window are full
        assert len(windows) < 200, "nothing holds the writer back"
        id = writer.request("write_channel", params(len(windows)))
        try:
            windows.append(writer.result(id, 3 if windows and windows[-1] < size else 30)["window"])
        except TimeoutError:
            waiting = id
    assert windows[-1] < size
    error = writer.error_of("write_channel", params(999))
    assert error.code == "OVERLOADED" and error.data["retryable"] is True
    numbers = []
    while len(numbers) <= len(windows):
        for item in ends.read(reader)["items"]:
            assert len(item["text"]) == size
            numbers.append(int(item["text"].rstrip("x")))
    assert numbers == list(range(len(windows) + 1))
    assert writer.result(waiting)["accepted_bytes"] == size
    assert ends.write(writer, eof=True) == {"accepted_bytes": 0, "window": 0}
    assert ends.read(reader) == {"items": [], "eof": True}


def test_what_cannot_be_written_is_refused(two):
    reader, writer = two
    ends = Ends(reader)

    def error(**params):
        return writer.error_of("write_channel", {"ref": ends.writer, **params})

    assert error(text="a", base64="YQ==").code == "INVALID_PARAMS"
    assert error().data["member"] == "text"
    for wrong in "YQ", "Y Q==", "YQ==\n", "é":
        assert error(base64=wrong).data["member"] == "base64"
    large = error(text="x" * (MEBIBYTE + 1))
    assert (large.code, large.data["limit"], large.data["size"]) == ("PAYLOAD_TOO_LARGE", MEBIBYTE, MEBIBYTE + 1)
    assert ends.write(writer, text="still there")["accepted_bytes"] == 11


def test_an_end_that_is_not_there_has_a_type(iiid, two):
    reader, writer = two
    ends = Ends(reader)
    for changes in {"channel_id": "nobody"}, {"access_key": "wrong"}:
        for method, ref, more in ("read_channel", ends.reader, {}), ("write_channel", ends.writer, {"text": "x"}):
            for _ in range(2):
                error = reader.error_of(method, {"ref": {**ref, **changes}, **more})
                assert (error.number, error.code, error.data["source"]) == (-32004, "channel_not_found", "engine")
                assert ref["access_key"] not in str(error)
    for method, ref, more in ("write_channel", ends.reader, {"text": "x"}), ("read_channel", ends.writer, {}):
        error = reader.error_of(method, {"ref": ref, **more})
        assert (error.code, error.data["member"]) == ("INVALID_PARAMS", "ref.direction")
    for ref, member in ({}, "ref.channel_id"), ({**ends.reader, "extra": 1}, "ref.extra"), ({**ends.reader, "direction": "both"}, "ref.direction"):
        assert reader.error_of("read_channel", {"ref": ref}).data["member"] == member
    assert iiid.status()["channels"] == 0


def test_an_end_is_taken_once(two):
    first, second = two
    ends = Ends(first)
    ends.write(first, text="to the first")
    assert ends.read(first)["items"] == [{"text": "to the first"}]
    error = second.error_of("read_channel", {"ref": ends.reader})
    assert (error.number, error.code, error.data["reason"]) == (-32011, "CHANNEL_CLOSED", "taken")
    error = second.error_of("write_channel", {"ref": ends.writer, "eof": True})
    assert (error.code, error.data["reason"]) == ("CHANNEL_CLOSED", "taken")
    ends.write(first, text="still")
    assert ends.read(first)["items"] == [{"text": "still"}]


def test_what_is_over_stays_over(two):
    reader, writer = two
    ends = Ends(reader)
    ends.write(writer, text="x", eof=True)
    assert ends.read_all(reader) == [{"text": "x"}]
    for client, method, more in (writer, "write_channel", {"text": "y"}), (reader, "read_channel", {}), (writer, "close_channel", {}):
        ref = ends.reader if method == "read_channel" else ends.writer
        error = client.error_of(method, {"ref": ref, **more})
        assert (error.number, error.code, error.data["reason"]) == (-32011, "CHANNEL_CLOSED", "closed"), method


def test_close_channel_ends_either_end(iiid, two):
    reader, writer = two
    ends = Ends(reader)
    # A writer that never wrote: its reader hears of the end.
    waiting = reader.request("read_channel", {"ref": ends.reader})
    assert writer.call("close_channel", {"ref": ends.writer}) == {}
    assert content(reader.result(waiting)["items"]) == b""
    ends = Ends(reader)
    ends.write(writer, text="for nobody")
    waiting = reader.request("read_channel", {"ref": ends.reader})
    reader.result(waiting)
    waiting = reader.request("read_channel", {"ref": ends.reader})
    assert reader.call("close_channel", {"ref": ends.reader}) == {}
    assert reader.response(waiting)["error"]["data"]["code"] == "CHANNEL_CLOSED"

    def lost():
        message = writer.response(writer.request("write_channel", {"ref": ends.writer, "text": "for nobody"}))
        return message.get("error")

    error = eventually(lost, 20, what="the writer hears that nobody reads")
    assert (error["data"]["code"], error["data"]["reason"]) == ("CHANNEL_CLOSED", "lost")


def test_channels_end_with_their_connection(iiid):
    creator = iiid.client()
    ends = Ends(creator)
    leaver = LocalClient(iiid.socket)
    ends.write(leaver, text="the last words")
    other = Ends(creator)
    waiting = leaver.request("read_channel", {"ref": other.reader})
    assert waiting and eventually(lambda: iiid.status()["channels"] == 2, what="both are open")
    leaver.close()
    assert ends.read_all(creator) == [{"text": "the last words"}]
    eventually(lambda: iiid.status()["channels"] == 0, what="the ends are gone")
    eventually(lambda: "error" in creator.response(creator.request("write_channel", {"ref": other.writer, "text": "x"})), 20,
               what="the other's writer hears that nobody reads")


def test_a_half_closed_client_gets_its_answers(iiid):
    creator = iiid.client()
    ends = Ends(creator)
    client = LocalClient(iiid.socket)
    written = client.request("write_channel", {"ref": ends.writer, "text": "all", "eof": True})
    client.half_close()
    assert client.result(written) == {"accepted_bytes": 3, "window": 0}
    client.ended()
    client.close()
    assert ends.read_all(creator) == [{"text": "all"}]


def test_limits(iiid, daemon, engine):
    limits = iiid.client().call("hello")["limits"]
    assert (limits["channels_per_connection"], limits["channels_per_user"], limits["channels"]) == (16, 64, 256)
    clients = [iiid.client() for _ in range(5)]
    for client in clients[:4]:
        for _ in range(16):
            Ends(client).read(client, wait_ms=0)
    error = clients[0].error_of("read_channel", {"ref": Ends(clients[0]).reader})
    assert error.code == "OVERLOADED" and "this connection" in error.message
    error = clients[4].error_of("read_channel", {"ref": Ends(clients[4]).reader})
    assert error.code == "OVERLOADED" and "user" in error.message
    clients[0].socket.close()
    eventually(lambda: iiid.status()["channels"] == 48, what="a connection's channels are given back")
    assert Ends(clients[4]).read(clients[4], wait_ms=0) == {"items": [], "eof": False}


def test_a_message_beyond_the_limit_loses_the_channel(place, daemon, engine):
    config = place.dir / "iiid.conf"
    config.write_text("[limits]\nchannel_message_bytes = 65536\n")
    client = daemon(engine.url, "--config", config).client()
    ends = Ends(client)
    ends.write(client, text="x" * 65536)
    ends.write(client, text="x" * 65537)
    assert len(ends.read(client)["items"][0]["text"]) == 65536
    error = client.error_of("read_channel", {"ref": ends.reader})
    assert (error.code, error.data["reason"]) == ("CHANNEL_CLOSED", "lost")


def test_an_engine_restart_loses_channels_aloud(iiid, engine, two):
    reader, writer = two
    ends = Ends(reader)
    ends.write(writer, text="x")
    assert ends.read(reader)["items"] == [{"text": "x"}]
    waiting = reader.request("read_channel", {"ref": ends.reader})
    engine.kill()
    error = reader.response(waiting)["error"]["data"]
    assert (error["code"], error["reason"]) == ("CHANNEL_CLOSED", "lost")
    error = eventually(lambda: writer.response(writer.request("write_channel", {"ref": ends.writer, "text": "y"})).get("error"), what="lost")
    assert (error["data"]["code"], error["data"]["reason"]) == ("CHANNEL_CLOSED", "lost")
    other = writer.error_of("write_channel", {"ref": {**ends.writer, "channel_id": "another"}, "text": "y"})
    assert (other.number, other.code, other.data["retryable"]) == (-32002, "NOT_CONNECTED", True)
    engine.start()
    iiid.wait_connected()
    assert writer.error_of("write_channel", {"ref": {**ends.writer, "channel_id": "another"}, "text": "y"}).code == "channel_not_found"
    ends = Ends(reader)
    ends.write(writer, text="again", eof=True)
    assert ends.read_all(reader) == [{"text": "again"}]


def test_a_drain_answers_who_waits_and_lets_a_write_finish(iiid, two):
    reader, writer = two
    idle, ends = Ends(reader), Ends(reader)
    waiting = reader.request("read_channel", {"ref": idle.reader})
    ends.write(writer, text="before")
    written = writer.request("write_channel", {"ref": ends.writer, "text": "the end", "eof": True})
    eventually(lambda: iiid.status()["in_flight"]["calls"] == 2 or iiid.status()["channels"] == 1, what="both are under way")
    iiid.terminate()
    assert reader.response(waiting)["error"]["data"]["code"] == "SHUTTING_DOWN"
    assert "error" not in writer.response(written)
    assert iiid.wait() == 0


# References in payloads


@pytest.mark.parametrize("version", VERSIONS)
def test_a_local_callers_reference_is_a_channel_in_python(place, iiid, engine, version):
    sdk = ChannelSDK(place, version, engine.url, "python")
    client = iiid.client()
    eventually(lambda: "python::write" in json.dumps(client.call("list_functions")), what="the worker in Python")
    ends = Ends(client)
    reading = client.request("trigger", {"function_id": "python::read", "payload": {"deep": [], "reader": ends.reader}})
    data = os.urandom(300_000)
    ends.write(client, base64=encoded(data))
    ends.write(client, text="done ✓", eof=True)
    assert client.result(reading, 30) == {"bytes": 300_000, "texts": ["done ✓"]}
    ends = Ends(client)
    path = place.dir / "content"
    path.write_bytes(data)
    writing = client.request("trigger", {"function_id": "python::write", "payload": {"writer": ends.writer, "file": str(path), "texts": ["t"]}})
    items = ends.read_all(client)
    assert content(items) == data and [item["text"] for item in items if "text" in item] == ["t"]
    assert client.result(writing, 30) == {"bytes": 300_000}
    assert sdk
