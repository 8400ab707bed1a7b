"""Clients over the loopback interface, each in a thread of its own that waits for its answer.

They use bare sockets: an HTTP client of Python takes longer for a request than some of the servers.
"""

import contextlib
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from .device import work

_SEGMENT = 1460  # bytes of one TCP segment on the board's link; the loopback's are larger
_PIECE = 65536
_TIMEOUT_SECONDS = 5
_PAUSE_SECONDS = 0.05
_SMALL_BUFFER = 4096


class Visitor:
    """A client that keeps its connection if it may. It closes first, as browsers do."""

    def __init__(self, port, timeout=_TIMEOUT_SECONDS):
        self._address = ("127.0.0.1", port)
        self._timeout = timeout
        self._connection = None

    def ask(self, data, wanted=None, keep_alive=False):
        """What came in answer to the request in `data`, until it ends with the `wanted` body, with the connection or
        with the time.
        """
        received = bytearray()
        end = time.monotonic() + self._timeout
        done = False
        try:
            self._connection = self._connection or self._connect()
            self._connection.sendall(data)
            while not done and (left := end - time.monotonic()) > 0:
                self._connection.settimeout(left)
                piece = self._connection.recv(_PIECE)
                received += piece
                done = not piece or wanted and received.endswith(wanted)
        except OSError:
            keep_alive = False
        if not keep_alive or not is_right(received, wanted):
            self.leave()
        return received

    def _connect(self):
        connection = socket.socket()
        connection.settimeout(self._timeout)
        if hasattr(socket, "TCP_MAXSEG"):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, _SEGMENT)
        connection.connect(self._address)
        return connection

    def leave(self):
        if self._connection:
            self._connection.close()
            self._connection = None


def ask(port, data, wanted=None, timeout=_TIMEOUT_SECONDS):
    """What came in answer to one request, over a connection of its own."""
    return Visitor(port, timeout).ask(data, wanted)


def status(received):
    """0 when there is no status line."""
    parts = bytes(received[:32]).split(b" ")
    return int(parts[1]) if len(parts) > 1 and parts[1][:3].isdigit() else 0


def is_right(received, body):
    """Whether it is a complete answer with that body."""
    return status(received) == 200 and received.endswith(b"\r\n\r\n" + body)


def crowd(port, names, setting, go_on, keep_alive=False):
    """Let a client for each of the names (json, file, post) ask once, and again as soon as it is answered, while go_on().

    Returns for each client a list of (seconds that a question took, whether the answer was right).
    """

    def visit(name):
        visitor = Visitor(port)
        request = work.request_of(name, keep_alive)
        wanted = setting.body_of(name)
        visits = []
        while not visits or go_on():
            start = time.perf_counter()
            received = visitor.ask(request, wanted, keep_alive)
            visits.append((time.perf_counter() - start, is_right(received, wanted)))
        if len(visits) > 1 and not visits[-1][1]:  # the server may have ended meanwhile
            visits.pop()
        visitor.leave()
        return visits

    with ThreadPoolExecutor(len(names)) as pool:
        return list(pool.map(visit, names))


@contextlib.contextmanager
def slow_clients(port):
    """Meanwhile one client sends its request byte by byte and one doesn't read its answer; when cut off, they come again."""
    stop = threading.Event()

    def dribble(connection):
        for byte in work.request_of("json", False):
            connection.sendall(bytes([byte]))
            if stop.wait(_PAUSE_SECONDS):
                return
        while connection.recv(_SMALL_BUFFER):
            pass

    def let_wait(connection):
        connection.sendall(work.request_of("file", False))
        while not stop.wait(_PAUSE_SECONDS) and connection.recv(16):
            pass

    def again_and_again(behave):
        while not stop.wait(_PAUSE_SECONDS):
            with contextlib.suppress(OSError), socket.socket() as connection:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL_BUFFER)
                connection.settimeout(2)
                connection.connect(("127.0.0.1", port))
                behave(connection)

    with ThreadPoolExecutor(2) as pool:
        pool.map(again_and_again, (dribble, let_wait))
        try:
            yield
        finally:
            stop.set()
