"""A client that means no good, until it is ended: hostile_program.py KIND SOCKET. Prints a line once it is at it.

It does a thousand bad things a second, of up to 200 kB each. With many more it is the two processors of a small machine that are
busy, and what others then wait for is not the daemon's to decide.
"""
import itertools
import os
import socket
import sys
import time


#: Between two bad things, in seconds.
PAUSE = 0.001


def connect():
    client = socket.socket(socket.AF_UNIX)
    client.connect(sys.argv[2])
    return client


def drain(client):
    """Reads what is there, so that nobody waits for us; false when the daemon has hung up."""
    client.setblocking(False)
    try:
        while client.recv(1 << 16):
            pass
        return False
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        client.setblocking(True)


def pour(pieces, reads=True):
    """Writes `pieces` for ever, on a new connection whenever the daemon has had enough."""
    client = None
    for n, piece in enumerate(pieces):
        try:
            if client is None:
                client = connect()
            client.sendall(piece)
            if reads and not drain(client):
                raise OSError
        except OSError:
            if client:
                client.close()
            client = None
        if n == 2:
            print("at it", flush=True)
        time.sleep(PAUSE)


def random_bytes():
    pour(os.urandom(1 << 16) for _ in itertools.count())


def deep_nesting():
    deep = b'{"id":1,"method":"trigger","params":{"function_id":"quiet::f","payload":' + b"[" * 100_000 + b"]" * 100_000 + b"}}\n"
    pour(itertools.repeat(deep))


def million_ids():
    def lines():
        for first in itertools.cycle(range(0, 1_000_000, 250)):
            yield b"".join(b'{"id":"%d-%s","method":"ping"}\n' % (n, b"x" * 40) for n in range(first, first + 250))

    pour(lines())


def endless_line():
    pour(itertools.chain([b'{"id":1,"method":"'], itertools.repeat(b"x" * (1 << 16))))


def half_open():
    """Forty connections that are half closed, or silent in the middle of a line; and others that come and go like that."""
    clients = []
    for n in range(40):
        client = connect()
        client.sendall(b'{"id":1,"method":"subscribe","params":{"events":["connection"]}}\n{"id":2,"meth')
        if n % 2:
            client.shutdown(socket.SHUT_WR)
        clients.append(client)
    print("at it", flush=True)
    while True:
        client = connect()
        client.sendall(b'{"id":1,"method":"trigger","params":{"function_id":"half::open"}}\n{"id"')
        client.shutdown(socket.SHUT_WR)
        client.close()
        time.sleep(PAUSE)


def slow_reader():
    """Asks for more than it ever reads."""
    client = connect()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.setblocking(False)
    line = b'{"id":1,"method":"rpc.discover"}\n'
    at = 0
    for n in itertools.count():
        try:
            at = (at + client.send(line[at:])) % len(line)
        except BlockingIOError:
            client.setblocking(True)
            client.recv(1)
            client.setblocking(False)
        except OSError:
            client = connect()
            client.setblocking(False)
            at = 0
        if n == 200:
            print("at it", flush=True)


if __name__ == "__main__":
    globals()[sys.argv[1]]()
