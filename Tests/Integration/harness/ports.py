"""Ports that no other test process takes: below the range from which the kernel gives any port, and any connection its own end."""
import itertools
import socket

FIRST, LAST, SLICE = 10_000, 32_000, 200


def slice_of_this_process():
    """A slice for as long as the process lives: an abstract socket is held by one process, and ends with it."""
    for first in range(FIRST, LAST, SLICE):
        holder = socket.socket(socket.AF_UNIX)
        try:
            holder.bind(f"\0iiid-tests-ports-{first}")
        except OSError:
            holder.close()
        else:
            return holder, itertools.cycle(range(first, first + SLICE))
    raise AssertionError(f"all ports from {FIRST} to {LAST} are held by other tests")


holder, ports = None, None


def free_port():
    """A port on which nobody listens, to listen on now, later, or again; another one each time."""
    global holder, ports
    if holder is None:
        holder, ports = slice_of_this_process()
    for port in itertools.islice(ports, SLICE):
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # an earlier connection's TIME_WAIT holds nobody up
            try:
                s.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError(f"something listens on each of {SLICE} ports")
