"""Our WebSocket connections against an independent implementation, Python's `websockets`: with our end as the server and
as the client."""
import contextlib
import itertools
import os
import socket
import struct

import pytest
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.http11 import Response

from harness.websocket_peer import OurServer, Peer, RawServer, TheirServer

LENGTHS = [0, 1, 2, 3, 4, 5, 7, 8, 9, 63, 64, 124, 125, 126, 127, 128, 255, 256, 65534, 65535, 65536, 65537, 65538]
MEBIBYTE = 1 << 20


class Pair:
    """`theirs`: the connection of `websockets`. `ours`: the process at its other end."""

    def __init__(self, ours, theirs):
        self.ours = ours
        self.theirs = theirs

    def echo(self, message, **options):
        """Sends, and returns what comes back."""
        self.theirs.send(message, **options)
        return self.theirs.recv(timeout=30)

    def send_raw(self, opcode, payload, final=True):
        """Sends one frame of any kind, masked when theirs is the client."""
        head = bytes([opcode | (0x80 if final else 0)])
        client = isinstance(self.ours, OurServer)
        mask = 0x80 if client else 0
        assert len(payload) < 126
        head += bytes([len(payload) | mask])
        if client:
            key = os.urandom(4)
            head += key
            payload = bytes(b ^ k for b, k in zip(payload, itertools.cycle(key)))
        self.theirs.socket.sendall(head + payload)

    def closed(self):
        """Waits for the end; the close frame that they got: (code, reason), or None."""
        with pytest.raises(ConnectionClosed) as caught:
            while True:
                self.theirs.recv(timeout=10)
        received = caught.value.rcvd
        return received and (received.code, received.reason)


@pytest.fixture(params=["our server", "our client"])
def pair(place, request):
    if request.param == "our server":
        ours = OurServer(place)
        with ours.connection() as theirs:
            yield Pair(ours, theirs)
    else:
        server = TheirServer(place)
        ours = Peer(place, "dial", server.url)
        yield Pair(ours, server.accept())


