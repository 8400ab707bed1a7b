"""Clients over the loopback interface, each in a thread of its own that waits for its answer."""

import contextlib
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from .device import work
from .server_process import ServerError

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


def check_work(port, setting):
    """Ask once for each kind of work; ServerError when one isn't done as by the others."""
    for name in ("json", "file", "post"):
        wanted = setting.body_of(name)
        received = ask(port, work.request_of(name, False), wanted)
        if not is_right(received, wanted):
            size = len(received.partition(b"\r\n\r\n")[2])
            raise ServerError(f"{name}: status {status(received)}, {size} bytes of {len(wanted)}")


def keeps_connections(port, setting):
    """Whether a connection serves a second request."""
    visitor = Visitor(port)
    wanted = setting.body_of("json")
    for _ in range(2):
        kept = is_right(visitor.ask(work.request_of("json", True), wanted, True), wanted)
    visitor.leave()
    return kept


class Crowd:
    """Several clients, each asking again as soon as it is answered, `while go_on()`.

    names: for each client, what it asks for (json, file or post).
    """

    def __init__(self, port, names, setting, keep_alive=False):
        self._port = port
        self._names = names
        self._setting = setting
        self._keep_alive = keep_alive

    def run(self, go_on):
        """For each client a list of (seconds that a question took, whether the answer was right)."""
        with ThreadPoolExecutor(len(self._names)) as pool:
            return list(pool.map(lambda name: self._visit(name, go_on), self._names))

    def _visit(self, name, go_on):
        visitor = Visitor(self._port)
        request = work.request_of(name, self._keep_alive)
        wanted = self._setting.body_of(name)
        visits = []
        while go_on():
            start = time.perf_counter()
            received = visitor.ask(request, wanted, self._keep_alive)
            seconds = time.perf_counter() - start
            right = is_right(received, wanted)
            if right or go_on():  # else the server ended meanwhile
                visits.append((seconds, right))
        visitor.leave()
        return visits


class SlowClients:
    """`with SlowClients(port):` one sends its request byte by byte and one doesn't read its answer; a client that is
    cut off comes again."""

    def __init__(self, port):
        self._address = ("127.0.0.1", port)
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._again_and_again, args=(behaviour,), daemon=True)
            for behaviour in (self._dribble, self._let_wait)
        ]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self._stop.set()
        for thread in self._threads:
            thread.join(10)

    def _again_and_again(self, behaviour):
        while not self._stop.wait(_PAUSE_SECONDS):
            with contextlib.suppress(OSError), socket.socket() as connection:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL_BUFFER)
                connection.settimeout(2)
                connection.connect(self._address)
                behaviour(connection)

    def _dribble(self, connection):
        for byte in work.request_of("json", False):
            connection.sendall(bytes([byte]))
            if self._stop.wait(_PAUSE_SECONDS):
                return
        while connection.recv(_SMALL_BUFFER):
            pass

    def _let_wait(self, connection):
        connection.sendall(work.request_of("file", False))
        while not self._stop.wait(_PAUSE_SECONDS):
            if not connection.recv(16):
                return