def text_of(length):
    """UTF-8 of exactly `length` bytes, with characters of one to four bytes."""
    text = ("aé漢🚀" * (length // 10 + 1)).encode()[:length].decode(errors="ignore")
    return text + "x" * (length - len(text.encode()))


@pytest.mark.parametrize("kind", ["text", "binary"])
def test_every_length(pair, kind):
    for length in LENGTHS:
        message = text_of(length) if kind == "text" else bytes(i * 7 & 0xFF for i in range(length))
        assert pair.echo(message) == message, length


def test_large_messages(pair):
    block = os.urandom(MEBIBYTE)
    for size in (1, 2, 4, 8, 16):
        message = block * size
        assert pair.echo(message) == message, size
    text = text_of(16 * MEBIBYTE)
    assert pair.echo(text) == text
    # Ours comes back in fragments above 16 MiB.
    message = block * 16 + b"x"
    pair.theirs.send(message)
    fragments = list(pair.theirs.recv_streaming())
    assert b"".join(fragments) == message
    assert [len(f) for f in fragments if f] == [MEBIBYTE] * 16 + [1]


def test_a_large_message_in_fragments_of_theirs(pair):
    block = os.urandom(MEBIBYTE)
    assert pair.echo(itertools.repeat(block, 60)) == block * 60


def test_many_messages_without_waiting(pair):
    messages = [bytes([i & 0xFF]) * (i % 300) for i in range(2000)]
    for message in messages:
        pair.theirs.send(message)
    assert [pair.theirs.recv(timeout=10) for _ in messages] == messages


def test_fragments_at_each_byte_with_pings_between(pair):
    message = "aé漢🚀 end".encode()
    pongs = []

    def pieces(cuts):
        for start, end in zip([0, *cuts], [*cuts, len(message)]):
            yield message[start:end]
            pongs.append(pair.theirs.ping())

    for cuts in [*([c] for c in range(len(message) + 1)), *itertools.combinations(range(1, len(message)), 2), range(1, len(message))]:
        assert pair.echo(pieces(cuts), text=True) == message.decode(), cuts
    assert all(pong.wait(10) for pong in pongs)


def test_empty_fragments(pair):
    assert pair.echo([b"", b"a", b"", b"", b"b", b""]) == b"ab"
    assert pair.echo([b"", b""]) == b""


def test_ping_is_answered_with_its_payload(pair):
    for payload in (b"", b"x", b"p" * 125):
        assert pair.theirs.ping(payload).wait(10)


@pytest.mark.parametrize("pieces", [
    [b"\xff"], [b"abc\xc3"], [b"\xed\xa0\x80"], [b"\xf4\x90\x80\x80"], [b"a" * 1000 + b"\x80" + b"a" * 1000],
    [b"\xe6\xbc", b"\xa2 fine", b"\xe6", b"x"], [b"\xe6", b""],
], ids=lambda pieces: b"|".join(pieces)[:12].hex())
def test_invalid_text_is_refused_with_1007(pair, pieces):
    assert pair.echo("first") == "first"
    with contextlib.suppress(ConnectionClosed):
        pair.theirs.send(pieces if len(pieces) > 1 else pieces[0], text=True)
    assert pair.closed() == (1007, "text is not UTF-8")
    assert pair.ours.over() == "the peer broke the protocol: text is not UTF-8 (1007)"


@pytest.mark.parametrize("opcode, payload, code", [
    (0x41, b"", 1002), (0x21, b"", 1002), (0x11, b"", 1002), (0x03, b"", 1002), (0x0B, b"", 1002), (0x00, b"", 1002),
    (0x08, b"\x03", 1002), (0x08, b"\x03\xed", 1002), (0x08, b"\x03\xe8\xff", 1007),
])
def test_violations(pair, opcode, payload, code):
    pair.send_raw(opcode, payload)
    assert pair.closed()[0] == code
    assert f"({code})" in pair.ours.over()


def test_a_frame_that_is_masked_the_wrong_way(pair):
    mask = b"" if isinstance(pair.ours, OurServer) else b"\1\2\3\4"
    pair.theirs.socket.sendall(bytes([0x81, 0x80 if mask else 0]) + mask)
    assert pair.closed()[0] == 1002
    assert "masked frame" in pair.ours.over()


def test_a_frame_above_the_limit_is_refused_from_its_header(place):
    ours = OurServer(place, 1000)
    with ours.connection() as theirs:
        pair = Pair(ours, theirs)
        assert pair.echo(b"x" * 1000) == b"x" * 1000
        # The header alone: no byte of its payload follows.
        theirs.socket.sendall(struct.pack("!BBH4s", 0x82, 0x80 | 126, 1001, b"\0\0\0\0"))
        assert pair.closed() == (1009, "frame of 1001 bytes, above 1000")


def test_fragments_above_the_limit_are_refused(place):
    ours = OurServer(place, 1000)
    with ours.connection() as theirs:
        with contextlib.suppress(ConnectionClosed):
            theirs.send(itertools.repeat(b"x" * 300, 4))
        assert Pair(ours, theirs).closed() == (1009, "message above 1000 bytes")


# Closing

@pytest.mark.parametrize("code, reason", [(1000, ""), (1001, "going"), (1011, "é"), (1012, ""), (3000, ""), (4999, "r" * 123)])
def test_they_close(pair, code, reason):
    pair.theirs.close(code, reason)
    assert pair.theirs.protocol.close_rcvd.code == code
    said = f"closed by the peer with code {code}" + (f": {reason}" if reason else "")
    assert pair.ours.over() == said


def test_they_close_without_a_code(pair):
    pair.send_raw(0x08, b"")
    assert pair.ours.over() == "closed by the peer without a code"
    assert pair.closed() == (1005, "")


@pytest.mark.parametrize("command, received", [
    ("!close 1000", (1000, "")), ("!close 1011 going down", (1011, "going down")), ("!close 4321 é", (4321, "é")),
    ("!close", (1005, "")),
])
def test_we_close(pair, command, received):
    pair.theirs.send(command)
    assert pair.closed() == received
    assert pair.ours.over() == "closed by us"


def test_they_vanish(pair):
    assert pair.echo("x") == "x"
    pair.theirs.socket.shutdown(socket.SHUT_RDWR)
    assert pair.ours.over().startswith("connection lost: ")


# Handshakes: our server

def ask(port, request):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as stream:
        stream.sendall(request)
        answer = b""
        while piece := stream.recv(65536):
            answer += piece
    return answer


REQUEST = (b"GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")


@pytest.mark.parametrize("old, new, status, header", [
    (b"Version: 13", b"Version: 8", 426, b"Sec-WebSocket-Version: 13"), (b"GET", b"POST", 405, b"Allow: GET"),
    (b"websocket\r\n", b"h2c\r\n", 426, b"Upgrade: websocket"), (b"ZQ==", b"", 400, b"Connection: close"),
    (b"Host: h\r\n", b"", 400, b""), (b"HTTP/1.1", b"HTTP/1.0", 505, b""), (b"GET / HTTP/1.1\r\n", b"hello\n", 400, b""),
    (b"GET / ", b"GET /elsewhere ", 404, b""), (b"Host: h", b"X: " + b"x" * 17000, 431, b""),
])
def test_our_server_refuses(place, old, new, status, header):
    ours = OurServer(place)
    answer = ask(ours.port, REQUEST.replace(old, new))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert header in head
    assert b"Content-Length: %d" % len(body) in head.split(b"\r\n")
    assert ours.over().startswith("handshake failed: ")


def test_their_client_understands_our_refusal(place):
    ours = OurServer(place)
    ours.url += "elsewhere"
    with pytest.raises(InvalidStatus) as caught, ours.connection():
        pass
    assert caught.value.response.status_code == 404
    assert caught.value.response.body == b"nothing here\n"


def test_a_request_in_single_bytes_with_frames_behind_it(place):
    ours = OurServer(place)
    with socket.create_connection(("127.0.0.1", ours.port), timeout=10) as stream:
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in REQUEST[:-1]:
            stream.sendall(bytes([byte]))
        stream.sendall(REQUEST[-1:] + b"\x81\x82\0\0\0\0ok")
        expected = b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n\x81\x02ok"
        answer = b""
        while not answer.endswith(expected):
            piece = stream.recv(1000)
            assert piece, answer
            answer += piece
        assert answer.startswith(b"HTTP/1.1 101 ")
        assert b"Extensions" not in answer


def test_nothing_that_they_offer_is_accepted(place):
    ours = OurServer(place)
    with ours.connection(compression="deflate", subprotocols=["a", "b"]) as theirs:
        assert "permessage-deflate" in theirs.request.headers["Sec-WebSocket-Extensions"]
        assert "Sec-WebSocket-Extensions" not in theirs.response.headers
        assert theirs.subprotocol is None
        assert Pair(ours, theirs).echo("x" * 1000) == "x" * 1000


# Handshakes: our client

def test_our_request(place):
    server = TheirServer(place)
    Peer(place, "dial", server.url + "/a%20b?c=d", "Authorization=Bearer t", "X-Empty=")
    request = server.accept().request
    assert request.path == "/a%20b?c=d"
    headers = request.headers
    assert headers["Host"] == f"127.0.0.1:{server.port}"
    assert headers["Authorization"] == "Bearer t"
    assert headers["X-Empty"] == ""
    assert headers["Sec-WebSocket-Version"] == "13"
    assert "Sec-WebSocket-Extensions" not in headers


def test_each_connection_has_a_key_of_its_own(place):
    server = TheirServer(place)
    for _ in range(3):
        Peer(place, "dial", server.url)
    keys = {server.accept().request.headers["Sec-WebSocket-Key"] for _ in range(3)}
    assert len(keys) == 3


@pytest.mark.parametrize("status, phrase", [(401, "Unauthorized"), (404, "Not Found"), (503, "Service Unavailable")])
def test_their_server_refuses(place, status, phrase):
    server = TheirServer(place, process_request=lambda c, r: Response(status, phrase, Headers({"Content-Length": "0"}), b""))
    ours = Peer(place, "dial", server.url)
    assert ours.over() == f"handshake failed: HTTP status {status}: {phrase}"


@pytest.mark.parametrize("name, value, complaint", [
    ("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "response with a wrong Sec-WebSocket-Accept"),
    ("Upgrade", "h2c", "response without Upgrade: websocket"),
    ("Connection", "close", "response without Connection: Upgrade"),
    ("Sec-WebSocket-Extensions", "permessage-deflate", "response with Sec-WebSocket-Extensions, which was not asked for"),
    ("Sec-WebSocket-Protocol", "chat", "response with Sec-WebSocket-Protocol, which was not asked for"),
])
def test_an_answer_that_is_no_acceptance(place, name, value, complaint):
    def tamper(connection, request, response):
        with contextlib.suppress(KeyError):
            del response.headers[name]
        response.headers[name] = value

    server = TheirServer(place, process_response=tamper)
    ours = Peer(place, "dial", server.url)
    assert ours.over() == f"handshake failed: {complaint}"


@pytest.mark.parametrize("answer, over", [
    (b"", "connection lost: closed without a close frame"),
    (b"HTTP/1.1 101 Switching", "connection lost: closed without a close frame"),
    (b"SSH-2.0-x\r\n\r\n", "handshake failed: not an HTTP response"),
    (b"220 mail\n", "handshake failed: malformed HTTP head: LF without CR at byte 8"),
    (b"\x15\x03\x01\0\x02\x02\x16", "handshake failed: malformed HTTP head: control character at byte 0"),
    (b"HTTP/1.0 502 Bad Gateway\r\n\r\n<html>", "handshake failed: HTTP status 502: Bad Gateway"),
    (b"x" * 17000, "handshake failed: HTTP head above 16384 bytes"),
])
def test_what_is_no_websocket_server(place, answer, over):
    server = RawServer(place, answer)
    ours = Peer(place, "dial", server.url)
    assert ours.over() == over
    assert server.request.startswith(b"GET / HTTP/1.1\r\n")


def test_frames_that_come_with_the_answer(place):
    # Their handler sends before our client can have read the answer.
    server = TheirServer(place)
    peers = [Peer(place, "dial", server.url) for _ in range(5)]
    for _ in peers:
        theirs = server.accept()
        theirs.send("at once")
        assert theirs.recv(timeout=10) == "at once"


def test_masks_differ_from_frame_to_frame(place):
    """The mask keys on the wire of our client are fresh for each frame."""
    seen = []

    def record(connection, request, response):
        original = connection.protocol.receive_data
        connection.protocol.receive_data = lambda data: (seen.append(bytes(data)), original(data))

    server = TheirServer(place, process_response=record)
    ours = Peer(place, "dial", server.url)
    theirs = server.accept()
    for _ in range(50):
        theirs.send(b"\0" * 4)
        assert theirs.recv(timeout=10) == b"\0" * 4
    wire = b"".join(seen)
    keys = {wire[i + 2:i + 6] for i in range(0, len(wire) - 9, 10) if wire[i:i + 2] == b"\x82\x84"}
    assert len(keys) == 50
    # Four zero bytes under a mask are the mask.
    assert all(wire[i + 2:i + 6] == wire[i + 6:i + 10] for i in range(0, len(wire) - 9, 10))
    assert ours.process.poll() is None
